// device/firmware/therapy/bolus.h: the life of one bolus: proposed -> read back -> confirmed -> given in portions ->
// ended. Pure: each function takes a bolus and what is known, and returns the bolus that follows. Page:
// docs/formats/therapy.md.
#pragma once
#include "device/firmware/therapy/account_name.h"
#include "device/firmware/therapy/dose_room.h"
#include "device/firmware/therapy/words.h"

#include <expected>
#include <optional>

namespace basalt::firmware {

enum class BolusState : std::uint8_t {
    none,
    proposed,     ///< waits for a person to confirm what was read back
    running,      ///< portions are asked for
    done,         ///< all of it moved
    cancelled,    ///< by a person, at any time before `done`
    refused,      ///< the guardian, or its limits, refused a portion: `verdict` says why
    interrupted,  ///< by a restart, another mode, a stop, a halted motor, or its time
    expired,      ///< not confirmed in time
};
constexpr bool is_known(BolusState s) noexcept { return s <= BolusState::expired; }

enum class BolusReason : std::uint8_t { meal, correction, meal_and_correction, by_hand };
constexpr bool is_known(BolusReason r) noexcept { return r <= BolusReason::by_hand; }

/// What a person does not confirm in this time is not given: glucose and mind change.
inline constexpr std::uint64_t confirm_within_s = 120;
/// What is not given by then is not given: the meal that it was for is over. The motor needs 20 minutes for 30 units.
inline constexpr std::uint64_t give_within_s = 1'800;
/// No portion is smaller, but the last: each takes one of the few requests that the guardian accepts in an hour. 20 s
/// of the motor.
inline constexpr MilliUnits least_portion{500};

/// All that must outlive a loss of power: keep it by to_text() of kept.h when it changed, with the same commit as the
/// ring's entries. What happened after that stands in the guardian's ring.
struct Bolus {
    static constexpr std::uint8_t number = 1;
    std::uint32_t id = 0;  ///< 1, 2, 3 ... for the life of the device
    BolusState state = BolusState::none;
    MilliUnits amount{};
    BolusReason reason = BolusReason::by_hand;
    AccountName who{};         ///< the account that ordered and confirmed it
    MilliUnits suggested{-1};  ///< by the calculator; negative: it was not asked
    Tick proposed_at{}, confirmed_at{}, ended_at{};
    AccountName ended_by{};  ///< the account that cancelled it
    hal::DoseVerdict verdict = hal::DoseVerdict::accepted;

    MilliUnits portion{};             ///< what is asked for at once
    std::uint8_t portions = 0;        ///< asked for so far
    MilliUnits asked{};               ///< of the portion whose answer is not known; 0: none
    std::uint32_t ring_seen = 0;      ///< the last entry of the guardian's ring that is in the fields below
    MilliUnits accepted{};            ///< what the guardian wrote down
    MilliUnits last{}, last_short{};  ///< the last portion, and what of it the motor did not move and will not
    MotorCount last_end{};            ///< where the motor stands when all of the last portion has moved
    bool halted = false;              ///< the motor was halted since the last dose
    bool settled = true;              ///< last_short will not change any more
    bool exact = true;                ///< no entry of the ring was missed
    // clang-format off
    template <class C> void fields(C& c) {
        c(id); c(state); c(amount); c(reason); c(who); c(suggested); c(proposed_at); c(confirmed_at); c(ended_at); c(ended_by);
        c(verdict); c(portion); c(portions); c(asked); c(ring_seen); c(accepted); c(last); c(last_short);
        c(last_end); c(halted); c(settled); c(exact);
    }
    // clang-format on
};

/// What was given of it, or is still moving and will be.
constexpr MilliUnits given(const Bolus& b) noexcept { return b.accepted - b.last_short; }
/// What of that the motor has not moved yet.
MilliUnits still_moving(const Bolus& bolus, MotorCount motor) noexcept;
constexpr bool is_over(const Bolus& b) noexcept {
    return b.state != BolusState::proposed && b.state != BolusState::running;
}

/// What a bolus depends on, at one moment.
struct Moment {
    Tick now{};
    hal::Mode mode = hal::Mode::start_up;
    MotorCount motor{}, target{};
    std::uint32_t ring_newest = 0;
    Room room{};  ///< room() of dose_room.h
};

enum class BolusFault : std::uint8_t {
    another_one,   ///< the one before is not over
    not_settable,  ///< not 0.05 to 30 units in steps of 0.05
    bad_name,      ///< the account's name is empty, longer than 32 bytes, or of other characters than a-z 0-9 . _ : -
    above_patient_limit,
    no_room,  ///< a limit of the pump: `verdict`
    not_normal,
    stopped,       ///< by a person, or because no profile holds: nothing is delivered
    not_proposed,  ///< nothing waits for a confirmation
    other_amount,  ///< what is confirmed is not what was read back
    other_person,
    too_late,
    not_running,  ///< nothing to cancel
};
struct BolusRefusal {
    BolusFault fault;
    hal::DoseVerdict verdict = hal::DoseVerdict::accepted;
    friend constexpr bool operator==(const BolusRefusal&, const BolusRefusal&) = default;
};
using BolusOr = std::expected<Bolus, BolusRefusal>;

struct BolusOrder {
    MilliUnits amount{};
    BolusReason reason = BolusReason::by_hand;
    std::string_view who;
    std::optional<MilliUnits> suggested{};
};

/// `current` is over, or none; the new one has the next id. `patient_limit`: of one bolus, as far as this person may
/// go.
BolusOr propose(const Bolus& current, const BolusOrder& order, MilliUnits patient_limit, const Moment& at);
/// Exactly what was read back, by the same account, in time; limits and mode are looked at again. Keep the result
/// before the first portion is asked for.
BolusOr confirm(const Bolus& bolus, MilliUnits amount, std::string_view who, const Moment& at);
/// Nothing is asked for from this call on. What the guardian has written down still moves (still_moving()): at most one
/// portion; a person can halt it by stopping the pump.
BolusOr cancel(const Bolus& bolus, std::string_view who, Tick now);

struct PortionRequest {
    std::uint32_t request_id;  ///< has its highest bit set, as no basal request has
    MilliUnits amount;
};
struct Step {
    Bolus bolus;
    std::optional<PortionRequest> ask;  ///< put it on record, then ask the guardian for it, in this tick
};
/// Once in each tick, after the ring was read, while it is running (or has just ended by itself).
/// Rely on:  never more than one portion in a tick; none before the motor has done the one before, or while its answer
///           is not known; all of them together are never more than the amount.
Step advance(const Bolus& bolus, const Moment& at);
/// The guardian's answer. An accepted portion counts when its ring entry comes: note_ring().
Bolus note_answer(const Bolus& bolus, std::uint32_t request_id, hal::DoseVerdict verdict, Tick now);
/// Each entry of the ring, in order; those that were seen are ignored, and those that have nothing to do with it, too.
Bolus note_ring(const Bolus& bolus, const hal::RingEntry& entry);
/// After the ring was read to its end: a bolus that is over and whose last portion the motor has done is `settled`, and
/// no later entry of the ring can change it. One whose answer never came is waited for as long as a bolus may take.
Bolus settle(const Bolus& bolus, MotorCount motor, Tick now);
/// Over, and what was given of it will not change any more.
constexpr bool is_final(const Bolus& b) noexcept { return is_over(b) && b.settled && b.asked <= MilliUnits{}; }
/// The first thing that a firmware does with a bolus that it finds kept. The rest is never given by itself.
Bolus after_restart(const Bolus& kept, Tick now);

/// Amount, what for, who, how long; and a warning where it is twice what was calculated, or the calculation was zero.
Sentence read_back(const Bolus& bolus);
/// How it stands, or ended: what was given, exactly, and what of it still moves.
Sentence in_words(const Bolus& bolus, MotorCount motor);
Sentence in_words(const BolusRefusal& refusal, MilliUnits asked, MilliUnits patient_limit, const DoseRoom& room);

}  // namespace basalt::firmware
