// device/factory/therapy.h: a simple therapy for a simulated patient: one rate all day, as profile and as
// configuration.
#pragma once
#include "device/firmware/configuration.h"
#include "device/guardian/profile.h"

#include <algorithm>
#include <string>

namespace basalt::factory {

struct Therapy {
    guardian::Profile profile;  ///< without release keys: provision() fills them in
    firmware::Configuration configuration;
};

/// Limits of an adult; no guideline's, and changed by whoever signs a profile.
inline constexpr guardian::DoseLimits usual_limits{10_U, 15_U, 10_U, 60_U, 24};

/// For a new device, until a physician sets them. `basal`: of the day; half of all insulin, as is usual.
/// Source:   docs/formats/device-configuration.md, "What a new simulated device gets".
constexpr firmware::CalculatorSettings usual_calculator(MilliUnits basal, MilliUnits per_dose) {
    const std::int32_t daily = std::max(basal.count * 2, 1);
    const auto within = [](std::int32_t value, std::int32_t least, std::int32_t most) {
        return static_cast<std::uint16_t>(std::clamp(value, least, most));
    };
    firmware::CalculatorSettings settings;
    settings.carb_ratio.fill(within(5'000'000 / daily, 10, 1'500));       // 500 g, in tenths
    settings.correction_factor.fill(within(1'800'000 / daily, 10, 400));  // 1800 mg/dL
    settings.target.fill(110);
    settings.most_at_once = std::min(8_U, MilliUnits{per_dose.count / 50 * 50});
    return settings;
}

/// By the pump's own button in failsafe: little enough that one given by mistake harms nobody by itself.
inline constexpr MilliUnits usual_failsafe_bolus{500};

inline Therapy flat_therapy(std::string device_name, MilliUnitsPerHour basal,
                            const guardian::DoseLimits& limits = usual_limits) {
    Therapy therapy;
    therapy.profile.generation = 1;
    therapy.profile.rates.fill(basal);
    therapy.profile.limits = limits;
    therapy.profile.failsafe_bolus = usual_failsafe_bolus;
    therapy.configuration.device_name = std::move(device_name);
    therapy.configuration.basal.fill(basal);
    therapy.configuration.calculator =
        usual_calculator(firmware::basal_of_day(therapy.configuration.basal), limits.per_dose);
    return therapy;
}

}  // namespace basalt::factory
