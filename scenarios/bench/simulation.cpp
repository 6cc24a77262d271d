#include "scenarios/bench/simulation.h"

#include "device/guardian/alarms.h"
#include "device/guardian/memory.h"
#include "scenarios/bench/ring_reader.h"

#include <algorithm>
#include <cmath>

namespace basalt::bench {
namespace {

constexpr std::uint64_t minute_s = 60;
constexpr std::uint64_t glucose_every_s = 300;
constexpr double most_at_once_g = 500;

Tick whole_minute_before(Tick tick) { return {tick.seconds - tick.seconds % minute_s}; }

}  // namespace

Simulation::Simulation(Board& board, MemoryStore& memory, DeviceProcesses& device, const PatientRecord& patient,
                       std::uint64_t seed, scenarios::Observer& observer, Keeper& keeper)
    : board_(board),
      memory_(memory),
      device_(device),
      patient_(patient),
      sensor_(seed),
      observer_(observer),
      keeper_(keeper),
      began_(board.now()),
      motor_began_mu_(board.motor().count_mu()) {
    // A run that was killed between two records left the patient some minutes behind the motor: they are lived now, and
    // what the motor pushed out meanwhile comes in the first of them. No insulin is lost on the way.
    while (patient_.minute_began + minute_s <= board_.now()) end_minute();
    const auto entries = ring_entries(memory_, 0);
    if (!entries.empty()) ring_seen_ = entries.back().seq;
    read_glucose();
}

Result<void> Simulation::power_on() {
    if (on_) return {};
    if (auto on = device_.power_on(); !on) return on;
    tell("powered_on", {});
    on_ = true;
    due_ = board_.now();
    return {};
}

void Simulation::power_off() {
    if (!on_) return;
    device_.power_off();
    on_ = false;
    (void)keeper_.keep(board_.record(),
                       patient_);  // the record of the last tick is there when this one cannot be written
    tell("powered_off", {});
}

Result<void> Simulation::run_until(Moment until) {
    const Tick end = tick_at(until);
    while (board_.now() < end) {
        sample();
        if (on_ && due_ <= board_.now())
            if (auto played = play_tick(); !played) return played;
        if (auto there = advance_to(on_ ? std::min(due_, end) : end); !there) return there;
    }
    return {};
}

Result<void> Simulation::play_tick() {
    // First: a run that is killed now begins again at this tick, never at one before the guardian's own record.
    if (!keeper_.keep(board_.record(), patient_))
        return fail(ErrorCode::io, "The state directory cannot be written any more, so the simulation stops here.",
                    "Make room on that disk, then start it again: it goes on where it stopped.");
    board_.sensors().glucose_age_s = static_cast<std::uint32_t>(board_.now().seconds - glucose_at_.seconds);
    board_.hold_button(board_.now() < button_until_);
    if (const auto known = replay_.find(board_.now()); known != replay_.end())
        if (auto hung = device_.hang(known->second == hal::Side::boot ? Part::boot : Part::firmware); !hung)
            return hung;

    auto report = device_.play_tick();
    if (!report) return std::unexpected{report.error()};
    ++ticks_;
    for (int i = guardian_end_told_ ? 1 : 0; i < report->guardian_restarts; ++i) tell("program_ended", "guardian");
    guardian_end_told_ = false;
    // A slot that the trace closed is told and written down as when it happened: the replay is a run like the first.
    if (const auto known = replay_.find(board_.now()); known != replay_.end())
        report->overruns.insert(report->overruns.begin(), {known->first, known->second});
    for (const Overrun& overrun : report->overruns) {
        overruns_.push_back(overrun);
        tell("slot_budget", overrun.side == hal::Side::boot ? "boot" : "firmware");
    }
    if (report->resets > report->guardian_restarts) tell("reset", {});
    tell_ring();
    tell_signals();
    // A guardian that cannot live is tried again every minute: its motor stands still, and time goes on for the
    // patient.
    due_ = report->done ? board_.next() : board_.now() + minute_s;
    if (board_.now() < button_until_) due_ = std::min(due_, board_.now() + 1);
    return {};
}

Result<void> Simulation::advance_to(Tick to) {
    while (board_.now() < to) {
        const Tick minute_ends = patient_.minute_began + minute_s;
        const Tick next = std::min(to, minute_ends);
        board_.advance(next.seconds - board_.now().seconds);
        if (next != minute_ends) continue;
        end_minute();
        if (next.seconds % glucose_every_s == 0) read_glucose();
        if (next < to) sample();
    }
    return {};
}

// The minute that began at minute_began is over.
void Simulation::end_minute() {
    const std::int64_t moved_mu = board_.motor().count_mu() - patient_.motor_mu;
    const double eaten_g = static_cast<double>(patient_.carbs_mg) / 1000;
    // Inside the model's range by construction: the motor cannot push 1000 U in a minute, nor a person eat a kilogram.
    (void)patient_.patient.advance_minute(static_cast<double>(std::max<std::int64_t>(0, moved_mu)) / 1000, eaten_g);
    patient_.minute_began = patient_.minute_began + minute_s;
    patient_.motor_mu = board_.motor().count_mu();
    patient_.carbs_mg = 0;
}

void Simulation::read_glucose() {
    board_.sensors().glucose_mg_dl = sensor_.read(patient_.patient.cgm_mg_dl());
    glucose_at_ = board_.now();
}

void Simulation::sample() {
    if (board_.now() != whole_minute_before(board_.now()) || sampled_ == board_.now()) return;
    sampled_ = board_.now();
    observer_.hear(scenarios::Sample{now(), patient_.patient.plasma_mg_dl(), patient_.patient.cgm_mg_dl(),
                                     board_.motor().count_mu() - motor_began_mu_});
}

void Simulation::tell(std::string_view id, std::string detail) {
    observer_.hear(
        scenarios::Event{now(), std::string{id}, std::move(detail), hal::Slot::none, ImageVerdict::accepted});
}

void Simulation::tell_signals() {
    const hal::Signals& signals = board_.signals();
    if (!mode_told_ || signals.mode != shown_.mode) observer_.hear(scenarios::ModeChange{now(), signals.mode});
    mode_told_ = true;
    for (const guardian::AlarmRow& row : guardian::alarm_rows) {
        const bool before = (shown_.alarms & bit_of(row.trigger)) != 0;
        const bool after = (signals.alarms & bit_of(row.trigger)) != 0;
        if (before != after) observer_.hear(scenarios::Alarm{now(), std::string{row.id}, row.priority, after});
    }
    shown_ = signals;
}

void Simulation::tell_ring() {
    for (const hal::RingEntry& entry : ring_entries_since(memory_, ring_seen_)) {
        ring_seen_ = entry.seq;
        if (entry.kind == hal::RingKind::dose) {
            const auto source = static_cast<hal::DoseSource>(entry.code);
            using By = scenarios::Dose::By;
            const bool firmware =
                source == hal::DoseSource::firmware_basal || source == hal::DoseSource::firmware_bolus;
            observer_.hear(scenarios::Dose{now(), entry.amount, firmware ? By::firmware : By::profile});
        }
        if (entry.kind != hal::RingKind::boot) continue;
        const auto report = guardian::from_detail<hal::BootReport>(entry);
        const auto refused = [&](std::string_view id, hal::Slot slot, ImageVerdict verdict) {
            if (verdict != ImageVerdict::accepted && verdict != ImageVerdict::not_needed)
                observer_.hear(scenarios::Event{now(), std::string{id}, {}, slot, verdict});
        };
        refused("image_refused", hal::Slot::a, report.firmware_a);
        refused("image_refused", hal::Slot::b, report.firmware_b);
        refused("gateway_refused", hal::Slot::none, report.gateway);
        refused("configuration_refused", hal::Slot::none, report.configuration);
        if (report.launched)
            observer_.hear(scenarios::Event{now(), "image_started", {}, report.slot, ImageVerdict::accepted});
    }
}

Result<void> Simulation::eat(double carbs_g) {
    if (!(carbs_g >= 0 && carbs_g <= most_at_once_g))
        return fail(ErrorCode::usage, "A person cannot eat that much at once.", "Give 0 to 500 g of carbohydrate.");
    patient_.carbs_mg += std::llround(carbs_g * 1000);
    return {};
}

void Simulation::hold_button(std::int64_t seconds) {
    button_until_ = board_.now() + static_cast<std::uint64_t>(std::max<std::int64_t>(0, seconds));
    wake();
}

Result<hal::ReleaseTerms> Simulation::ask_release() {
    if (!on_ || ticks_ == 0)
        return fail(ErrorCode::usage, "A device that does not run reads no badge.", "Switch it on first.");
    return device_.ask_release();
}

Result<hal::ReleaseVerdict> Simulation::release(const hal::Release& release) {
    if (!on_ || ticks_ == 0)
        return fail(ErrorCode::usage, "A device that does not run reads no badge.", "Switch it on first.");
    auto verdict = device_.release(release);
    wake();
    return verdict;
}

Result<void> Simulation::kill(Part part) {
    if (!device_.process_of(part)) return {};
    tell("program_ended", std::string{name_of(part)});
    guardian_end_told_ = guardian_end_told_ || part == Part::guardian;
    if (part == Part::guardian) wake();  // the watchdog does not wait for the next dose
    return device_.kill(part);
}

Result<void> Simulation::hang(Part part) {
    if (part == Part::guardian) wake();
    return device_.hang(part);
}

void Simulation::replay(const std::vector<Overrun>& trace) {
    for (const Overrun& overrun : trace) replay_[overrun.tick] = overrun.side;
}

}  // namespace basalt::bench
