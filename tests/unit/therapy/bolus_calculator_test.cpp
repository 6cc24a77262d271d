#include "device/firmware/therapy/bolus_calculator.h"

#include "tests/unit/therapy/table.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace basalt::firmware {
namespace {

CalculatorSettings settings_of(std::uint16_t ratio, std::uint16_t factor, std::uint16_t target) {
    CalculatorSettings s{.most_at_once = 10_U};
    s.carb_ratio.fill(ratio);
    s.correction_factor.fill(factor);
    s.target.fill(target);
    return s;
}
const CalculatorSettings usual = settings_of(150, 50, 100);
CalculatorInput input_of(Carbs carbs, std::optional<Reading> reading, MilliUnits on_board = 0_mU) {
    return {.carbs = carbs, .reading = reading, .on_board = {on_board, true}, .allowed_now = 10_U};
}
Calculation calculated(const CalculatorInput& input, const CalculatorSettings& settings = usual) {
    const auto c = calculate_bolus(settings, input);
    EXPECT_TRUE(c);
    return c ? *c : Calculation{};
}
bool says(const Calculation& c, Advice advice) { return std::ranges::find(c.advice, advice) != c.advice.end(); }
MilliUnits mu(const std::string& units) { return {static_cast<std::int32_t>(std::lround(1'000 * std::stod(units)))}; }

TEST(BolusCalculator, GivesTheResultsOfTheManualsWorkedExamples) {
    const auto table = test::rows("bolus-examples.csv");
    ASSERT_EQ(table.size(), 6U);  // a header and five examples
    for (std::size_t r = 1; r < table.size(); ++r) {
        const auto& row = table[r];
        SCOPED_TRACE(row[0]);
        ASSERT_EQ(row.size(), 10U);
        const auto n = [&](std::size_t column) { return static_cast<std::uint16_t>(std::stoi(row[column])); };
        std::optional<Reading> reading;
        if (!row[3].empty()) reading = Reading{n(3), 60};
        const Calculation c = calculated(input_of({10 * n(1)}, reading, mu(row[6])),
                                         settings_of(static_cast<std::uint16_t>(10 * n(2)), n(5), n(4)));
        EXPECT_EQ(c.for_carbs, mu(row[7]));
        // Manuals and pumps round what they show; ours is within the step.
        EXPECT_NEAR(c.correction.count, mu(row[8]).count, bolus_step.count);
        EXPECT_EQ(c.suggested, mu(row[9]));
    }
}

TEST(BolusCalculator, ReturnsEveryTermRoundedDownForInsulin) {
    // 50 g at 12.5 g: 4 U. 187 - 110 = 77 at 45: 1.7111 U. On board 0.4: 5.3111 U, down to 5.3.
    const Calculation c = calculated(input_of({500}, Reading{187, 0}, 400_mU), settings_of(125, 45, 110));
    EXPECT_EQ(c.for_carbs, 4_U);
    EXPECT_EQ(c.correction, 1'711_mU);
    EXPECT_EQ(c.taken_off, 400_mU);
    EXPECT_EQ(c.sum, 5'311_mU);
    EXPECT_EQ(c.suggested, 5'300_mU);
    EXPECT_TRUE(c.advice.empty());
    // Below the target a part of a mU is taken from the meal, not left in it.
    EXPECT_EQ(calculated(input_of({500}, Reading{90, 0}), settings_of(125, 45, 110)).correction, MilliUnits{-445});
}

TEST(BolusCalculator, InsulinOnBoardIsTakenFromTheCorrectionAndNeverFromTheMeal) {
    const Calculation c = calculated(input_of({450}, Reading{150, 0}, 3_U));  // 3 U for the meal, 1 U of correction
    EXPECT_EQ(c.taken_off, 1_U);
    EXPECT_EQ(c.suggested, 3_U);
    EXPECT_TRUE(says(c, Advice::on_board_not_taken));
    const Calculation below = calculated(input_of({450}, Reading{90, 0}, 3_U));
    EXPECT_EQ(below.taken_off, 0_mU);
    EXPECT_EQ(below.suggested, 2'800_mU);
    EXPECT_TRUE(says(below, Advice::on_board_not_taken));
}

TEST(BolusCalculator, NothingIsSuggestedWhenTheGlucoseIsLow) {
    for (const std::uint16_t low : {std::uint16_t{1}, std::uint16_t{39}, std::uint16_t{69}}) {
        const Calculation c = calculated(input_of({3'000}, Reading{low, 0}));
        EXPECT_EQ(c.suggested, 0_mU);
        EXPECT_TRUE(says(c, Advice::glucose_low));
        EXPECT_FALSE(says(c, Advice::nothing_needed));
    }
    EXPECT_GT(calculated(input_of({3'000}, Reading{70, 0})).suggested, 0_mU);
}

TEST(BolusCalculator, AnOldOrMissingReadingCorrectsNothing) {
    const Calculation missing = calculated(input_of({450}, std::nullopt, 1_U));
    EXPECT_EQ(missing.suggested, 3_U);
    EXPECT_EQ(missing.correction, 0_mU);
    EXPECT_TRUE(says(missing, Advice::reading_missing));
    EXPECT_TRUE(says(calculated(input_of({450}, Reading{0, 0})), Advice::reading_missing));
    EXPECT_EQ(calculated(input_of({450}, Reading{300, oldest_reading_s - 1})).correction, 4_U);
    const Calculation old = calculated(input_of({450}, Reading{300, oldest_reading_s}));
    EXPECT_EQ(old.suggested, 3_U);
    EXPECT_TRUE(says(old, Advice::reading_old));
    // A low is believed for an hour: that nothing newer came does not mean that it is over.
    EXPECT_EQ(calculated(input_of({450}, Reading{50, oldest_low_s - 1})).suggested, 0_mU);
    EXPECT_TRUE(says(calculated(input_of({450}, Reading{50, oldest_low_s})), Advice::reading_old));
    EXPECT_TRUE(says(calculated(input_of({450}, Reading{50, UINT32_MAX})), Advice::reading_old));
}

TEST(BolusCalculator, CorrectsNothingUpwardsWhenDosesAreMissingFromTheRecords) {
    CalculatorInput input = input_of({450}, Reading{300, 0});
    input.on_board.complete = false;
    const Calculation c = calculated(input);
    EXPECT_EQ(c.suggested, 3_U);
    EXPECT_TRUE(says(c, Advice::on_board_unknown));
    input.reading = Reading{80, 0};
    EXPECT_EQ(calculated(input).suggested, 2'600_mU);  // downwards it still does
}

TEST(BolusCalculator, HighIsTakenAsTheHighestReading) {
    const Calculation c = calculated(input_of({0}, Reading{UINT16_MAX, 0}));
    EXPECT_EQ(c.glucose_mg_dl, 400);
    EXPECT_EQ(c.suggested, 6_U);
    EXPECT_TRUE(says(c, Advice::glucose_above_range));
}

TEST(BolusCalculator, ASumBelowZeroIsNoBolus) {
    const Calculation c = calculated(input_of({50}, Reading{75, 0}));  // 0.333 - 0.5
    EXPECT_EQ(c.sum, MilliUnits{-167});
    EXPECT_EQ(c.suggested, 0_mU);
    EXPECT_TRUE(says(c, Advice::nothing_needed));
}

TEST(BolusCalculator, ASuggestionAboveALimitIsSaidAndNotCut) {
    const Calculation c = calculated(input_of({1'800}, Reading{100, 0}));  // 180 g: 12 U
    EXPECT_EQ(c.suggested, 12_U);
    EXPECT_TRUE(says(c, Advice::above_patient_limit));
    EXPECT_TRUE(says(c, Advice::above_allowed_now));
    EXPECT_TRUE(says(c, Advice::carbs_large));
}

TEST(BolusCalculator, TakesTheRatiosOfTheHalfHourAndTheWeakestWithoutAClock) {
    CalculatorSettings s = usual;
    s.carb_ratio[14] = 100;  // 07:00 to 07:30
    s.correction_factor[20] = 80;
    s.target[40] = 120;
    EXPECT_EQ(ratios_at(s, {7 * 3'600}, true), (Ratios{100, 50, 100}));
    EXPECT_EQ(ratios_at(s, {7 * 3'600 + 1'799}, true), (Ratios{100, 50, 100}));
    EXPECT_EQ(ratios_at(s, {7 * 3'600 + 1'800}, true), (Ratios{150, 50, 100}));
    EXPECT_EQ(ratios_at(s, {UINT32_MAX}, true).carb_ratio, 150);  // no time of day, and no way out of the table
    EXPECT_EQ(ratios_at(s, {7 * 3'600}, false), (Ratios{150, 80, 120}));
    CalculatorInput input = input_of({450}, Reading{200, 0});
    input.clock_ok = false;
    EXPECT_EQ(calculated(input, s).suggested, 4_U);
    EXPECT_TRUE(says(calculated(input, s), Advice::clock_lost));
}

TEST(BolusCalculator, FaultySettingsAndAbsurdCarbsAreRefusedWhole) {
    const auto refused = [](CalculatorSettings s, SettingsFault fault) {
        EXPECT_EQ(fault_of(s), fault);
        EXPECT_FALSE(calculate_bolus(s, input_of({450}, Reading{150, 0})));
    };
    CalculatorSettings s = usual;
    s.carb_ratio[47] = 0;
    refused(s, SettingsFault::carb_ratio);
    s = usual;
    s.carb_ratio[0] = 1'501;
    refused(s, SettingsFault::carb_ratio);
    s = usual;
    s.correction_factor[0] = 9;
    refused(s, SettingsFault::correction_factor);
    s = usual;
    s.target[3] = 79;
    refused(s, SettingsFault::target);
    s = usual;
    s.action.duration_min = 240;
    refused(s, SettingsFault::action);
    s = usual;
    s.most_at_once = 30'050_mU;
    refused(s, SettingsFault::most_at_once);
    s.most_at_once = 1'025_mU;
    refused(s, SettingsFault::most_at_once);
    refused({}, SettingsFault::carb_ratio);
    EXPECT_FALSE(calculate_bolus(usual, input_of({-1}, std::nullopt)));
    EXPECT_FALSE(calculate_bolus(usual, input_of({3'001}, std::nullopt)));
    EXPECT_FALSE(calculate_bolus(usual, input_of({INT32_MIN}, std::nullopt)));
}

TEST(BolusCalculator, WhateverComesInTheSumsAddUpAndMoreOnBoardIsNeverMoreInsulin) {
    for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937_64 rng{seed};
        const auto of = [&](std::uint64_t least, std::uint64_t most) {
            return static_cast<std::uint16_t>(least + rng() % (most - least + 1));
        };
        const CalculatorSettings s = settings_of(of(10, 1'500), of(10, 400), of(80, 180));
        CalculatorInput input = input_of({of(0, 3'000)}, Reading{of(0, 700), of(0, 700)}, {of(0, 20'000)});
        input.on_board.complete = rng() % 4 != 0;
        const Calculation c = calculated(input, s);
        EXPECT_EQ(c.sum, c.for_carbs + c.correction - c.taken_off);
        EXPECT_GE(c.suggested, 0_mU);
        EXPECT_LE(c.suggested, std::max(c.sum, 0_mU));
        EXPECT_EQ(c.suggested.count % bolus_step.count, 0);
        EXPECT_GE(c.taken_off, 0_mU);
        EXPECT_LE(c.taken_off, std::max(c.correction, 0_mU));
        EXPECT_LE(std::int64_t{c.for_carbs.count} * s.carb_ratio[0], std::int64_t{input.carbs.tenths_of_g} * 1'000);
        if (c.glucose_mg_dl != 0 && input.on_board.complete) {
            EXPECT_LE(std::int64_t{c.correction.count} * s.correction_factor[0],
                      (c.glucose_mg_dl - s.target[0]) * 1'000);
        }
        input.on_board.amount += MilliUnits{of(0, 5'000)};
        const Calculation more_on_board = calculated(input, s);
        EXPECT_LE(more_on_board.suggested, c.suggested);
        input.carbs = {std::min(3'000, input.carbs.tenths_of_g + of(0, 500))};
        EXPECT_GE(calculated(input, s).suggested, more_on_board.suggested);
    }
}

TEST(BolusCalculator, ExplainsEachTermInWords) {
    const Calculation c = calculated(input_of({455}, Reading{150, 0}, 400_mU));
    const auto mg = explain(c, GlucoseUnit::mg_dl), mmol = explain(c, GlucoseUnit::mmol_l);
    ASSERT_EQ(mg.size(), 4U);
    EXPECT_EQ(mg[0].english, "45.5 g of carbohydrate, 15 g for one unit: 3.033 units.");
    EXPECT_EQ(mg[0].french, "45,5 g de glucides, 15 g pour une unité : 3,033 unités.");
    EXPECT_EQ(mg[1].english, "Glucose 150 mg/dL, target 100 mg/dL, 50 mg/dL for one unit: 1 unit.");
    EXPECT_EQ(mmol[1].french, "Glycémie 8,3 mmol/L, objectif 5,6 mmol/L, 2,8 mmol/L pour une unité : 1 unité.");
    EXPECT_EQ(mg[2].english, "Insulin on board 0.4 units, of which is taken off: 0.4 units.");
    EXPECT_EQ(mg[3].english, "Sum 3.633 units; suggested: 3.6 units.");
    for (int advice = 0; advice <= static_cast<int>(Advice::above_allowed_now); ++advice) {
        const Sentence words = in_words(static_cast<Advice>(advice), c);
        EXPECT_TRUE(words.english.ends_with('.') && words.french.ends_with('.'));
        EXPECT_NE(words.english, words.french);
    }
}

}  // namespace
}  // namespace basalt::firmware
