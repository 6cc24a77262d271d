// device/guardian/step.h: everything that the guardian decides, as one pure function: what is known, and what arrived,
// give what is known next, and what to do. It reads no clock, no channel and no memory but what is handed in.
#pragma once
#include "device/guardian/alarms.h"
#include "device/guardian/memory.h"
#include "device/guardian/mode.h"
#include "device/hal/dose_frames.h"

#include <variant>

namespace basalt::guardian {

/// Whom the guardian waits for. Only that side (and the board) needs to be read: what the others said meanwhile is read
/// in their turn, so that a run does not depend on who was faster.
enum class Waiting : std::uint8_t { board, boot, firmware };

/// The pump's memory was read: State::kept is filled.
struct Started {};
/// A channel ended: that side is dead.
struct Ended {
    hal::Side side;
};
/// What is no frame of its channel, or one that is not allowed now.
struct BadFrame {
    hal::Side side;
};
using Input =
    std::variant<Started, Ended, BadFrame, hal::TickFrame, hal::SlotClosed, hal::ResetDone, hal::BootReport,
                 hal::BootDone, hal::Proof, hal::ShareRequest, hal::DoseRequest, hal::RingRequest, hal::FindingReport,
                 hal::SlotEnd, hal::TakeBack, hal::StopRequest, hal::ResumeRequest, hal::ReleaseAsk, hal::Release>;

/// Write this to its half. As it was when it was said: the state goes on in the same step, and a header that knew of an
/// entry which is cut before it is written would make the ring look damaged.
struct WriteHeader {
    Header header;
};
/// Write entry `seq` of State::kept.ring to its place.
struct WriteEntry {
    std::uint32_t seq;
};
/// Answer with ring entries from `from` on, up to `newest`: the newest when it was said.
struct GiveRing {
    std::uint32_t from, newest;
};
using Effect =
    std::variant<WriteHeader, WriteEntry, GiveRing, hal::MotorMove, hal::PullReset, hal::Signals, hal::Done,
                 hal::BootStart, hal::BootTick, hal::Challenge, hal::Share, hal::Welcome, hal::FirmwareTick,
                 hal::DoseAnswer, hal::TakenBack, hal::ModeAnswer, hal::ReleaseChallenge, hal::ReleaseAnswer>;

/// What is to be done, in this order: a dose is written down before its motor moves, whatever is cut between.
class Effects {
  public:
    static constexpr std::size_t most = 64;
    void add(const Effect& effect) noexcept {
        if (size_ == most) __builtin_trap();  // a bug of ours: the motor stops, and the watchdog starts us anew
        effects_[size_++] = effect;
    }
    const Effect* begin() const noexcept { return effects_.data(); }
    const Effect* end() const noexcept { return effects_.data() + size_; }
    std::size_t size() const noexcept { return size_; }

  private:
    std::array<Effect, most> effects_;
    std::size_t size_ = 0;
};

/// All that is known. The part that outlives a restart is `kept`; the rest begins as it stands here.
struct State {
    Kept kept;
    hal::Mode mode = hal::Mode::start_up;
    std::uint64_t alarms = 0;                  ///< that are shown
    std::uint64_t unlogged = 0;                ///< raised before the first tick: they get their ring entry at it
    std::array<Tick, trigger_count> raised{};  ///< when each was raised last
    bool started = false, ticked = false;      ///< there was a Started, a first tick
    bool header_changed = false;
    hal::TickFrame tick;  ///< the last one
    Waiting waiting = Waiting::board;
    bool ticking = false;  ///< between TickFrame and Done

    // The firmware side: boot and what boot launched.
    bool reset_pulled = false, reset_done = false;  ///< the line is held until both, and until hold_until
    Tick hold_until;
    bool boot_up = false, boot_reported = false, firmware_up = false;
    bool accepted = false, share_given = false;  ///< since the reset
    std::uint8_t proofs = 0;                     ///< tried since the reset
    bool to_be_anchored = false;                 ///< a latch is newer than the generation of the last BootStart
    Tick reset_not_before;                       ///< until then the answer to a person's wish is on its way to them
    Digest nonce{};
    hal::GatewayState gateway = hal::GatewayState::down;
    Tick firmware_wish;                        ///< it wants a tick no later than this
    std::uint32_t frames = 0, bad_frames = 0;  ///< from the firmware in this slot, from anyone in this tick

    // This tick's basal slot, and the motor.
    bool slot_begun = false;    ///< it had no dose when this tick began: the firmware was told that one is due
    bool slot_due = false;      ///< it has no dose yet
    SlotDose slot_dose;         ///< what the profile gives in it
    bool motor_behind = false;  ///< at the beginning of this tick
    Tick moving_since;
    MotorCount moving_from;

    // The button and the sound.
    bool pressed = false, press_used = false;
    std::uint32_t presses = 0;  ///< short ones
    Tick pressed_since, quiet_until;
    Tick resume_until;                    ///< until then the last short press is good for one ResumeRequest
    std::array<Tick, 3> short_presses{};  ///< the last ones, newest first
    std::uint64_t quiet = 0;              ///< alarms whose sound is paused
    hal::Signals shown;

    std::uint8_t releases = 0;  ///< tried since the last tick
};

/// Rely on: total: no input is out of place, in no state; what may not be is dropped, and counted. Changes `state`
/// alone.
void step(State& state, const Input& input, Effects& effects) noexcept;

/// The network is held off: after repeated crashes, until a person rejoins it; and in failsafe.
bool network_isolated(const State& state) noexcept;

}  // namespace basalt::guardian
