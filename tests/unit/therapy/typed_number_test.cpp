#include "device/firmware/therapy/typed_number.h"

#include <gtest/gtest.h>

#include <random>

namespace basalt::firmware {
namespace {
using enum TypedFault;

constexpr auto refused(TypedFault fault) { return std::unexpected{fault}; }

TEST(TypedNumber, PointAndCommaMeanTheSame) {
    EXPECT_EQ(typed_insulin("1.5"), 1'500_mU);
    EXPECT_EQ(typed_insulin("1,5"), 1'500_mU);
    EXPECT_EQ(typed_insulin("0.05"), 50_mU);
    EXPECT_EQ(typed_insulin("30"), 30_U);
    EXPECT_EQ(typed_insulin("10,50"), 10'500_mU);
    EXPECT_EQ(typed_carbs("45"), Carbs{450});
    EXPECT_EQ(typed_carbs("45,5"), Carbs{455});
    EXPECT_EQ(typed_carbs("0"), Carbs{0});
    EXPECT_EQ(typed_carbs("300.0"), Carbs{3'000});
    EXPECT_EQ(typed_glucose_mg_dl("120", GlucoseUnit::mg_dl), 120);
    EXPECT_EQ(typed_glucose_mg_dl("5,5", GlucoseUnit::mmol_l), 99);  // 99.09 mg/dL, rounded down
    EXPECT_EQ(typed_glucose_mg_dl("33.3", GlucoseUnit::mmol_l), 599);
}

TEST(TypedNumber, WhatCouldBeADecimalThatWasLostIsRefused) {
    EXPECT_EQ(typed_insulin("05"), refused(leading_zero));  // 0.5 without its dot
    EXPECT_EQ(typed_insulin("005"), refused(leading_zero));
    EXPECT_EQ(typed_insulin(".5"), refused(nothing_before));
    EXPECT_EQ(typed_insulin(",5"), refused(nothing_before));
    EXPECT_EQ(typed_insulin("5."), refused(nothing_behind));
    EXPECT_EQ(typed_insulin("1,000"), refused(too_many_decimals));  // one, or a thousand
    EXPECT_EQ(typed_carbs("1.000"), refused(too_many_decimals));
    EXPECT_EQ(typed_carbs("4.55"), refused(too_many_decimals));
    EXPECT_EQ(typed_insulin("1.0,5"), refused(two_separators));
    EXPECT_EQ(typed_insulin("1..5"), refused(two_separators));
    EXPECT_EQ(typed_insulin("."), refused(nothing_before));
}

TEST(TypedNumber, SignsHiddenCharactersAndOtherScriptsAreRefused) {
    EXPECT_EQ(typed_insulin("-1"), refused(sign));
    EXPECT_EQ(typed_insulin("+1"), refused(sign));
    EXPECT_EQ(typed_insulin("\u202e15"), refused(hidden_character));  // right-to-left override: shows 51
    EXPECT_EQ(typed_insulin("1\u200f5"), refused(hidden_character));
    EXPECT_EQ(typed_insulin("\u0661"), refused(hidden_character));  // an Arabic 1
    EXPECT_EQ(typed_insulin("\uff11"), refused(hidden_character));  // a wide 1
    EXPECT_EQ(typed_insulin("1\u00b75"), refused(hidden_character));
    EXPECT_EQ(typed_insulin("1\n"), refused(hidden_character));
    EXPECT_EQ(typed_insulin("1\x7f"), refused(hidden_character));
    EXPECT_EQ(typed_insulin(std::string_view{"1\0", 2}), refused(hidden_character));
    EXPECT_EQ(typed_insulin(" 1"), refused(not_a_digit));
    EXPECT_EQ(typed_insulin("1e1"), refused(not_a_digit));
    EXPECT_EQ(typed_insulin("0x1"), refused(not_a_digit));
    EXPECT_EQ(typed_insulin("1'5"), refused(not_a_digit));
    EXPECT_EQ(typed_insulin("nan"), refused(not_a_digit));
    EXPECT_EQ(typed_insulin(""), refused(empty));
    EXPECT_EQ(typed_insulin("10000000"), refused(too_long));
    EXPECT_EQ(typed_insulin(std::string(100'000, '9')), refused(too_long));
}

TEST(TypedNumber, AbsurdAmountsAndTheWrongUnitAreRefused) {
    EXPECT_EQ(typed_insulin("0"), refused(too_small));
    EXPECT_EQ(typed_insulin("0.04"), refused(too_small));
    EXPECT_EQ(typed_insulin("30.05"), refused(too_large));
    EXPECT_EQ(typed_insulin("9999999"), refused(too_large));
    EXPECT_EQ(typed_insulin("1.07"), refused(not_a_step));
    EXPECT_EQ(typed_carbs("300.1"), refused(too_large));
    EXPECT_EQ(typed_carbs("450"), refused(too_large));
    EXPECT_EQ(typed_glucose_mg_dl("7", GlucoseUnit::mg_dl), refused(too_small));  // it is mmol/L
    EXPECT_EQ(typed_glucose_mg_dl("7.2", GlucoseUnit::mg_dl), refused(too_many_decimals));
    EXPECT_EQ(typed_glucose_mg_dl("120", GlucoseUnit::mmol_l), refused(too_large));  // it is mg/dL
    EXPECT_EQ(typed_glucose_mg_dl("601", GlucoseUnit::mg_dl), refused(too_large));
}

TEST(TypedNumber, SettingsAreReadInTheirRangesAndMmolIsRoundedTowardsLessInsulin) {
    EXPECT_EQ(typed_basal_rate("0,85"), MilliUnitsPerHour{850});
    EXPECT_EQ(typed_basal_rate("0"), MilliUnitsPerHour{0});
    EXPECT_EQ(typed_basal_rate("5.05"), refused(too_large));
    EXPECT_EQ(typed_basal_rate("0.87"), refused(not_a_step));
    EXPECT_EQ(typed_basal_rate("085"), refused(leading_zero));
    EXPECT_EQ(typed_carb_ratio("12.5"), 125);
    EXPECT_EQ(typed_carb_ratio("0.9"), refused(too_small));
    EXPECT_EQ(typed_carb_ratio("151"), refused(too_large));
    EXPECT_EQ(typed_correction_factor("50", GlucoseUnit::mg_dl), 50);
    EXPECT_EQ(typed_correction_factor("2.8", GlucoseUnit::mg_dl), refused(too_many_decimals));
    EXPECT_EQ(typed_correction_factor("2,8", GlucoseUnit::mmol_l), 51);  // 50.4
    EXPECT_EQ(typed_correction_factor("50", GlucoseUnit::mmol_l), refused(too_large));
    EXPECT_EQ(typed_target("5.5", GlucoseUnit::mmol_l), 100);  // 99.1
    EXPECT_EQ(typed_target("110", GlucoseUnit::mg_dl), 110);
    EXPECT_EQ(typed_target("79", GlucoseUnit::mg_dl), refused(too_small));
    for (int tenths = 6; tenths <= 222; ++tenths) {  // what can be typed can be set
        const std::string text = std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
        const auto factor = typed_correction_factor(text, GlucoseUnit::mmol_l);
        ASSERT_TRUE(factor) << text;
        EXPECT_TRUE(*factor >= 10 && *factor <= 400) << text;
        const auto target = typed_target(text, GlucoseUnit::mmol_l);
        EXPECT_EQ(target.has_value(), tenths >= 45 && tenths <= 99) << text;
        EXPECT_TRUE(!target || (*target >= 80 && *target <= 180)) << text;
    }
}

TEST(TypedNumber, EveryAmountThatCanBeSetIsReadBackAsItselfWithEitherSign) {
    for (std::int32_t mu = bolus_step.count; mu <= most_bolus_typed.count; mu += bolus_step.count) {
        const Sentence words = units_in_words({mu});
        EXPECT_EQ(typed_insulin(words.english.substr(0, words.english.find(' '))), MilliUnits{mu});
        EXPECT_EQ(typed_insulin(words.french.substr(0, words.french.find(' '))), MilliUnits{mu});
    }
}

TEST(TypedNumber, NoBytesAreReadAsMoreThanTheyCanBe) {
    constexpr std::string_view alphabet = "0123456789.,0123456789.,+-e \xe2\x80\xae";
    int read = 0;
    for (std::uint64_t seed = 1; seed <= 200'000; ++seed) {
        std::mt19937_64 rng{seed};
        std::string text(rng() % 9, ' ');
        for (char& c : text) c = alphabet[rng() % alphabet.size()];
        if (const auto insulin = typed_insulin(text)) {
            ++read;
            EXPECT_GE(*insulin, bolus_step) << text;
            EXPECT_LE(*insulin, most_bolus_typed) << text;
            EXPECT_EQ(insulin->count % bolus_step.count, 0) << text;
        }
        if (const auto carbs = typed_carbs(text)) {
            EXPECT_LE(*carbs, most_carbs) << text;
            EXPECT_GE(*carbs, Carbs{}) << text;
        }
    }
    EXPECT_GT(read, 1'000);
}

TEST(TypedNumber, EachRefusalIsOneClearSentenceInBothLanguages) {
    for (int fault = 0; fault <= static_cast<int>(not_a_step); ++fault)
        for (int field = 0; field <= static_cast<int>(TypedField::target_mmol_l); ++field) {
            const Sentence words = in_words(static_cast<TypedFault>(fault), static_cast<TypedField>(field));
            EXPECT_GT(words.english.size(), 30U);
            EXPECT_GT(words.french.size(), 30U);
            EXPECT_NE(words.english, words.french);
            EXPECT_TRUE(words.english.ends_with('.') && words.french.ends_with('.'));
        }
    EXPECT_EQ(
        in_words(too_large, TypedField::carbs).english,
        "This is too much. Carbohydrate is 0 to 300 grams, with at most one decimal. Check the decimal sign and the "
        "unit, and type it again.");
}

TEST(TherapyWords, AmountsAreExactAndHaveNoZeroThatCouldBeMisread) {
    EXPECT_EQ(units_in_words(3'500_mU).english, "3.5 units");
    EXPECT_EQ(units_in_words(3'500_mU).french, "3,5 unités");
    EXPECT_EQ(units_in_words(5_U).english, "5 units");
    EXPECT_EQ(units_in_words(1_U).english, "1 unit");
    EXPECT_EQ(units_in_words(50_mU).english, "0.05 units");
    EXPECT_EQ(units_in_words(50_mU).french, "0,05 unité");
    EXPECT_EQ(units_in_words(1_mU).english, "0.001 units");
    EXPECT_EQ(units_in_words({-1'050}).english, "-1.05 units");
    EXPECT_EQ(units_in_words({INT32_MIN}).english, "-2147483.648 units");
    EXPECT_EQ(units_in_words(0_mU).english, "0 units");
    EXPECT_EQ(duration_in_words(0).english, "1 minute");
    EXPECT_EQ(duration_in_words(61).english, "2 minutes");
    EXPECT_EQ(duration_in_words(3'600).french, "1 heure");
    EXPECT_EQ(duration_in_words(7'500).english, "2 hours 5 minutes");
    EXPECT_GT(duration_in_words(UINT64_MAX).english.size(), 5U);
}

}  // namespace
}  // namespace basalt::firmware
