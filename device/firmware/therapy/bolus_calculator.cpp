#include "device/firmware/therapy/bolus_calculator.h"

#include <algorithm>

namespace basalt::firmware {
namespace {
constexpr std::int32_t many_carbs_tenths = 1'500;

ReadingUse use_of(const std::optional<Reading>& reading) noexcept {
    if (!reading || reading->mg_dl == 0) return ReadingUse::none;
    if (reading->mg_dl < hypoglycaemia_mg_dl && reading->age_s < oldest_low_s) return ReadingUse::low;
    if (reading->age_s >= oldest_reading_s) return ReadingUse::old;
    return reading->mg_dl > highest_reading_mg_dl ? ReadingUse::above_range : ReadingUse::usable;
}

/// `glucose` above or below `target`, in mU, rounded down: less insulin above, more taken from the meal below.
MilliUnits correction_for(std::int32_t glucose, const Ratios& ratios) noexcept {
    const std::int32_t thousand = (glucose - ratios.target) * 1'000;  // at most 400 000
    const std::int32_t factor = ratios.correction_factor;
    return {thousand >= 0 ? thousand / factor : -((-thousand + factor - 1) / factor)};
}
}  // namespace

std::expected<Calculation, Words> calculate_bolus(const CalculatorSettings& settings, const CalculatorInput& input) {
    if (const auto fault = fault_of(settings); fault != SettingsFault::none) return std::unexpected{in_words(fault)};
    if (input.carbs < Carbs{} || input.carbs > most_carbs)
        return std::unexpected{
            Words{"Carbohydrate is 0 to 300 grams in one entry. Check the number and type it again.",
                  "Les glucides vont de 0 à 300 grammes par saisie. Vérifiez le nombre et recommencez."}};
    Calculation c{.carbs = input.carbs,
                  .ratios = ratios_at(settings, input.now, input.clock_ok),
                  .use = use_of(input.reading),
                  .on_board = std::max(input.on_board.amount, MilliUnits{})};
    c.for_carbs = {input.carbs.tenths_of_g * 1'000 / c.ratios.carb_ratio};  // at most 3 000 000 / 10
    const bool known = c.use == ReadingUse::usable || c.use == ReadingUse::above_range;
    if (known) {
        c.glucose_mg_dl = std::min(input.reading->mg_dl, highest_reading_mg_dl);
        c.correction = correction_for(c.glucose_mg_dl, c.ratios);
        // More may be on board than is known: what is above the target may be its work already.
        if (!input.on_board.complete) c.correction = std::min(c.correction, MilliUnits{});
        c.taken_off = std::clamp(c.on_board, MilliUnits{}, std::max(c.correction, MilliUnits{}));
    }
    c.sum = c.for_carbs + c.correction - c.taken_off;
    if (c.use != ReadingUse::low && c.sum > MilliUnits{})
        c.suggested = {c.sum.count / bolus_step.count * bolus_step.count};

    const auto advise = [&](bool when, Advice advice) {
        if (when) c.advice.push_back(advice);
    };
    advise(c.use == ReadingUse::low, Advice::glucose_low);
    advise(c.use == ReadingUse::none, Advice::reading_missing);
    advise(c.use == ReadingUse::old, Advice::reading_old);
    advise(c.use == ReadingUse::above_range, Advice::glucose_above_range);
    advise(!input.on_board.complete, Advice::on_board_unknown);
    advise(c.suggested > MilliUnits{} && c.on_board > c.taken_off, Advice::on_board_not_taken);
    advise(c.use != ReadingUse::low && c.suggested == MilliUnits{}, Advice::nothing_needed);
    advise(input.carbs.tenths_of_g > many_carbs_tenths, Advice::carbs_large);
    advise(!input.clock_ok, Advice::clock_lost);
    advise(c.suggested > settings.most_at_once, Advice::above_patient_limit);
    advise(c.suggested > input.allowed_now, Advice::above_allowed_now);
    return c;
}

}  // namespace basalt::firmware
