// Insulin: who may order it, how it is written down, and what the motor made of it. The one place that moves the motor.
#include "device/guardian/core.h"

#include <algorithm>

namespace basalt::guardian {
namespace {
using hal::motor_mu_per_s, hal::motor_start_s;
constexpr MilliUnits most_crept{100};      // in a day: less than two basal doses of most patients
constexpr std::uint64_t too_late_s = 600;  // an interrupted dose is finished within ten minutes or not at all
}  // namespace

void Core::on(const hal::DoseRequest& ask) noexcept {
    hal::DoseAnswer answer{.request_id = ask.request_id, .verdict = judge(ask)};
    if (breaks_hard_limit(answer.verdict)) raise(Trigger::dose_over_limit);
    if (answer.verdict == hal::DoseVerdict::over_cap) raise(Trigger::dose_over_cap);
    // An entry of the last day could not be read. It may have been a dose, so none is accepted; and nobody is to blame.
    if (answer.verdict == hal::DoseVerdict::accepted && ask.amount > 0_mU && now() < s.kept.full_until)
        answer.verdict = hal::DoseVerdict::over_day;
    if (answer.verdict == hal::DoseVerdict::accepted) {
        const bool basal = ask.kind == hal::DoseKind::basal;
        give(ask.amount, basal ? hal::DoseSource::firmware_basal : hal::DoseSource::firmware_bolus);
        answer.ring_seq = ring.newest;
    }
    out.add(answer);
}

hal::DoseVerdict Core::judge(const hal::DoseRequest& ask) const noexcept {
    const bool basal = ask.kind == hal::DoseKind::basal;
    if (s.mode != hal::Mode::normal) return hal::DoseVerdict::wrong_mode;
    if (s.waiting != Waiting::firmware) return hal::DoseVerdict::not_due;
    if (basal && !s.slot_due) return s.slot_begun ? hal::DoseVerdict::twice_in_slot : hal::DoseVerdict::not_due;
    if (basal && ask.amount == 0_mU) return hal::DoseVerdict::accepted;
    const auto verdict = allow({ask.amount, basal ? s.slot_dose.amount : 0_mU, !basal}, s.kept.profile.limits, given());
    return verdict == hal::DoseVerdict::accepted && s.motor_behind ? hal::DoseVerdict::motor_behind : verdict;
}

// Of the newest dose alone, and only while nothing changed the target after it: so neither an earlier dose nor insulin
// of the profile is ever taken back, however often it is said.
void Core::on(const hal::TakeBack& ask) noexcept {
    hal::TakenBack answer{.request_id = ask.request_id, .amount = {}, .ring_seq = 0};
    const hal::RingEntry* dose = newest_dose(ring);
    if (s.mode == hal::Mode::normal && s.waiting == Waiting::firmware && dose != nullptr &&
        dose->code == std::to_underlying(hal::DoseSource::firmware_bolus) && dose->target == header.target) {
        const MotorCount target = std::max(s.tick.motor, header.target + MilliUnits{-dose->amount.count});
        answer.amount = {
            static_cast<std::int32_t>(std::max<std::int64_t>(0, header.target.milli_units - target.milli_units))};
        if (answer.amount > 0_mU) take_back(answer, *dose, target);
    }
    out.add(answer);
}

// Cut before the first write the bolus goes on, and nobody was told otherwise; cut after it the restart sends the motor
// to the new target alone. Where the ring has no room for it, the header says it.
void Core::take_back(hal::TakenBack& answer, const hal::RingEntry& dose, MotorCount target) noexcept {
    hal::RingEntry entry = entry_of(hal::RingKind::correction, std::to_underlying(hal::CorrectionCause::taken_back),
                                    as_detail(CorrectionDetail{dose.tick, 0}));
    entry.amount = {-answer.amount.count};
    entry.target = target;
    if (note_event(entry, events_a_day)) {
        answer.ring_seq = ring.newest;
    } else {
        header.target = target;
        s.header_changed = true;
        write_header_if_changed();
    }
    move_motor();
}

// The profile is held against the limits too: after much insulin even the programmed rate waits.
void Core::serve_from_profile() noexcept {
    MilliUnits amount = s.mode == hal::Mode::stopped ? 0_mU : s.slot_dose.amount;
    const bool held_back =
        amount > 0_mU && allow({amount, amount, false}, s.kept.profile.limits, given()) != hal::DoseVerdict::accepted;
    condition(Trigger::delivery_limited, held_back);
    give(held_back ? 0_mU : amount, hal::DoseSource::profile);
}

// By the pump's own button. The press that asked was the third; the next three ask anew.
void Core::give_failsafe_bolus() noexcept {
    s.short_presses = {};
    const MilliUnits amount = s.kept.profile.failsafe_bolus;
    if (amount == 0_mU) return;
    const bool granted = !had_failsafe_bolus(ring, now()) && now() >= s.kept.full_until &&
                         s.tick.motor >= header.target &&
                         allow({amount, 0_mU, true}, s.kept.profile.limits, given()) == hal::DoseVerdict::accepted;
    if (granted) give(amount, hal::DoseSource::failsafe_bolus);
    raise(granted ? Trigger::failsafe_bolus_given : Trigger::failsafe_bolus_refused);
}

// Writes a dose down, then moves the motor: cut between the two, the restart sends the same target again.
void Core::give(MilliUnits amount, hal::DoseSource source) noexcept {
    SlotDetail detail;
    if (source == hal::DoseSource::profile || source == hal::DoseSource::firmware_basal) {
        detail = {slot_now(), s.slot_dose.amount, s.slot_dose.remainder, 0};
        s.slot_due = false;
    }
    if (s.tick.motor >= header.target) {
        s.moving_since = now();
        s.moving_from = s.tick.motor;
    }
    hal::RingEntry entry = entry_of(hal::RingKind::dose, std::to_underlying(source), as_detail(detail));
    entry.amount = amount;
    entry.target = header.target + amount;
    append(entry);
    if (amount > 0_mU) move_motor();
}

MilliUnits Core::ahead() const noexcept {
    const auto off = s.tick.motor.milli_units - header.target.milli_units;
    return {static_cast<std::int32_t>(std::clamp<std::int64_t>(off, 0, INT32_MAX))};
}

// The motor is not where it was sent, and will not go there: what it did is what counts from now on. What it gave too
// much and finds no room on record stays ahead() of the target until there is room, and the next doses are that much
// smaller.
void Core::correct() noexcept {
    const auto off =
        std::clamp<std::int64_t>(s.tick.motor.milli_units - header.target.milli_units, INT32_MIN, INT32_MAX);
    const Tick dose = oldest_unfinished(ring, s.tick.motor, now());
    hal::RingEntry entry = entry_of(hal::RingKind::correction, std::to_underlying(hal::CorrectionCause::motor),
                                    as_detail(CorrectionDetail{dose, 0}));
    entry.amount = {static_cast<std::int32_t>(off)};
    entry.target = s.tick.motor;
    const bool on_record = off == 0 || note_event(entry, corrections_a_day);
    if (on_record || off < 0) header.target = s.tick.motor;
    move_motor();
}

// A firmware may ask for less than the profile: a closed loop suspends for up to two hours. One that goes on so is told
// of; the guardian cannot know whether the glucose or an attacker is the reason.
void Core::look_at_delivery() noexcept {
    condition(Trigger::insulin_withheld, s.mode == hal::Mode::normal && withheld(ring, header.target, now()));
}

void Core::begin_slot() noexcept {
    s.slot_due = s.slot_begun = s.kept.has_profile() && slot_now() >= header.next_slot;
    if (!s.slot_due) return;
    if (header.next_slot != 0 && slot_now() > header.next_slot) raise(Trigger::slot_missed);
    s.slot_dose = slot_dose(rate_at(s.kept.profile, s.tick.second_of_day, s.tick.clock_ok), header.remainder);
    look_at_delivery();
}

void Core::take_up_motor() noexcept {
    // Nothing was ever given: it starts where the motor stands.
    if (header.next_slot == 0) header.target = s.tick.motor;
    const auto slot = slot_now();
    if (header.next_slot > slot + 1) {  // the board's time is older than our own record
        raise(Trigger::memory_rolled_back);
        header.next_slot = slot + 1;
    }
    s.moving_since = now();
    s.moving_from = s.tick.motor;
    if (s.tick.motor >= header.target) return;
    const bool late = oldest_unfinished(ring, s.tick.motor, now()) + too_late_s <= now();
    if (late) raise(Trigger::slot_missed);
    if (late || s.mode == hal::Mode::stopped)
        correct();
    else
        move_motor();
}

void Core::look_at_motor() noexcept {
    const auto motor = s.tick.motor.milli_units, target = header.target.milli_units;
    if (motor > target) {
        correct();
        if (motor > target + motor_mu_per_s || crept(ring, now()) > most_crept - ahead()) raise(Trigger::motor_ahead);
    } else if (motor < target) {
        const auto seconds = static_cast<std::int64_t>(now().seconds - s.moving_since.seconds);
        const auto reached =
            s.moving_from.milli_units + std::max<std::int64_t>(0, seconds - motor_start_s) * motor_mu_per_s;
        if (motor < std::min(target, reached)) {
            raise(Trigger::motor_stalled);
            correct();
        }
    }
    s.motor_behind = s.tick.motor < header.target;
}

}  // namespace basalt::guardian
