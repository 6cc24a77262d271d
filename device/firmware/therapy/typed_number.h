// device/firmware/therapy/typed_number.h: numbers that people type, read by hand, digit by digit. A decimal sign that
// is typed and lost makes ten times the dose, so what could be read in two ways is refused with a sentence, never
// repaired.
#pragma once
#include "device/firmware/therapy/basal.h"
#include "device/firmware/therapy/glucose.h"
#include "device/firmware/therapy/words.h"

#include <expected>

namespace basalt::firmware {

/// Carbohydrate in tenths of a gram.
struct Carbs {
    std::int32_t tenths_of_g = 0;
    friend constexpr auto operator<=>(Carbs, Carbs) = default;
};
inline constexpr Carbs most_carbs{3'000};  ///< 300 g in one entry

/// Boluses are set in steps of 0.05 units.
inline constexpr MilliUnits bolus_step{50};
inline constexpr MilliUnits most_bolus_typed{30'000};  ///< the largest dose that any profile can allow

enum class TypedField : std::uint8_t {
    insulin,
    carbs,
    glucose_mg_dl,
    glucose_mmol_l,
    // settings, which a physician types
    basal_rate,
    carb_ratio,
    correction_mg_dl,
    correction_mmol_l,
    target_mg_dl,
    target_mmol_l,
};

/// In the order in which they are looked for.
enum class TypedFault : std::uint8_t {
    empty,
    too_long,           ///< more than 7 characters
    hidden_character,   ///< control characters, right-to-left marks, digits of other scripts: all that is not ASCII
    sign,               ///< + or -
    not_a_digit,        ///< letters, blanks, exponents
    two_separators,     ///< "1.000,5"
    nothing_before,     ///< ".5", which is read as 5 where the dot is overlooked
    nothing_behind,     ///< "5."
    leading_zero,       ///< "05", which may have been 0.5
    too_many_decimals,  ///< "1,000", which is one or a thousand
    too_small,
    too_large,
    not_a_step,
};

/// Reads the whole text as one number. Point and comma are both decimal signs; neither ever separates thousands.
/// Units:    insulin in units with at most 2 decimals, 0.05 to 30 in steps of 0.05; carbohydrate in grams, at most 1
///           decimal, 0 to 300; glucose in mg/dL without decimals, 20 to 600, or in mmol/L with at most 1, 1.2 to 33.3.
/// Rely on:  total: any bytes are safe. The same digits mean the same whichever sign stands between them.
std::expected<MilliUnits, TypedFault> typed_insulin(std::string_view text) noexcept;
std::expected<Carbs, TypedFault> typed_carbs(std::string_view text) noexcept;
std::expected<std::uint16_t, TypedFault> typed_glucose_mg_dl(std::string_view text, GlucoseUnit unit) noexcept;

/// Settings, in the units and ranges of BasalRates and CalculatorSettings. A correction factor or target in mmol/L is
/// rounded up to whole mg/dL: less insulin.
std::expected<MilliUnitsPerHour, TypedFault> typed_basal_rate(std::string_view text) noexcept;
std::expected<std::uint16_t, TypedFault> typed_carb_ratio(std::string_view text) noexcept;
std::expected<std::uint16_t, TypedFault> typed_correction_factor(std::string_view text, GlucoseUnit unit) noexcept;
std::expected<std::uint16_t, TypedFault> typed_target(std::string_view text, GlucoseUnit unit) noexcept;

/// What is wrong and what to do.
Sentence in_words(TypedFault fault, TypedField field);

}  // namespace basalt::firmware
