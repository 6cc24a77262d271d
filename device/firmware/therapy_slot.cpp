#include "device/firmware/therapy_slot.h"

#include "device/firmware/therapy/kept.h"

#include <algorithm>
#include <utility>

namespace basalt::firmware {
namespace {
/// No window and no duration of action looks back further.
constexpr std::uint64_t history_s = 25 * 3'600;
/// A motor that is halted may go on for a moment; after this it stands, and what it did is on record.
constexpr std::uint64_t slides_s = 5;
constexpr std::size_t events_waiting_max = 64;

InsulinAction action_of(const Configuration* configuration) {
    return configuration != nullptr && configuration->calculator ? configuration->calculator->action : InsulinAction{};
}
storage::Value number(std::integral auto value) { return static_cast<std::int64_t>(value); }

std::string_view key_of(BolusState how) {
    switch (how) {
        case BolusState::done:
            return "done";
        case BolusState::cancelled:
            return "cancelled";
        case BolusState::refused:
            return "refused";
        default:
            return "interrupted";
    }
}
}  // namespace

TherapySlot::TherapySlot(const Configuration* configuration)
    : configuration_(configuration),
      curve_(action_of(configuration)),
      kept_bolus_(to_text(Bolus{})),
      kept_temporary_(to_text(TemporaryBasal{})) {}

std::vector<std::string> TherapySlot::remember(const std::optional<std::string>& bolus,
                                               const std::optional<std::string>& temporary, Tick now) {
    std::vector<std::string> words;
    if (bolus) {
        if (const auto found = bolus_of(*bolus)) {
            kept_bolus_ = *bolus;
            end_told_ = is_final(*found);
            bolus_ = after_restart(*found, now);
            from_earlier_start_ = true;
        } else {
            words.emplace_back("What was kept of the last bolus cannot be read. None goes on.");
        }
    }
    if (temporary) {
        if (const auto found = temporary_of(*temporary)) {
            kept_temporary_ = *temporary;
            temporary_ = *found;
        } else {
            words.emplace_back("What was kept of the temporary rate cannot be read. The plan goes on.");
        }
    }
    return words;
}

// ---- the ring ----

void TherapySlot::begin(const hal::FirmwareTick& tick) {
    tick_ = tick;
    ring_known_ = false;
    history_.forget_before({now().seconds > history_s ? now().seconds - history_s : 0});
    if (temporary_.percent != 0 && !is_active(temporary_, now())) finish_temporary("firmware", "time_over");
}

std::optional<std::uint32_t> TherapySlot::second_of_day_at(Tick at) const noexcept {
    if (!tick_.clock_ok) return std::nullopt;
    const std::uint64_t age = at < now() ? now().seconds - at.seconds : 0;
    return static_cast<std::uint32_t>((tick_.second_of_day.seconds % 86'400 + 86'400 - age % 86'400) % 86'400);
}

bool TherapySlot::note_ring(const hal::RingEntries& frame) {
    bool news = false;
    const auto count = std::min<std::size_t>(frame.count, frame.entries.size());
    for (std::size_t i = 0; i < count; ++i) {
        const hal::RingEntry& entry = frame.entries[i];
        if (entry.seq < history_.next() || entry.seq > frame.newest) continue;
        const auto second = second_of_day_at(entry.tick);
        MilliUnits planned{};
        if (configuration_ != nullptr)
            // Without a clock the slot is not known: the least of the day, so that more counts as on board.
            planned = second ? basal_amount(configuration_->basal, {*second}, std::uint32_t{hal::basal_slot_s})
                             : MilliUnits{std::ranges::min(configuration_->basal).count *
                                          static_cast<std::int32_t>(hal::basal_slot_s) / 3'600};
        std::optional<std::uint8_t> hour;
        if (second) hour = static_cast<std::uint8_t>(*second / 3'600);
        news = history_.note(entry, planned, hour) || news;
        bolus_ = firmware::note_ring(bolus_, entry);
    }
    if (count == 0 && frame.newest >= history_.next()) {
        history_.lose(frame.newest, now());
        if (!is_final(bolus_)) bolus_.exact = false;
        news = true;
    }
    return news;
}

void TherapySlot::ring_read(std::uint32_t newest) {
    ring_newest_ = newest;
    ring_known_ = history_.knows_all(newest);
    if (!ring_known_) return;
    // An answer to the firmware that ran before does not come any more: what was given for it stands in the ring.
    if (std::exchange(from_earlier_start_, false) && is_over(bolus_)) bolus_.asked = {};
    finish_bolus();
}

/// What was given of a bolus that is over becomes final, and goes on record.
void TherapySlot::finish_bolus() {
    if (is_final(bolus_)) return note_end();
    bolus_ = settle(bolus_, tick_.motor, now());
    if (is_over(bolus_) && bolus_.halted && !bolus_.settled) {
        if (!halted_at_) halted_at_ = now();
        if (now() >= *halted_at_ + slides_s && tick_.motor <= tick_.target) bolus_.settled = true;
    } else {
        halted_at_.reset();
    }
    if (is_final(bolus_)) note_end();
}

void TherapySlot::note_end() {
    if (std::exchange(end_told_, true)) return;
    take_back_ = false;
    const auto outcome = bolus_.state == BolusState::interrupted ? storage::Outcome::failed
                         : bolus_.state == BolusState::refused   ? storage::Outcome::refused
                                                                 : storage::Outcome::done;
    const std::string by = bolus_.state == BolusState::cancelled ? text_of(bolus_.ended_by) : "firmware";
    note(storage::EventId::bolus_ended, by, outcome,
         {number(bolus_.id), std::string{key_of(bolus_.state)}, number(bolus_.amount.count),
          number(given(bolus_).count), std::string{bolus_.exact ? "exact" : "at_least"}});
}

// ---- what is wanted ----

BasalToCome TherapySlot::to_come(const TemporaryBasal& temporary) const {
    const std::uint64_t slot = now().seconds / hal::basal_slot_s;
    const auto served = history_.last_basal_slot();
    BasalToCome basal = basal_to_come(configuration_->basal, temporary, tick_.basal_due && (!served || *served < slot));
    // Where the plan is above the profile, each slot takes from the cap, with no end.
    if (const MilliUnits above = history_.plan_above_profile(); above > MilliUnits{}) {
        basal.beyond = (is_active(temporary, now()) ? basal.beyond : MilliUnits{}) + above;
        basal.beyond_until = now() + history_s;
    }
    return basal;
}

DoseRoom TherapySlot::room_with(const TemporaryBasal& temporary) const {
    return DoseRoom{ring_known_ ? limits_ : KnownLimits{}, history_.doses(now(), tick_.motor, tick_.target), now(),
                    configuration_ != nullptr ? to_come(temporary) : BasalToCome{}};
}

Moment TherapySlot::moment(const Room& room) const {
    return {now(), tick_.mode, tick_.motor, tick_.target, history_.newest(), room};
}

std::optional<MilliUnits> TherapySlot::basal() {
    if (configuration_ == nullptr || !ring_known_) return std::nullopt;
    const MilliUnits wanted =
        basal_due(configuration_->basal, tick_.second_of_day, std::uint32_t{hal::basal_slot_s}, now(), temporary_);
    if (wanted <= MilliUnits{}) return MilliUnits{};
    // What the windows leave at this tick; a basal dose keeps nothing free for others.
    const Room room = DoseRoom{limits_, history_.doses(now(), tick_.motor, tick_.target), now(), {}}.room();
    const std::int64_t hard = std::min({wanted, room.dose, room.hour, room.day}).count;
    // Of the profile's own dose nothing counts against the cap. Only the ring tells what that is; where it does not,
    // and the cap would be broken if it were nothing, the guardian gives the profile's dose, which cannot break it.
    const auto second = second_of_day_at(now());
    const auto profile = second ? history_.profile_at_least(static_cast<std::uint8_t>(*second / 3'600)) : std::nullopt;
    const std::int64_t cap = std::int64_t{room.beyond.count} + profile.value_or(MilliUnits{}).count;
    const std::int64_t asked = hard <= cap ? hard : profile ? cap : 0;
    const bool limited = asked != wanted.count;
    if (limited && !limited_)
        note(storage::EventId::basal_limited, "firmware", storage::Outcome::refused,
             {number(wanted.count), number(asked)});
    limited_ = limited;
    return asked > 0 ? std::optional{MilliUnits{static_cast<std::int32_t>(asked)}} : std::nullopt;
}

std::optional<PortionRequest> TherapySlot::portion() {
    if (!ring_known_ || is_over(bolus_)) return std::nullopt;
    const bool running = bolus_.state == BolusState::running;
    const Step step = advance(bolus_, moment(running ? room_with(temporary_).room() : Room{}));
    bolus_ = step.bolus;
    if (running) finish_bolus();
    return step.ask;
}

void TherapySlot::note_answer(std::uint32_t request_id, hal::DoseVerdict verdict) {
    bolus_ = firmware::note_answer(bolus_, request_id, verdict, now());
}

void TherapySlot::note_taken_back(bool answered, MilliUnits not_in_ring) {
    take_back_ = !answered;
    if (not_in_ring <= MilliUnits{}) return;
    bolus_.halted = true;
    bolus_.last_short = std::min(not_in_ring, bolus_.last);
}

void TherapySlot::without_records() { bolus_ = after_restart(bolus_, now()); }

std::optional<Tick> TherapySlot::next() const noexcept {
    if (bolus_.state == BolusState::running || take_back_) return now() + 1;
    if (bolus_.state == BolusState::proposed) return bolus_.proposed_at + confirm_within_s + 1;
    const bool may_change = ring_known_ && !is_final(bolus_) && bolus_.asked <= MilliUnits{};
    return may_change ? std::optional{now() + 1} : std::nullopt;
}

// ---- on record ----

void TherapySlot::note(storage::EventId id, std::string_view who, storage::Outcome outcome,
                       std::initializer_list<storage::Value> values) {
    if (events_.size() < events_waiting_max)
        events_.push_back(storage::make_event(id, now().seconds, who, outcome, values));
}

void TherapySlot::finish_temporary(std::string_view who, std::string_view how) {
    note(storage::EventId::temporary_ended, who, storage::Outcome::done,
         {number(temporary_.percent), std::string{how}});
    temporary_ = {};
}

Result<void> TherapySlot::record(Journal& journal) {
    while (!events_.empty()) {
        if (auto noted = journal.note(events_.front()); !noted) return noted;
        events_.erase(events_.begin());
    }
    const auto keep = [&](std::string_view name, const std::string& text, std::string& kept) -> Result<void> {
        if (text == kept) return {};
        auto changed = journal.change_setting(now(), "firmware", name, text);
        if (changed) kept = text;
        return changed;
    };
    // One that was only proposed is nothing to remember: after a restart it would have expired. The one before it is.
    const Bolus& remembered = bolus_.confirmed_at > Tick{} ? bolus_ : before_;
    if (remembered.confirmed_at > Tick{})
        if (auto done = keep(bolus_setting, to_text(remembered), kept_bolus_); !done) return done;
    return keep(temporary_setting, to_text(temporary_), kept_temporary_);
}

}  // namespace basalt::firmware
