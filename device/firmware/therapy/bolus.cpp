#include "device/firmware/therapy/bolus.h"

#include "device/firmware/therapy/typed_number.h"

#include <algorithm>

namespace basalt::firmware {
namespace {
using enum BolusState;
/// A portion that fits into no slot is asked for at a slot's begin, as soon as the motor has done the basal dose.
constexpr std::uint64_t too_late_to_wait_s = 60;

std::unexpected<BolusRefusal> refuse(BolusFault fault, hal::DoseVerdict verdict = hal::DoseVerdict::accepted) {
    return std::unexpected{BolusRefusal{fault, verdict}};
}

/// What stands against a bolus of this amount at this moment.
std::optional<BolusRefusal> objection(MilliUnits amount, const Moment& at) {
    if (at.mode == hal::Mode::stopped) return BolusRefusal{BolusFault::stopped};
    if (at.mode != hal::Mode::normal) return BolusRefusal{BolusFault::not_normal};
    const auto verdict = verdict_for(amount, at.room);
    if (verdict != hal::DoseVerdict::accepted) return BolusRefusal{BolusFault::no_room, verdict};
    return std::nullopt;
}

Bolus ended(Bolus bolus, BolusState how, Tick now) {
    bolus.state = how;
    bolus.ended_at = now;
    return bolus;
}

/// At most half of the requests that the guardian still accepts in this hour, so that one bolus leaves room for the
/// next; and no smaller than need be, so that little is left to move when it is cancelled.
MilliUnits portion_of(MilliUnits amount, int requests) noexcept {
    const std::int32_t most_portions = std::max(1, requests / 2);
    const std::int32_t even = (amount.count + most_portions - 1) / most_portions;
    const std::int32_t stepped = (even + bolus_step.count - 1) / bolus_step.count * bolus_step.count;
    return std::min(amount, std::max(least_portion, MilliUnits{stepped}));
}

/// A basal dose that falls due while the motor still does a portion is refused, and the patient gets the profile's rate
/// instead of the plan's. So a portion ends before: a smaller one, where requests are left for it; else none until the
/// basal dose was given, unless it is too large to fit between two at all. 0: none now.
MilliUnits before_the_basal_dose(MilliUnits portion, const Bolus& bolus, const Moment& at) noexcept {
    const auto fitting = [](std::uint64_t seconds) {
        constexpr auto start = std::uint64_t{hal::motor_start_s}, speed = std::uint64_t{hal::motor_mu_per_s};
        const auto mu = static_cast<std::int32_t>((seconds - std::min(seconds, start)) * speed);
        return MilliUnits{mu / bolus_step.count * bolus_step.count};
    };
    const MilliUnits fits = fitting(hal::basal_slot_s - at.now.seconds % hal::basal_slot_s);
    if (portion <= fits) return portion;
    const std::int32_t rest = (bolus.amount - bolus.accepted).count;
    const std::int32_t still_needed = (rest + bolus.portion.count - 1) / bolus.portion.count;
    if (fits >= least_portion && at.room.boluses > still_needed) return fits;
    const bool just_begun = at.now.seconds % hal::basal_slot_s < too_late_to_wait_s;
    return just_begun && portion > fitting(hal::basal_slot_s - too_late_to_wait_s) ? portion : MilliUnits{};
}

/// The number of a portion's request: unlike that of any other, and of any basal slot.
std::uint32_t request_id_of(const Bolus& bolus) noexcept {
    return 0x8000'0000U | (bolus.id << 5) | (bolus.portions & 31U);
}
}  // namespace

MilliUnits still_moving(const Bolus& bolus, MotorCount motor) noexcept {
    if (bolus.halted || bolus.settled) return {};
    const std::int64_t rest = bolus.last_end.milli_units - motor.milli_units;
    return {static_cast<std::int32_t>(std::clamp<std::int64_t>(rest, 0, bolus.last.count))};
}

BolusOr propose(const Bolus& current, const BolusOrder& order, MilliUnits patient_limit, const Moment& at) {
    // A portion that still moves may be halted, and then counts for less: that is to reach the record of its own bolus.
    if (!is_over(current) || still_moving(current, at.motor) > MilliUnits{}) return refuse(BolusFault::another_one);
    if (order.amount < bolus_step || order.amount > most_bolus_typed || order.amount.count % bolus_step.count != 0)
        return refuse(BolusFault::not_settable);
    const auto who = account_name(order.who);
    if (!who) return refuse(BolusFault::bad_name);
    if (order.amount > patient_limit) return refuse(BolusFault::above_patient_limit);
    if (const auto why = objection(order.amount, at)) return std::unexpected{*why};
    Bolus bolus;
    bolus.id = current.id + 1;
    bolus.state = proposed;
    bolus.amount = order.amount;
    bolus.reason = order.reason;
    bolus.who = *who;
    if (order.suggested) bolus.suggested = std::max(*order.suggested, MilliUnits{});
    bolus.proposed_at = at.now;
    return bolus;
}

BolusOr confirm(const Bolus& bolus, MilliUnits amount, std::string_view who, const Moment& at) {
    if (bolus.state != proposed) return refuse(BolusFault::not_proposed);
    if (amount != bolus.amount) return refuse(BolusFault::other_amount);
    if (text_of(bolus.who) != who) return refuse(BolusFault::other_person);
    if (at.now > bolus.proposed_at + confirm_within_s) return refuse(BolusFault::too_late);
    if (const auto why = objection(amount, at)) return std::unexpected{*why};
    Bolus next = bolus;
    next.state = running;
    next.confirmed_at = at.now;
    next.portion = portion_of(amount, at.room.boluses);
    next.ring_seen = at.ring_newest;
    return next;
}

BolusOr cancel(const Bolus& bolus, std::string_view who, Tick now) {
    if (is_over(bolus)) return refuse(BolusFault::not_running);
    const auto by = account_name(who);
    if (!by) return refuse(BolusFault::bad_name);
    Bolus next = ended(bolus, cancelled, now);
    next.ended_by = *by;
    return next;
}

Step advance(const Bolus& bolus, const Moment& at) {
    if (bolus.state == proposed && at.now > bolus.proposed_at + confirm_within_s)
        return {ended(bolus, expired, at.now), {}};
    if (bolus.state != running) return {bolus, {}};
    const MilliUnits rest = bolus.amount - bolus.accepted;
    const bool still = at.motor >= at.target;
    if (rest <= MilliUnits{}) return {still ? ended(bolus, done, at.now) : bolus, {}};
    if (at.mode != hal::Mode::normal || at.now > bolus.confirmed_at + give_within_s)
        return {ended(bolus, interrupted, at.now), {}};
    if (bolus.asked > MilliUnits{} || !still) return {bolus, {}};
    const MilliUnits next = before_the_basal_dose(std::min(bolus.portion, rest), bolus, at);
    Step step{bolus, {}};
    if (next <= MilliUnits{}) return step;  // it waits for the basal dose
    if (const auto verdict = verdict_for(next, at.room); verdict != hal::DoseVerdict::accepted) {
        step.bolus.verdict = verdict;
        step.bolus = ended(step.bolus, refused, at.now);
        return step;
    }
    step.ask = PortionRequest{request_id_of(bolus), next};
    step.bolus.asked = next;
    ++step.bolus.portions;
    return step;
}

Bolus note_answer(const Bolus& bolus, std::uint32_t request_id, hal::DoseVerdict verdict, Tick now) {
    Bolus asked_last = bolus;
    --asked_last.portions;
    if (bolus.asked <= MilliUnits{} || request_id != request_id_of(asked_last)) return bolus;
    if (verdict == hal::DoseVerdict::accepted) return bolus;  // its ring entry follows
    Bolus next = bolus;
    next.asked = {};
    // The motor or the turn was not ours: tried again until the time is over. Anything else would be refused again.
    if (verdict == hal::DoseVerdict::motor_behind || verdict == hal::DoseVerdict::not_due) return next;
    next.verdict = verdict;
    return next.state == running ? ended(next, refused, now) : next;
}

// Portions follow each other only when the motor has done the one before, so at most the last one is under way. A
// halted motor's place says how much of it moved; a dose that is written down after that can no longer change it.
Bolus note_ring(const Bolus& bolus, const hal::RingEntry& entry) {
    if (bolus.state == none || bolus.state == proposed || is_final(bolus) || entry.seq <= bolus.ring_seen) return bolus;
    Bolus next = bolus;
    next.exact = bolus.exact && entry.seq == bolus.ring_seen + 1;
    next.ring_seen = entry.seq;
    if (entry.kind == hal::RingKind::dose) {
        if (next.halted) next.settled = true;
        if (entry.code != static_cast<std::uint8_t>(hal::DoseSource::firmware_bolus)) return next;
        if (entry.amount <= MilliUnits{} || entry.amount > next.amount - next.accepted) {  // no portion of this one
            next.exact = false;
            return next;
        }
        next.accepted += entry.amount;
        next.last = entry.amount;
        next.last_short = {};
        next.last_end = entry.target;
        next.asked = {};
        next.halted = next.settled = false;
    } else if (entry.kind == hal::RingKind::correction && !next.settled) {
        next.halted = true;
        const std::int64_t missing = next.last_end.milli_units - entry.target.milli_units;
        next.last_short = {static_cast<std::int32_t>(std::clamp<std::int64_t>(missing, 0, next.last.count))};
        if (next.state == running && next.last_short > MilliUnits{}) next = ended(next, interrupted, entry.tick);
    }
    return next;
}

Bolus settle(const Bolus& bolus, MotorCount motor, Tick now) {
    if (!is_over(bolus) || is_final(bolus)) return bolus;
    Bolus next = bolus;
    if (now > bolus.ended_at + give_within_s) next.asked = {};  // its entry would have come long ago
    if (next.asked > MilliUnits{}) return next;
    if (!next.halted && motor >= next.last_end) next.settled = true;
    return next;
}

Bolus after_restart(const Bolus& kept, Tick now) {
    if (kept.state == proposed) return ended(kept, expired, now);
    if (kept.state != running) return kept;
    Bolus next = ended(kept, interrupted, now);
    next.settled = false;  // a portion may have been asked for after it was kept: the ring says
    return next;
}

}  // namespace basalt::firmware
