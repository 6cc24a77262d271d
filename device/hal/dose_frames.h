// device/hal/dose_frames.h: the dose channel, between the guardian and the firmware, which may be the attacker.
// Its page is docs/formats/dose-frames.md.
#pragma once
#include "device/common/codec.h"
#include "device/hal/board_frames.h"
#include "device/hal/boot_frames.h"

namespace basalt::hal {

/// One entry of the guardian's ring, as it is kept and as it is given out. 40 bytes and a checksum.
enum class RingKind : std::uint8_t {
    dose = 1,     ///< `amount` was written down at `tick`, the motor sent to `target`; `code` is a DoseSource
    trigger = 2,  ///< `code` is a row of the trigger table; `detail` says what was found
    mode = 3,     ///< the mode became `code`
    boot = 4,     ///< a BootReport, its bytes in `detail`
    correction = 5,  ///< `target` moved by `amount` without a dose; `code` is a CorrectionCause
    release = 6,     ///< two people released failsafe; `detail` says which triggers and whose badges
};
constexpr bool is_known(RingKind k) noexcept { return k >= RingKind::dose && k <= RingKind::release; }

/// `failsafe_bolus`: by the pump's own button, where the profile grants one.
enum class DoseSource : std::uint8_t { profile = 1, firmware_basal = 2, firmware_bolus = 3, failsafe_bolus = 4 };
constexpr bool is_known(DoseSource s) noexcept { return s >= DoseSource::profile && s <= DoseSource::failsafe_bolus; }

enum class CorrectionCause : std::uint8_t {
    motor = 0,       ///< the motor is not where it was sent: `amount` is how far beyond its target (negative: short of it)
    taken_back = 1,  ///< TakeBack: `amount` (negative) of the newest bolus will not be given
};
constexpr bool is_known(CorrectionCause c) noexcept { return c <= CorrectionCause::taken_back; }

/// `detail` of a release.
struct ReleaseDetail {
    std::uint64_t triggers = 0;           ///< that were released: bit N is row N of device/guardian/alarms.h
    std::array<std::uint8_t, 2> keys{};   ///< the two badges' places among the profile's release keys, from 0
    std::uint16_t unused = 0;
    template <class C> void fields(C& c) { c(triggers); c(keys); c(unused); }
};

struct RingEntry {
    std::uint32_t seq = 0;  ///< 1, 2, 3 ... without a gap, for the life of the device
    Tick tick;
    RingKind kind = RingKind::trigger;
    std::uint8_t code = 0;
    MilliUnits amount;
    MotorCount target;
    std::array<std::uint8_t, 12> detail{};
    template <class C> void fields(C& c) { c(seq); c(tick); c(kind); c(code); c(amount); c(target); c(detail); }
};
inline constexpr std::size_t ring_entries_a_frame = 16;

// ---- guardian to firmware ---------------------------------------------------------------------------------------------

/// Once after each reset. The TPM's channel key signs SHA-256("basalt channel 1" || nonce) under the measured state.
struct Challenge {
    static constexpr std::uint8_t number = 1;
    std::array<std::uint8_t, 32> nonce{};
    template <class C> void fields(C& c) { c(nonce); }
};

/// The answer to ShareRequest. The share is given once per reset; later requests get `given` false.
struct Share {
    static constexpr std::uint8_t number = 2;
    bool given = false;
    std::array<std::uint8_t, 32> share{};
    template <class C> void fields(C& c) { c(given); c(share); }
};

/// Hard limits of the signed profile. Each is >= 0.
struct DoseLimits {
    MilliUnits per_dose;               ///< at once
    MilliUnits per_hour;               ///< any 60 minutes in a row
    MilliUnits beyond_profile_in_4_h;  ///< any four hours in a row: insulin beyond what the profile gives by itself
    MilliUnits per_day;                ///< any 24 hours in a row
    std::uint8_t doses_per_hour = 0;   ///< any 60 minutes in a row; the twelve basal doses are in it
    template <class C> void fields(C& c) {
        c(per_dose); c(per_hour); c(beyond_profile_in_4_h); c(per_day); c(doses_per_hour);
    }
};

/// The answer to Proof. `limits` are all 0 unless it was accepted: what the firmware keeps within, so that a person hears
/// of a limit before the guardian has to refuse.
struct Welcome {
    static constexpr std::uint8_t number = 3;
    bool accepted = false;
    Mode mode = Mode::start_up;
    DoseLimits limits;
    template <class C> void fields(C& c) { c(accepted); c(mode); c(limits); }
};

/// The firmware's part of the tick begins. It ends with SlotEnd.
struct FirmwareTick {
    static constexpr std::uint8_t number = 4;
    Tick tick;
    SecondOfDay second_of_day;
    bool clock_ok = true;
    Mode mode = Mode::start_up;
    GatewayState gateway = GatewayState::down;
    bool basal_due = false;       ///< the slot of this tick has no basal dose yet: one basal request is expected in this tick
    MotorCount motor;             ///< what really moved
    MotorCount target;            ///< where it was last sent
    std::uint32_t ring_last = 0;  ///< sequence number of the newest ring entry
    std::uint64_t alarms = 0;
    std::uint32_t presses = 0;    ///< short presses of the pump's own button so far, since the guardian started
    bool pressed = false;         ///< the button is down: what becomes a short press then began before this tick
    Sensors sensors;
    template <class C> void fields(C& c) {
        c(tick); c(second_of_day); c(clock_ok); c(mode); c(gateway); c(basal_due); c(motor); c(target); c(ring_last);
        c(alarms); c(presses); c(pressed); c(sensors);
    }
};

/// One basal dose for each slot of this length; slot N begins at tick N * this. Due at the first tick played in it.
inline constexpr std::uint64_t basal_slot_s = 300;

/// Why a request was refused. Its words stand in storage/event_words.cpp. `accepted` is 0.
enum class DoseVerdict : std::uint8_t {
    accepted = 0,
    not_positive,
    over_dose,        ///< more than one dose may be
    over_hour,        ///< any 60 minutes
    over_cap,         ///< beyond the profile in any 4 hours: a person must confirm at the pump
    over_day,         ///< any 24 hours
    too_many,         ///< more doses an hour than the ring can remember for a day
    twice_in_slot,    ///< a basal dose was due in this tick, and the slot already has it
    not_due,          ///< a basal request in a tick in which none was due, or a request outside the firmware's turn
    wrong_mode,       ///< not in normal mode
    motor_behind,     ///< the motor has not yet done what it was told
};
constexpr bool is_known(DoseVerdict v) noexcept { return v <= DoseVerdict::motor_behind; }

struct DoseAnswer {
    static constexpr std::uint8_t number = 5;
    std::uint32_t request_id = 0;
    DoseVerdict verdict = DoseVerdict::wrong_mode;
    std::uint32_t ring_seq = 0;  ///< of the dose, when accepted
    template <class C> void fields(C& c) { c(request_id); c(verdict); c(ring_seq); }
};

/// The answer to RingRequest: `count` entries; `oldest` is the oldest that the ring still holds.
struct RingEntries {
    static constexpr std::uint8_t number = 6;
    std::uint8_t count = 0;  ///< 0 to ring_entries_a_frame
    std::uint32_t oldest = 0;
    std::uint32_t newest = 0;
    std::array<RingEntry, ring_entries_a_frame> entries{};
    template <class C> void fields(C& c) { c(count); c(oldest); c(newest); c(entries); }
};

/// The answer to TakeBack. `amount` will not be given: 0 when the newest dose is no bolus of the firmware, or has moved.
struct TakenBack {
    static constexpr std::uint8_t number = 7;
    std::uint32_t request_id = 0;
    MilliUnits amount;
    std::uint32_t ring_seq = 0;  ///< of the correction, when anything was taken back
    template <class C> void fields(C& c) { c(request_id); c(amount); c(ring_seq); }
};

/// The answer to StopRequest and ResumeRequest: the mode that follows.
struct ModeAnswer {
    static constexpr std::uint8_t number = 8;
    bool accepted = false;
    Mode mode = Mode::start_up;
    template <class C> void fields(C& c) { c(accepted); c(mode); }
};

// ---- firmware to guardian ---------------------------------------------------------------------------------------------

/// ECDSA P-256 signature of the Challenge by the channel key: r then s, 32 bytes each, big endian. All zeros, which fit no
/// challenge, say that the TPM did not sign: the guardian then knows at once, and says so.
struct Proof {
    static constexpr std::uint8_t number = 64;
    std::array<std::uint8_t, 64> signature{};
    template <class C> void fields(C& c) { c(signature); }
};

struct ShareRequest {
    static constexpr std::uint8_t number = 65;
    template <class C> void fields(C&) {}
};

enum class DoseKind : std::uint8_t { basal = 1, bolus = 2 };
constexpr bool is_known(DoseKind k) noexcept { return k == DoseKind::basal || k == DoseKind::bolus; }

/// Asks for insulin. Answered by DoseAnswer at once. A basal request of 0 says "none wanted in this slot" (accepted,
/// gives nothing); a basal slot without any request gets the profile's dose from the guardian.
struct DoseRequest {
    static constexpr std::uint8_t number = 66;
    std::uint32_t request_id = 0;
    MilliUnits amount;
    DoseKind kind = DoseKind::basal;
    template <class C> void fields(C& c) { c(request_id); c(amount); c(kind); }
};

struct RingRequest {
    static constexpr std::uint8_t number = 67;
    std::uint32_t from = 0;  ///< first sequence number wanted
    template <class C> void fields(C& c) { c(from); }
};

/// What only the firmware can notice. Each has its row in the guardian's trigger table.
enum class Finding : std::uint8_t {
    tpm_gone = 1,
    storage_damaged = 2,
    log_broken = 3,
    ring_rolled_back = 4,  ///< the database has seen a later ring entry than the guardian's newest
    storage_full = 5,      ///< nothing can be put on record for now; said again every half hour while it lasts
};
constexpr bool is_known(Finding f) noexcept { return f >= Finding::tpm_gone && f <= Finding::storage_full; }

struct FindingReport {
    static constexpr std::uint8_t number = 68;
    Finding finding = Finding::storage_damaged;
    template <class C> void fields(C& c) { c(finding); }
};

/// The firmware's part of the tick is over. Closes its slot. `next`: the firmware wants a tick no later than this.
/// `emergency_access`: somebody opened it, and it is open. The guardian lights its row of the alarms for that, and does
/// nothing else with it: a hostile firmware can light the row or hide it, and gains no insulin by either.
struct SlotEnd {
    static constexpr std::uint8_t number = 69;
    Tick tick;
    Tick next;
    bool emergency_access = false;
    template <class C> void fields(C& c) { c(tick); c(next); c(emergency_access); }
};

/// A person cancelled the bolus: what the motor has not moved of the newest dose, if that is a firmware's bolus, is not to
/// be given. Insulin of the profile or a basal dose cannot be taken back, so this withholds nothing that a person needs.
/// Answered by TakenBack at once.
struct TakeBack {
    static constexpr std::uint8_t number = 70;
    std::uint32_t request_id = 0;
    template <class C> void fields(C& c) { c(request_id); }
};

/// A person stopped the pump from afar, as by the held button; in failsafe only that stops. Answered by ModeAnswer.
struct StopRequest {
    static constexpr std::uint8_t number = 71;
    template <class C> void fields(C&) {}
};

/// A person resumes. Accepted only when the guardian itself saw a short press of the pump's button in the last
/// resume_press_s seconds, and failsafe latched nothing: no message alone starts delivery. Answered by ModeAnswer.
struct ResumeRequest {
    static constexpr std::uint8_t number = 72;
    template <class C> void fields(C&) {}
};
inline constexpr std::uint64_t resume_press_s = 30;

using DoseFrames = FrameSet<'D', Challenge, Share, Welcome, FirmwareTick, DoseAnswer, RingEntries, TakenBack, ModeAnswer,
                            Proof, ShareRequest, DoseRequest, RingRequest, FindingReport, SlotEnd, TakeBack, StopRequest,
                            ResumeRequest>;

}  // namespace basalt::hal
