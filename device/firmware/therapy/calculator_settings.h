// device/firmware/therapy/calculator_settings.h: what a physician sets for the bolus calculator of one patient.
#pragma once
#include "device/firmware/therapy/insulin_curve.h"
#include "device/firmware/therapy/words.h"

namespace basalt::firmware {

/// One value for each half hour of the local day, as in BasalRates; [0] is from midnight on.
using OfTheDay = std::array<std::uint16_t, 48>;

struct CalculatorSettings {
    OfTheDay carb_ratio{};         ///< tenths of a gram of carbohydrate that one unit covers: 10 to 1500
    OfTheDay correction_factor{};  ///< mg/dL that one unit lowers the glucose by: 10 to 400
    OfTheDay target{};             ///< mg/dL: 80 to 180
    InsulinAction action{};
    MilliUnits most_at_once{};  ///< of one bolus without a physician: 0.05 to 30 units in steps of 0.05
};

enum class SettingsFault : std::uint8_t { none, carb_ratio, correction_factor, target, action, most_at_once };

/// The first fault in the order above; `none`: the calculator may use them.
/// Source:   the ranges that pumps allow: carb ratio 1 to 150 g (Insulet, Omnipod 5 user guide, p. 258), correction 10
///           to 400 mg/dL (Medtronic, Paradigm 715 user guide, p. 60). The target's range is the project's own.
SettingsFault fault_of(const CalculatorSettings& settings) noexcept;
/// A sentence that says what is wrong and what to do.
Words in_words(SettingsFault fault) noexcept;

/// What holds at one time of day.
struct Ratios {
    std::uint16_t carb_ratio = 0, correction_factor = 0, target = 0;
    friend constexpr bool operator==(const Ratios&, const Ratios&) = default;
};
/// With a lost clock the weakest of the day: each value for itself the one that gives the least insulin.
Ratios ratios_at(const CalculatorSettings& settings, SecondOfDay now, bool clock_ok) noexcept;

}  // namespace basalt::firmware
