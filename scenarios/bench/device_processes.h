// scenarios/bench/device_processes.h: the device's programs as processes, and what the board does with them: power, the
// reset line, the watchdog, the slots. One tick is played here, as docs/how-it-runs.md says.
#pragma once
#include "device/hal/seqpacket.h"
#include "scenarios/bench/board.h"
#include "scenarios/bench/processes.h"
#include "scenarios/bench/program_words.h"

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace basalt::bench {

/// The parts that an attacker, or chance, may make die or hang.
enum class Part : std::uint8_t { guardian, boot, firmware, gateway, tpm };
inline constexpr std::array all_parts{Part::guardian, Part::boot, Part::firmware, Part::gateway, Part::tpm};
std::string_view name_of(Part part) noexcept;
std::optional<Part> part_named(std::string_view name) noexcept;

/// How the two ROM images are started. Each is given its channels' ends and its standard error, which stay open here,
/// and answers with the process, a child of this one that is killed when this one ends.
struct Programs {
    std::function<Result<pid_t>(int hal_channel, int words)> guardian;
    /// `listener`: the device's network socket; -1: it has none.
    std::function<Result<pid_t>(int boot_channel, int dose_channel, int screen_channel, int listener, int words)> boot;
};

/// The TPM's power switch.
class TpmPower {
  public:
    virtual ~TpmPower() = default;
    virtual Result<void> on() = 0;
    /// The power fails: nothing is shut down in order. Returns when it is off.
    virtual void off() noexcept = 0;
    /// The orderly end of a run.
    virtual void shut_down() noexcept { off(); }
    /// The process that is the TPM; -1 when there is none.
    virtual pid_t pid() const noexcept = 0;

  protected:
    TpmPower() = default;
    TpmPower(const TpmPower&) = default;
    TpmPower& operator=(const TpmPower&) = default;
};

/// How long the board waits, in the computer's own time, before it says that a side hangs.
struct HostBudget {
    int slot_ms = 20'000;      ///< an ordinary tick's slot
    int start_ms = 60'000;     ///< the slots of the ticks after a reset: measuring and opening the TPM's keys take time
    int guardian_ms = 20'000;  ///< the guardian itself, once nobody else can be what it waits for
    int named_ms = 1'000;      ///< after the board has said that the firmware hangs, before it says so of boot
};

/// A slot that the board closed because its time on this computer was over. Written to the run's trace: the one thing
/// in a run that its seed does not decide.
struct Overrun {
    Tick tick;
    hal::Side side = hal::Side::firmware;
    friend bool operator==(const Overrun&, const Overrun&) = default;
};

struct TickReport {
    bool done = false;  ///< false: the guardian died in this tick as often as the watchdog tries
    int resets = 0;     ///< how often the reset line was pulled
    int guardian_restarts = 0;
    std::vector<Overrun> overruns;
};

class DeviceProcesses {
  public:
    /// The board, programs and TPM must outlive this. `words`: what the programs say on their standard error, cleaned
    /// and bounded; firmware and gateway speak through boot's. No decision and no result depends on it.
    DeviceProcesses(Board& board, Programs programs, TpmPower& tpm, HostBudget budget = {},
                    const WordsSink& words = to_standard_error);
    DeviceProcesses(const DeviceProcesses&) = delete;
    DeviceProcesses& operator=(const DeviceProcesses&) = delete;
    ~DeviceProcesses() { power_off(); }

    /// The device's network socket, which stays the caller's: each boot that starts from now on hands it down. -1 (at
    /// first): none.
    void listen_on(int listener) noexcept { listener_ = listener; }

    /// TPM and guardian start. Returns when the guardian has read its memory and says its first signals: then it has
    /// pulled the reset line too, so boot runs, unless it is not provisioned.
    Result<void> power_on();
    /// Everything ends: boot and all below it first, the TPM last. Returns when all are gone.
    void power_off() noexcept;

    /// Plays the tick board.now().
    /// Rely on:  returns when the guardian has said Done, or cannot be made to. Errors are the simulator's own: a ROM
    ///           image that does not start, no more processes.
    Result<TickReport> play_tick();

    /// The badge reader, between two ticks. Errors: check_failed, when the guardian does not answer; the next tick's
    /// watchdog finds it.
    Result<hal::ReleaseTerms> ask_release();
    Result<hal::ReleaseVerdict> release(const hal::Release& release);

    /// Kills it; the next tick finds it dead. Nothing happens when it does not run.
    Result<void> kill(Part part);
    /// Stops it where it stands. Its slots are closed at once from now on, until a reset or its end; a guardian that
    /// hangs is found by the watchdog in the next tick. A TPM stays broken over resets, when killed too: nobody mends
    /// it.
    Result<void> hang(Part part);
    /// In the next tick the guardian dies just before its frame number `frame` (1 is its first) reaches the board.
    void kill_guardian_at_frame(int frame) noexcept { die_at_frame_ = frame; }

    /// The process that is this part now; nothing when it does not run.
    std::optional<pid_t> process_of(Part part) const;
    /// The pump's own screen: its end of the bus to the firmware (device/hal/screen_frames.h). Closed while no boot
    /// runs; another one after each reset.
    hal::Seqpacket& screen() noexcept { return screen_; }

  private:
    enum class Served : std::uint8_t { done, started, release_said, guardian_gone };
    Result<void> start_guardian();
    Result<void> stop_guardian();
    Result<void> start_after_watchdog(TickReport& report);
    Result<void> reset_device();
    Result<void> stop_boot_side();
    Result<Served> serve(TickReport& report, bool starting);
    Result<void> hear_release();
    bool guardian_speaks(int timeout_ms);
    int patience() const noexcept;
    bool close_next_slot(TickReport& report);
    void say_closed(hal::Side side) noexcept;

    Board& board_;
    Programs programs_;
    TpmPower& tpm_;
    HostBudget budget_;
    Process guardian_;
    Process boot_;
    hal::Seqpacket hal_;
    hal::Seqpacket screen_;
    int listener_ = -1;
    ProgramWords guardian_words_;
    ProgramWords boot_words_;
    bool tpm_broken_ = false;
    bool boot_hangs_ = false;
    bool firmware_hangs_ = false;
    bool guardian_hangs_ = false;
    bool reading_badges_ = false;
    int die_at_frame_ = 0;
    int frames_this_tick_ = 0;
    int closed_by_budget_ = 0;  // in this tick
    Tick last_reset_;
};

}  // namespace basalt::bench
