#include "device/firmware/therapy/calculator_settings.h"

#include "device/firmware/therapy/typed_number.h"

#include <algorithm>
#include <utility>

namespace basalt::firmware {
namespace {
constexpr std::array words{
    Words{"The settings are within their ranges.", "Les réglages sont dans leurs limites."},
    Words{"A carb ratio is outside 1 to 150 grams for each unit. Have the physician set it.",
          "Un ratio de glucides est hors de 1 à 150 grammes par unité. Faites-le régler par le médecin."},
    Words{"A correction factor is outside 10 to 400 mg/dL for each unit. Have the physician set it.",
          "Un facteur de correction est hors de 10 à 400 mg/dL par unité. Faites-le régler par le médecin."},
    Words{"A glucose target is outside 80 to 180 mg/dL. Have the physician set it.",
          "Un objectif glycémique est hors de 80 à 180 mg/dL. Faites-le régler par le médecin."},
    Words{"The duration of insulin action is outside 5 to 8 hours, or its peak outside 35 to 120 minutes. Have the "
          "physician set it.",
          "La durée d'action de l'insuline est hors de 5 à 8 heures, ou son pic hors de 35 à 120 minutes. Faites-la "
          "régler par le médecin."},
    Words{"The most for one bolus is outside 0.05 to 30 units, or no step of 0.05. Have the physician set it.",
          "Le maximum d'un bolus est hors de 0,05 à 30 unités, ou n'est pas un pas de 0,05. Faites-le régler par le "
          "médecin."},
};
static_assert(words.size() == std::to_underlying(SettingsFault::most_at_once) + 1U);

bool within(const OfTheDay& values, std::uint16_t least, std::uint16_t most) noexcept {
    return std::ranges::all_of(values, [=](std::uint16_t v) { return v >= least && v <= most; });
}
}  // namespace

SettingsFault fault_of(const CalculatorSettings& s) noexcept {
    if (!within(s.carb_ratio, 10, 1'500)) return SettingsFault::carb_ratio;
    if (!within(s.correction_factor, 10, 400)) return SettingsFault::correction_factor;
    if (!within(s.target, 80, 180)) return SettingsFault::target;
    if (!is_settable(s.action)) return SettingsFault::action;
    if (s.most_at_once < bolus_step || s.most_at_once > most_bolus_typed ||
        s.most_at_once.count % bolus_step.count != 0)
        return SettingsFault::most_at_once;
    return SettingsFault::none;
}

Words in_words(SettingsFault fault) noexcept { return words[std::to_underlying(fault)]; }

Ratios ratios_at(const CalculatorSettings& s, SecondOfDay now, bool clock_ok) noexcept {
    if (!clock_ok)
        return {std::ranges::max(s.carb_ratio), std::ranges::max(s.correction_factor), std::ranges::max(s.target)};
    const std::size_t half_hour = now.seconds % 86'400 / 1'800;
    return {s.carb_ratio[half_hour], s.correction_factor[half_hour], s.target[half_hour]};
}

}  // namespace basalt::firmware
