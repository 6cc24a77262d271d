#include "device/guardian/dose_limits.h"

#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

namespace basalt::guardian {
namespace {
using enum hal::DoseVerdict;

constexpr DoseLimits limits{10_U, 15_U, 12_U, 60_U, 15};

TEST(DoseLimits, EachLimitIsReachedExactlyAndPassedByNothing) {
    struct Case {
        Ask ask;
        Delivered given;
        hal::DoseVerdict expected;
    };
    const auto bolus = [](MilliUnits m) { return Ask{m, 0_mU, true}; };
    for (const auto& [ask, given, expected] : std::initializer_list<Case>{
             {bolus(6_U), {9_U, 9_U, 0_U, 0}, accepted},
             {bolus(6'001_mU), {9_U, 9_U, 0_U, 0}, over_hour},
             {bolus(10_U), {0_U, 50_U, 0_U, 0}, accepted},
             {bolus(1_mU), {0_U, 60_U, 0_U, 0}, over_day},
             {bolus(0_mU), {}, not_positive},
             {bolus({INT32_MIN}), {15_U, 60_U, 12_U, 3}, not_positive},
             {bolus(10'001_mU), {}, over_dose},
             {bolus(2_U), {0_U, 0_U, 10_U, 0}, accepted},
             {bolus(2'001_mU), {0_U, 0_U, 10_U, 0}, over_cap},
             {bolus(1_U), {0_U, 0_U, 0_U, 2}, accepted},
             {bolus(1_U), {0_U, 0_U, 0_U, 3}, too_many},
             // Basal counts only for what it is above the profile, and is not counted as a bolus.
             {{3_U, 1_U, false}, {0_U, 0_U, 10_U, 3}, accepted},
             {{3'001_mU, 1_U, false}, {0_U, 0_U, 10_U, 3}, over_cap},
             // The profile's own dose passes whatever was given beyond it, under a cap that was since lowered too.
             {{1_U, 1_U, false}, {0_U, 0_U, 13_U, 0}, accepted}})
        EXPECT_EQ(allow(ask, limits, given), expected) << ask.amount.count << " mU";
    // Added rather than subtracted, this wraps; the rows above let that mutant live, because over_dose hid it.
    EXPECT_EQ(allow(bolus({INT32_MAX}), {{INT32_MAX}, 15_U, 12_U, 60_U, 15}, {1_U, 1_U, 0_U, 0}), over_hour);
    EXPECT_EQ(allow(bolus(1_mU), limits, {{INT32_MAX}, {INT32_MAX}, {INT32_MAX}, 255}), over_hour);
}

TEST(DoseLimits, WhateverIsAskedTheHourNeverHoldsMoreThanItsLimit) {
    for (const std::uint64_t seed : test::seeds(1'000)) {
        SCOPED_TRACE(seed);  // BASALT_SEED=<this number> replays it alone
        test::Rng rng{seed};
        Delivered given{};
        for (int i = 0; i < 200; ++i) {
            const MilliUnits ask{static_cast<std::int32_t>(rng.between(-20'000, 20'000))};
            if (allow({ask, 0_mU, false}, limits, given) == accepted)
                given = {given.last_hour + ask, given.last_day + ask, given.beyond_profile_in_4_h + ask, 0};
        }
        EXPECT_LE(given.last_hour, limits.per_hour);
        EXPECT_LE(given.beyond_profile_in_4_h, limits.beyond_profile_in_4_h);
        EXPECT_GT(given.last_hour, 0_mU);  // it does deliver: refusing everything would be no safety
    }
}

}  // namespace
}  // namespace basalt::guardian
