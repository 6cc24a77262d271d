#include "device/firmware/therapy/insulin_on_board.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace basalt::firmware {
namespace {

constexpr Tick now{1'000'000};
constexpr Tick ago(std::uint64_t minutes) { return {now.seconds - 60 * minutes}; }
constexpr PastDose bolus(Tick at, MilliUnits moved) {
    return {.at = at, .amount = moved, .moved = moved, .bolus = true};
}
constexpr PastDose basal(Tick at, MilliUnits moved, MilliUnits planned) {
    return {.at = at, .amount = moved, .moved = moved, .planned = planned};
}
MilliUnits on_board(const std::vector<PastDose>& doses, Tick when = now, const InsulinAction& action = {}) {
    return insulin_on_board(doses, InsulinCurve{action}, when, {0}).amount;
}

std::vector<PastDose> random_doses(std::mt19937_64& rng) {
    std::vector<PastDose> doses(rng() % 40);
    for (auto& dose : doses)
        dose = basal({now.seconds - rng() % 40'000}, {static_cast<std::int32_t>(rng() % 12'000)},
                     {static_cast<std::int32_t>(rng() % 3 == 0 ? 0 : rng() % 400)});
    return doses;
}

TEST(InsulinOnBoard, OfOneBolusIsItsShareOfTheCurveRoundedUp) {
    EXPECT_EQ(on_board({bolus(now, 10_U)}), 10_U);
    EXPECT_EQ(on_board({bolus(ago(108), 10_U)}), 5'111_mU);  // 0.51104936 of it
    EXPECT_EQ(on_board({bolus(ago(359), 10_U)}), 1_mU);
    EXPECT_EQ(on_board({bolus(ago(360), 10_U)}), 0_mU);
    EXPECT_EQ(on_board({}), 0_mU);
    EXPECT_EQ(on_board({{.at = now, .amount = 10_U, .moved = 3_U}}), 3_U);  // the motor came no further
}

TEST(InsulinOnBoard, ThePlannedBasalNeverCountsAndWhatIsAboveItDoes) {
    EXPECT_EQ(on_board({basal(now, 100_mU, 100_mU)}), 0_mU);
    EXPECT_EQ(on_board({basal(now, 130_mU, 100_mU)}), 30_mU);
    EXPECT_EQ(on_board({basal(now, 0_mU, 100_mU)}), 0_mU);  // a suspend earns no credit
    EXPECT_EQ(on_board({basal(now, 0_mU, 100_mU), bolus(now, 1_U)}), 1_U);
}

TEST(InsulinOnBoard, FallsBetweenDosesAndIsNeverNegative) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937_64 rng{seed};
        const auto doses = random_doses(rng);
        const InsulinAction action{static_cast<std::uint16_t>(300 + rng() % 181),
                                   static_cast<std::uint16_t>(35 + rng() % 86)};
        const InsulinCurve curve{action};
        MilliUnits before{INT32_MAX};
        for (std::uint64_t s = 0; s <= 30'000; s += 1 + rng() % 200) {
            const MilliUnits amount = insulin_on_board(doses, curve, now + s, {0}).amount;
            EXPECT_LE(amount, before);
            EXPECT_GE(amount, 0_mU);
            before = amount;
        }
        EXPECT_EQ(before, 0_mU);
    }
}

TEST(InsulinOnBoard, ADoseAddsWhatItCountsAtOnceAndTheOrderDoesNotMatter) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937_64 rng{seed};
        auto doses = random_doses(rng);
        const MilliUnits before = on_board(doses);
        const MilliUnits added{static_cast<std::int32_t>(rng() % 10'000)};
        doses.push_back(bolus(now, added));
        EXPECT_EQ(on_board(doses), before + added);
        std::ranges::shuffle(doses, rng);
        EXPECT_EQ(on_board(doses), before + added);
    }
}

TEST(InsulinOnBoard, ABolusInPortionsIsTheSameAsOneBolus) {
    for (std::uint64_t minutes = 0; minutes <= 360; minutes += 7) {
        const std::vector<PastDose> portions(8, bolus(ago(minutes), 425_mU));
        EXPECT_EQ(on_board(portions), on_board({bolus(ago(minutes), 3'400_mU)}));
    }
}

TEST(InsulinOnBoard, SaysWhenDosesOfTheTimeBeforeAreNotKnown) {
    const InsulinCurve curve{{360, 75}};
    EXPECT_TRUE(insulin_on_board({}, curve, now, ago(360)).complete);
    EXPECT_FALSE(insulin_on_board({}, curve, now, ago(359)).complete);
    EXPECT_FALSE(insulin_on_board({}, curve, now, now + 1).complete);
    EXPECT_FALSE(insulin_on_board({}, curve, {100}, {0}).complete);  // a new pump: the pen before it is not on record
}

TEST(InsulinOnBoard, BadAmountsAndTimesStayInTheirRange) {
    EXPECT_EQ(on_board({bolus(now, {INT32_MIN}), basal(now, {INT32_MIN}, {INT32_MAX})}), 0_mU);
    EXPECT_EQ(on_board({basal(now, {INT32_MAX}, {INT32_MIN})}), MilliUnits{INT32_MAX});
    EXPECT_EQ(on_board(std::vector<PastDose>(20, bolus(now, {INT32_MAX}))), MilliUnits{INT32_MAX});
    EXPECT_EQ(on_board({bolus({UINT64_MAX}, 1_U)}), 1_U);  // from the future: it counts whole
}

}  // namespace
}  // namespace basalt::firmware
