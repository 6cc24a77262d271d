// What people order, and what they see.
#include "device/firmware/therapy/kept.h"
#include "device/firmware/therapy_slot.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace basalt::firmware {
namespace {
storage::Value number(std::integral auto value) { return static_cast<std::int64_t>(value); }
std::unexpected<Sentence> no(const Words& words) { return std::unexpected{sentence(words)}; }

constexpr Words no_plan{
    "The pump's settings were refused, so nothing can be ordered. Have them signed and installed again.",
    "Les réglages de la pompe ont été refusés, rien ne peut être demandé. Faites-les signer et "
    "installer à nouveau."};
constexpr Words not_yet{"The pump still reads what was given. Ask again in a moment.",
                        "La pompe lit encore ce qui a été délivré. Recommencez dans un instant."};

std::string_view key_of(BolusReason reason) {
    switch (reason) {
        case BolusReason::meal:
            return "meal";
        case BolusReason::correction:
            return "correction";
        case BolusReason::meal_and_correction:
            return "meal_and_correction";
        case BolusReason::by_hand:
            return "by_hand";
    }
    std::unreachable();
}
}  // namespace

InsulinOnBoard TherapySlot::on_board() const {
    const auto doses = history_.doses(now(), tick_.motor, tick_.target);
    InsulinOnBoard sum = insulin_on_board(doses, curve_, now(), history_.known_since().value_or(now()));
    sum.complete = sum.complete && ring_known_;
    return sum;
}

std::expected<Suggestion, Sentence> TherapySlot::calculate(Carbs carbs, std::optional<Reading> typed) const {
    if (configuration_ == nullptr) return no(no_plan);
    if (!configuration_->calculator)
        return no(
            {"The bolus calculator has no settings, so it suggests nothing. Have the physician set them.",
             "Le calculateur de bolus n'a pas de réglages et ne propose rien. Faites-les régler par le médecin."});
    const hal::Sensors& sensors = tick_.sensors;
    std::optional<Reading> reading = typed;
    if (!reading && sensors.glucose_mg_dl != 0) reading = Reading{sensors.glucose_mg_dl, sensors.glucose_age_s};
    const auto calculated =
        calculate_bolus(*configuration_->calculator, {.carbs = carbs,
                                                      .reading = reading,
                                                      .on_board = on_board(),
                                                      .now = tick_.second_of_day,
                                                      .clock_ok = tick_.clock_ok,
                                                      .allowed_now = most(room_with(temporary_).room())});
    if (!calculated) return no(calculated.error());
    Suggestion suggestion{*calculated, explain(*calculated, configuration_->glucose_unit), {}};
    for (const Advice advice : calculated->advice) suggestion.advice.push_back(in_words(advice, *calculated));
    return suggestion;
}

Said TherapySlot::propose(const BolusOrder& order, MilliUnits patient_limit) {
    if (configuration_ == nullptr) return no(no_plan);
    if (!ring_known_) return no(not_yet);
    const DoseRoom room = room_with(temporary_);
    const Bolus& current = bolus_.confirmed_at > Tick{} ? bolus_ : before_;
    // The one before reaches its record first.
    const bool ended = is_over(bolus_) && is_final(current);
    const auto proposed = ended ? firmware::propose(current, order, patient_limit, moment(room.room()))
                                : BolusOr{std::unexpected{BolusRefusal{BolusFault::another_one}}};
    if (!proposed) return std::unexpected{in_words(proposed.error(), order.amount, patient_limit, room)};
    before_ = current;
    bolus_ = *proposed;
    return read_back(bolus_);
}

Said TherapySlot::confirm(MilliUnits amount, std::string_view who) {
    if (configuration_ == nullptr) return no(no_plan);
    if (!ring_known_) return no(not_yet);
    const DoseRoom room = room_with(temporary_);
    const auto confirmed = firmware::confirm(bolus_, amount, who, moment(room.room()));
    if (!confirmed) return std::unexpected{in_words(confirmed.error(), amount, most(room.room()), room)};
    bolus_ = *confirmed;
    end_told_ = false;
    note(storage::EventId::bolus_confirmed, who, storage::Outcome::done,
         {number(bolus_.id), number(bolus_.amount.count), std::string{key_of(bolus_.reason)}});
    return bolus_in_words();
}

Said TherapySlot::cancel(std::string_view who) {
    const bool was_running = bolus_.state == BolusState::running;
    const auto cancelled = firmware::cancel(bolus_, who, now());
    if (!cancelled) return std::unexpected{in_words(cancelled.error(), {}, {}, room_with(temporary_))};
    bolus_ = *cancelled;
    if (was_running) {
        note(storage::EventId::bolus_cancelled, who, storage::Outcome::done, {number(bolus_.id)});
        take_back_ = bolus_.portions > 0 && !is_final(bolus_);
        finish_bolus();
    }
    return bolus_in_words();
}

Said TherapySlot::set_temporary(std::int32_t percent, std::uint32_t seconds, std::string_view who) {
    if (configuration_ == nullptr) return no(no_plan);
    if (!ring_known_) return no(not_yet);
    const TemporaryBasal wanted{percent, now(), now() + seconds, {}};
    // Out of range, it is refused before anything is reckoned with it.
    const Room room =
        is_settable_percent(percent) && seconds <= longest_temporary_s ? room_with(wanted).room() : Room{};
    const auto set = firmware::set_temporary(percent, seconds, who, now(), tick_.mode, room);
    if (!set) return no(in_words(set.error()));
    if (is_active(temporary_, now())) finish_temporary(who, "replaced");
    temporary_ = *set;
    note(storage::EventId::temporary_set, who, storage::Outcome::done,
         {number(percent), number(temporary_.until.seconds)});
    return in_words(temporary_, now());
}

Said TherapySlot::end_temporary(std::string_view who) {
    const auto ended = firmware::end_temporary(temporary_, who, now());
    if (!ended) return no(in_words(ended.error()));
    finish_temporary(who, "by_a_person");
    return sentence({"The temporary rate has ended. The plan goes on from the next five minutes.",
                     "Le débit temporaire est terminé. Le plan reprend dans les cinq minutes."});
}

TherapySeen TherapySlot::seen() const {
    TherapySeen seen;
    if (!is_over(bolus_))
        seen.running = {.id = bolus_.id,
                        .confirmed = bolus_.state == BolusState::running,
                        .amount = bolus_.amount,
                        .given = given(bolus_),
                        .still_moving = still_moving(bolus_, tick_.motor),
                        .who = text_of(bolus_.who)};
    const Bolus& last = bolus_.confirmed_at > Tick{} && is_over(bolus_) ? bolus_ : before_;
    if (last.confirmed_at > Tick{})
        seen.last = {.amount = last.amount,
                     .given = given(last),
                     .how = last.state,
                     .at = last.confirmed_at,
                     .exact = last.exact,
                     .who = text_of(last.who)};
    seen.on_board = on_board();
    if (is_active(temporary_, now())) seen.temporary = temporary_;
    if (configuration_ != nullptr && tick_.clock_ok) {
        const MilliUnitsPerHour plan = configuration_->basal[tick_.second_of_day.seconds % 86'400 / 1'800];
        const bool stopped = tick_.mode == hal::Mode::stopped;
        const std::int32_t percent = stopped ? 0 : 100 + (seen.temporary ? seen.temporary->percent : 0);
        seen.rate = MilliUnitsPerHour{plan.count * percent / 100};
    }
    return seen;
}

}  // namespace basalt::firmware
