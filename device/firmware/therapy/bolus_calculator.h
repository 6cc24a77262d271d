// device/firmware/therapy/bolus_calculator.h: how much insulin a meal and a glucose ask for. It suggests; a person
// decides, and nothing here moves a motor. Page: docs/formats/therapy.md.
#pragma once
#include "device/firmware/therapy/calculator_settings.h"
#include "device/firmware/therapy/insulin_on_board.h"
#include "device/firmware/therapy/typed_number.h"

#include <expected>
#include <optional>
#include <vector>

namespace basalt::firmware {

struct Reading {
    std::uint16_t mg_dl = 0;  ///< below lowest_reading_mg_dl: the sensor says LOW; above the highest: HIGH
    std::uint32_t age_s = 0;
};
/// A reading is too old from here on: two readings of the sensor were missed. The project's own choice.
inline constexpr std::uint32_t oldest_reading_s = 600;
/// A low reading counts for longer: nobody knows that the low is over. The project's own choice.
inline constexpr std::uint32_t oldest_low_s = 3'600;

/// What the glucose is good for.
enum class ReadingUse : std::uint8_t {
    none,  ///< there is none: carbohydrate alone
    old,   ///< carbohydrate alone
    low,   ///< below 70 mg/dL, or LOW, within the last hour: nothing is suggested
    usable,
    above_range  ///< HIGH: taken as 400 mg/dL, which is not too much
};

struct CalculatorInput {
    Carbs carbs{};
    std::optional<Reading> reading{};
    InsulinOnBoard on_board{};
    SecondOfDay now{};
    bool clock_ok = true;
    MilliUnits allowed_now{};  ///< most() of dose_room.h
};

/// What the person has to know beside the amount. A row each in bolus_calculator_words.cpp.
enum class Advice : std::uint8_t {
    glucose_low,      ///< nothing is suggested
    reading_missing,  ///< no correction, and insulin on board is not taken off
    reading_old,
    glucose_above_range,
    on_board_unknown,    ///< doses are missing from the records: no correction
    on_board_not_taken,  ///< there is insulin on board that this suggestion does not take off
    nothing_needed,      ///< the sum is zero or less
    carbs_large,         ///< more than 150 g
    clock_lost,          ///< the weakest ratios of the day
    above_patient_limit,
    above_allowed_now,
};

/// Every term, so that it can be shown and added up by hand. mU; each rounded down, the insulin on board rounded up.
struct Calculation {
    Carbs carbs{};
    Ratios ratios{};
    ReadingUse use = ReadingUse::none;
    std::uint16_t glucose_mg_dl = 0;  ///< that was calculated with; 0 when none
    MilliUnits for_carbs{};
    MilliUnits correction{};       ///< before insulin on board is taken off; negative below the target
    MilliUnits on_board{};         ///< all of it
    MilliUnits taken_off{};        ///< 0 to correction
    MilliUnits sum{};              ///< for_carbs + correction - taken_off; may be negative
    MilliUnits suggested{};        ///< sum, at least 0, down to the next step of 0.05 units; 0 when the glucose is low
    std::vector<Advice> advice{};  ///< in the order above, none twice
};

/// Source:   correction less insulin on board, never below zero, plus carbohydrate; below the target the correction is
///           negative and takes from the meal; without a glucose carbohydrate alone: the four formulas of Medtronic's
///           "Bolus Wizard feature specifications" (Paradigm Veo user guide, chapter 15). Insulin on board is thus
///           taken from the correction alone: that of the last meal is needed for that meal. Others take it from all
///           (Ypsomed, mylife YpsoPump). Amounts go down to 0.05 units, insulin on board up (Insulet, user guide, rules
///           of the bolus calculator). Nothing below 70 mg/dL: the project's own choice, as Insulet's lowest glucose
///           for calculations.
/// Rely on:  more carbohydrate or glucose never makes the suggestion smaller but at the edge of `low`, `old` and
///           `above_range`; more insulin on board never makes it larger. A suggestion above a limit is shown with its
///           advice, and not cut: propose() of bolus.h refuses it.
/// Errors:   settings that are no settings; carbohydrate outside its range.
std::expected<Calculation, Words> calculate_bolus(const CalculatorSettings& settings, const CalculatorInput& input);

/// One sentence for each advice: cause, effect, next step.
Sentence in_words(Advice advice, const Calculation& calculation);
/// The terms, one sentence each, in the order in which they are added up.
std::vector<Sentence> explain(const Calculation& calculation, GlucoseUnit unit);

}  // namespace basalt::firmware
