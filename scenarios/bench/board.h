// scenarios/bench/board.h: the board as the guardian sees it: motor, persistent memory, clock, sensors, button, and the
// lines that it can pull. Pure but for the memory, which comes in: it knows nothing of processes, so a test, a campaign
// and the simulator use the same one. The frames are those of device/hal/board_frames.h.
#pragma once
#include "device/hal/board_frames.h"
#include "device/hal/port.h"
#include "pump_model/motor.h"

#include <optional>

namespace basalt::bench {

/// Where the guardian's persistent memory is kept: hal::memory_size bytes.
class MemoryStore {
  public:
    virtual ~MemoryStore() = default;
    /// Both take only what lies whole inside the memory. False: it could not be read or written.
    virtual bool read(std::uint32_t offset, std::span<std::uint8_t> into) noexcept = 0;
    virtual bool write(std::uint32_t offset, ByteView data) noexcept = 0;

  protected:
    MemoryStore() = default;
    MemoryStore(const MemoryStore&) = default;
    MemoryStore& operator=(const MemoryStore&) = default;
};

/// What the board itself keeps over a loss of power: a piston's place, a buffered clock, the insulin that is left.
struct BoardRecord {
    Tick tick;                  ///< the last tick that was played, or is about to be
    SecondOfDay second_of_day;  ///< at `tick`
    bool clock_ok = true;       ///< the time of day was never lost
    std::int64_t motor_mu = 0;  ///< >= 0
    std::int64_t reservoir_mu = 300'000;
    friend bool operator==(const BoardRecord&, const BoardRecord&) = default;
};

/// What a frame of the guardian asks of those who own the programs and the time.
enum class Asked : std::uint8_t {
    nothing,       ///< the board has done it alone
    signals,       ///< light, sound and lines changed: signals() says how
    reset,         ///< pull the reset line, then answer with ResetDone
    release_said,  ///< release_terms() or release_verdict() has the guardian's answer to the badge reader
    done,          ///< the tick is over; next() says when the guardian wants the next
    refused,       ///< no frame that a guardian can send, or a Done for another tick: nothing was done
    memory_lost,   ///< a MemoryWrite was not done, now or before: nothing that this guardian says is done any more
};

class Board {
  public:
    Board(MemoryStore& memory, const BoardRecord& record) noexcept;

    // ---- the world's side
    // --------------------------------------------------------------------------------------------
    Tick now() const noexcept { return now_; }
    /// Lets time pass. Returns what the motor pushed out meanwhile, in mU (>= 0).
    std::int64_t advance(std::uint64_t seconds) noexcept;
    /// Where the world writes what the sensors see. reservoir is the board's own and is overwritten.
    hal::Sensors& sensors() noexcept { return sensors_; }
    const hal::Sensors& sensors() const noexcept { return sensors_; }
    pump_model::Motor& motor() noexcept { return motor_; }
    const pump_model::Motor& motor() const noexcept { return motor_; }
    void hold_button(bool down) noexcept { button_down_ = down; }
    /// The clock's battery was out: the time of day is not known until somebody sets it.
    void lose_clock() noexcept { clock_ok_ = false; }
    BoardRecord record() const noexcept;

    // ---- the guardian's side
    // -----------------------------------------------------------------------------------------
    /// It is now(): the frame that begins the tick.
    hal::TickFrame begin_tick() noexcept;
    /// Serves one frame of the guardian; what it asked for goes out through `guardian`.
    /// Rely on: a frame is served only when every MemoryWrite before it was done whole. A dose is written down before
    ///          the motor is told; was it not written, the motor is not told. Only guardian_died() ends this: the next
    ///          guardian begins with what the memory really holds.
    Asked serve(ByteView frame, hal::Port& guardian) noexcept;
    /// The guardian's program is dead: the motor stops where it is, at once. The signals stay as they were: light and
    /// buzzer have a latch of their own.
    void guardian_died() noexcept {
        motor_.power_off();
        memory_lost_ = false;
    }
    /// A MemoryWrite of this guardian was not done.
    bool memory_lost() const noexcept { return memory_lost_; }

    const hal::Signals& signals() const noexcept { return signals_; }
    /// When the guardian wants its next tick: later than now().
    Tick next() const noexcept { return next_; }
    /// What the guardian answered last to ReleaseAsk and to Release.
    const hal::ReleaseTerms& release_terms() const noexcept { return release_terms_; }
    hal::ReleaseVerdict release_verdict() const noexcept { return release_verdict_; }
    std::uint64_t frames_refused() const noexcept { return frames_refused_; }

  private:
    Asked refuse() noexcept {
        ++frames_refused_;
        return Asked::refused;
    }
    Asked obey(const hal::MemoryRead& frame, hal::Port& guardian) noexcept;
    Asked obey(const hal::MemoryWrite& frame) noexcept;
    Asked lose_memory() noexcept {
        memory_lost_ = true;
        ++frames_refused_;
        return Asked::memory_lost;
    }
    Asked obey(const hal::MotorMove& frame) noexcept;
    Asked obey(const hal::Done& frame) noexcept;

    MemoryStore* memory_;
    pump_model::Motor motor_;
    Tick now_;
    std::uint32_t second_of_day_;
    bool clock_ok_;
    bool button_down_ = false;
    bool in_tick_ = false;
    bool memory_lost_ = false;
    hal::Sensors sensors_;
    hal::Signals signals_;
    Tick next_;
    hal::ReleaseTerms release_terms_;
    hal::ReleaseVerdict release_verdict_ = hal::ReleaseVerdict::later;
    std::uint64_t frames_refused_ = 0;
};

}  // namespace basalt::bench
