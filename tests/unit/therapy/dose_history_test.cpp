#include "device/firmware/therapy/dose_history.h"

#include <gtest/gtest.h>

namespace basalt::firmware {
namespace {

hal::RingEntry entry(std::uint32_t seq, std::uint64_t at, MilliUnits amount, hal::DoseSource source,
                     std::uint8_t of_profile = 0) {
    hal::RingEntry out;
    out.seq = seq;
    out.tick = {at};
    out.kind = hal::RingKind::dose;
    out.code = static_cast<std::uint8_t>(source);
    out.amount = amount;
    out.detail[4] = of_profile;
    return out;
}
hal::RingEntry correction(std::uint32_t seq, std::uint64_t at, MilliUnits amount) {
    hal::RingEntry out = entry(seq, at, amount, hal::DoseSource::profile);
    out.kind = hal::RingKind::correction;
    return out;
}
constexpr auto basal = hal::DoseSource::firmware_basal, bolus = hal::DoseSource::firmware_bolus;

TEST(DoseHistory, EachEntryCountsOnceAndAGapMovesTheMomentSinceWhichAllIsKnown) {
    DoseHistory history;
    EXPECT_FALSE(history.known_since());
    EXPECT_TRUE(history.note(entry(1, 300, 80_mU, basal, 70), 80_mU, 0));
    EXPECT_FALSE(history.note(entry(1, 300, 80_mU, basal, 70), 80_mU, 0));
    EXPECT_EQ(history.known_since(), Tick{300});
    EXPECT_TRUE(history.knows_all(1));
    EXPECT_FALSE(history.knows_all(2));
    history.note(entry(5, 900, 80_mU, basal, 70), 80_mU, 0);
    EXPECT_EQ(history.known_since(), Tick{900});
    history.lose(9, {1'000});
    EXPECT_EQ(history.known_since(), Tick{1'000});
    EXPECT_EQ(history.next(), 10U);
    EXPECT_EQ(history.doses({1'000}, {}, {}).size(), 2U);
    history.forget_before({800});
    EXPECT_EQ(history.doses({1'000}, {}, {}).size(), 1U);
}

TEST(DoseHistory, ACorrectionDownLowersWhatMovedAndNeverWhatCounts) {
    DoseHistory history;
    history.note(entry(1, 300, 80_mU, basal, 70), 80_mU, 0);
    history.note(entry(2, 400, 500_mU, bolus), 0_mU, 0);
    history.note(correction(3, 410, MilliUnits{-530}), 0_mU, 0);
    const auto doses = history.doses({500}, {}, {});
    ASSERT_EQ(doses.size(), 2U);
    EXPECT_EQ(doses[0].moved, 50_mU);
    EXPECT_EQ(doses[1].moved, 0_mU);
    EXPECT_EQ(doses[0].amount, 80_mU);
    EXPECT_EQ(doses[1].amount, 500_mU);
    history.note(correction(4, 420, MilliUnits{INT32_MIN}), 0_mU, 0);  // no number makes it less than nothing
    EXPECT_EQ(history.doses({500}, {}, {})[0].moved, 0_mU);
}

TEST(DoseHistory, WhatTheMotorDidBeyondItsTargetCountsAndNotAgainstTheCap) {
    DoseHistory history;
    history.note(correction(1, 300, 25_mU), 0_mU, 0);
    const auto doses = history.doses({500}, {1'040}, {1'000});
    ASSERT_EQ(doses.size(), 2U);
    EXPECT_EQ(doses[0].of_profile, 25_mU);
    EXPECT_EQ(doses[1].amount, 40_mU);
    EXPECT_EQ(doses[1].of_profile, 40_mU);
    EXPECT_EQ(doses[1].at, Tick{500});
}

TEST(DoseHistory, ABolusOfThePumpsOwnButtonIsABolus) {
    DoseHistory history;
    history.note(entry(1, 300, 500_mU, hal::DoseSource::failsafe_bolus), 0_mU, 0);
    EXPECT_TRUE(history.doses({500}, {}, {})[0].bolus);
    EXPECT_FALSE(history.last_basal_slot());
}

TEST(DoseHistory, TheRingTellsWhatTheProfileGivesInAnHourAndHowFarThePlanIsAboveIt) {
    DoseHistory history;
    history.note(entry(1, 300, 80_mU, basal, 70), 80_mU, 0);
    history.note(entry(2, 600, 80_mU, basal, 71), 80_mU, 0);
    history.note(entry(3, 3'600, 80_mU, basal, 60), 95_mU, 1);
    history.note(entry(4, 3'700, 500_mU, bolus), 0_mU, 1);
    history.note(entry(5, 7'200, 80_mU, basal, 10), 95_mU, std::nullopt);  // without a clock it tells nothing
    EXPECT_EQ(history.profile_at_least(0), 69_mU);
    EXPECT_EQ(history.profile_at_least(1), 59_mU);
    EXPECT_EQ(history.profile_at_least(2), std::nullopt);
    EXPECT_EQ(history.plan_above_profile(), 35_mU);
    EXPECT_EQ(history.last_basal_slot(), 24U);
}

}  // namespace
}  // namespace basalt::firmware
