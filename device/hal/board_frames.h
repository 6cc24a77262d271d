// device/hal/board_frames.h: the guardian's only view of the world: the board's sensors, clock, memory and motor.
// In the simulator the board is the bench; on a real pump it is a driver for each seam. The page is
// docs/formats/hal-frames.md.
#pragma once
#include "device/common/codec.h"
#include "device/common/units.h"

namespace basalt::hal {

/// What the board's sensors say at a tick. Values are raw: whether one is plausible is the guardian's to judge.
struct Sensors {
    std::uint16_t glucose_mg_dl = 0;     ///< newest reading of the glucose sensor; 0: none
    std::uint32_t glucose_age_s = 0;     ///< seconds since that reading
    std::uint16_t pressure_kpa = 0;      ///< in the infusion line, above ambient
    std::uint16_t light_lux = 0;         ///< inside the case
    std::int16_t temperature_dc = 250;   ///< 0.1 degree Celsius
    std::uint16_t supply_mv = 0;         ///< voltage at the processor
    std::uint8_t battery_percent = 0;
    MilliUnits reservoir;                ///< insulin left
    bool case_open = false;
    template <class C> void fields(C& c) {
        c(glucose_mg_dl); c(glucose_age_s); c(pressure_kpa); c(light_lux); c(temperature_dc); c(supply_mv);
        c(battery_percent); c(reservoir); c(case_open);
    }
};

/// The pump's persistent memory is this many bytes; the guardian alone reads and writes it.
inline constexpr std::uint32_t memory_size = 64 * 1024;
inline constexpr std::size_t memory_chunk = 1024;
/// How fast the motor pushes while it moves: 1.5 U a minute. A board's motor that is faster or slower is taken for a
/// fault (motor_ahead, motor_stalled): whoever fits another motor changes it here, and nowhere else.
inline constexpr std::int64_t motor_mu_per_s = 25;
/// It stands still for up to so long after it was told where to go.
inline constexpr std::int64_t motor_start_s = 2;

// ---- board to guardian ------------------------------------------------------------------------------------------------

/// The answer to MemoryRead.
struct MemoryData {
    static constexpr std::uint8_t number = 1;
    std::uint32_t offset = 0;
    Bytes<memory_chunk> data;
    template <class C> void fields(C& c) { c(offset); c(data); }
};

/// It is `tick`. The guardian answers with what it wants done, and last of all with Done.
struct TickFrame {
    static constexpr std::uint8_t number = 2;
    Tick tick;
    SecondOfDay second_of_day;
    bool clock_ok = true;          ///< false: the time of day was lost
    bool button_down = false;      ///< the pump's own button is held at this moment
    MotorCount motor;              ///< what really moved so far
    Sensors sensors;
    template <class C> void fields(C& c) { c(tick); c(second_of_day); c(clock_ok); c(button_down); c(motor); c(sensors); }
};

enum class Side : std::uint8_t { boot = 1, firmware = 2 };
constexpr bool is_known(Side s) noexcept { return s == Side::boot || s == Side::firmware; }

/// The side that the guardian waits for will not answer in this tick: it hangs. The guardian has no clock of its own to
/// find that out; the board's watchdog says it.
struct SlotClosed {
    static constexpr std::uint8_t number = 3;
    Side side = Side::firmware;
    template <class C> void fields(C& c) { c(side); }
};

/// The reset line was released: the TPM and the firmware side start from zero. In the process binding this frame brings
/// two descriptors with it: the boot channel, then the dose channel.
struct ResetDone {
    static constexpr std::uint8_t number = 4;
    template <class C> void fields(C&) {}
};

/// The answer to MemorySync.
struct MemorySynced {
    static constexpr std::uint8_t number = 5;
    template <class C> void fields(C&) {}
};

/// What two people sign to release failsafe: SHA-256(release_domain || nonce || device || triggers), the fields as they go
/// over the channel.
struct ReleaseTerms {
    std::array<std::uint8_t, 32> nonce{};   ///< of this guardian, for this moment: another after each reset, latch and release
    std::array<std::uint8_t, 16> device{};
    std::uint64_t triggers = 0;             ///< what is latched: bit N is row N of device/guardian/alarms.h
    template <class C> void fields(C& c) { c(nonce); c(device); c(triggers); }
};
inline constexpr std::string_view release_domain = "basalt release 1\n";

/// Two people are at the badge reader: what shall they sign? Answered by ReleaseChallenge.
struct ReleaseAsk {
    static constexpr std::uint8_t number = 6;
    template <class C> void fields(C&) {}
};

/// One badge's signature. `key` is its place among the profile's release keys, from 0.
struct BadgeSignature {
    std::uint8_t key = 0;
    std::array<std::uint8_t, 64> signature{};  ///< ECDSA P-256: r then s, big endian
    template <class C> void fields(C& c) { c(key); c(signature); }
};

/// Two badges signed `terms`. Answered by ReleaseAnswer. The signatures are held against the guardian's own terms; those
/// given here only tell why they do not fit. Taken between two ticks; the board plays the next tick at once.
struct Release {
    static constexpr std::uint8_t number = 7;
    ReleaseTerms terms;
    std::uint32_t day = 0;  ///< by the board's clock, days since 1 January 1970; 0: the clock was lost
    std::array<BadgeSignature, 2> by{};
    template <class C> void fields(C& c) { c(terms); c(day); c(by); }
};

// ---- guardian to board ------------------------------------------------------------------------------------------------

/// Asks for `size` (1 to memory_chunk) bytes of persistent memory from `offset`.
struct MemoryRead {
    static constexpr std::uint8_t number = 64;
    std::uint32_t offset = 0;
    std::uint16_t size = 0;
    template <class C> void fields(C& c) { c(offset); c(size); }
};

/// Writes persistent memory. The board obeys frames in their order: what is written before a Move is there before it moves.
/// Power may fail between any two bytes of it.
struct MemoryWrite {
    static constexpr std::uint8_t number = 65;
    std::uint32_t offset = 0;
    Bytes<memory_chunk> data;
    template <class C> void fields(C& c) { c(offset); c(data); }
};

/// "Move to count `target`". A target at or behind the motor's count moves nothing: it never pulls back.
struct MotorMove {
    static constexpr std::uint8_t number = 66;
    MotorCount target;
    template <class C> void fields(C& c) { c(target); }
};

/// Pulls the reset line: everything but guardian and motor goes to zero, the TPM included.
struct PullReset {
    static constexpr std::uint8_t number = 67;
    template <class C> void fields(C&) {}
};

enum class Mode : std::uint8_t { start_up = 0, normal = 1, failsafe = 2, stopped = 3 };
constexpr bool is_known(Mode m) noexcept { return m <= Mode::stopped; }

enum class Priority : std::uint8_t { none = 0, low = 1, medium = 2, high = 3 };
constexpr bool is_known(Priority p) noexcept { return p <= Priority::high; }

/// Light, sound and lines, as they shall be from now on. `alarms` has bit N for the row N of device/guardian/alarms.h.
struct Signals {
    static constexpr std::uint8_t number = 68;
    Mode mode = Mode::start_up;
    Priority light = Priority::none;
    Priority sound = Priority::none;
    bool network_isolated = false;
    std::uint64_t alarms = 0;
    template <class C> void fields(C& c) { c(mode); c(light); c(sound); c(network_isolated); c(alarms); }
    friend bool operator==(const Signals&, const Signals&) = default;
};

/// The tick is over. Nothing happens in the guardian before `next`, unless a person acts.
struct Done {
    static constexpr std::uint8_t number = 69;
    Tick tick;
    Tick next;  ///< later than `tick`
    template <class C> void fields(C& c) { c(tick); c(next); }
};

/// Asks for MemorySynced, which comes when every MemoryWrite before this frame is done whole; was one not, it never comes.
/// Boot and firmware hear of nothing that the memory could still lose: what they put on record themselves would then
/// rest on a guardian that no longer knows of it.
struct MemorySync {
    static constexpr std::uint8_t number = 70;
    template <class C> void fields(C&) {}
};

struct ReleaseChallenge {
    static constexpr std::uint8_t number = 71;
    ReleaseTerms terms;
    template <class C> void fields(C& c) { c(terms); }
};

/// Why failsafe is not released, in the order in which it is looked at. Its words stand in scenarios/bench/release.cpp.
enum class ReleaseVerdict : std::uint8_t {
    released = 0,
    later,            ///< a tick is being played, or two releases were tried since the last one
    not_in_failsafe,  ///< nothing is latched that failsafe follows from
    old_nonce,
    other_device,
    other_triggers,
    unknown_badge,    ///< the profile has no such release key
    same_badge,
    same_role,
    wrong_role,       ///< they are not a physician and a biomedical engineer
    day_unknown,
    expired,
    bad_signature,
    no_room,          ///< the ring has no room to put it on record today
};
constexpr bool is_known(ReleaseVerdict v) noexcept { return v <= ReleaseVerdict::no_room; }

struct ReleaseAnswer {
    static constexpr std::uint8_t number = 72;
    ReleaseVerdict verdict = ReleaseVerdict::later;
    template <class C> void fields(C& c) { c(verdict); }
};

using BoardFrames = FrameSet<'H', MemoryData, TickFrame, SlotClosed, ResetDone, MemorySynced, ReleaseAsk, Release, MemoryRead,
                             MemoryWrite, MotorMove, PullReset, Signals, Done, MemorySync, ReleaseChallenge, ReleaseAnswer>;

}  // namespace basalt::hal
