#include "device/guardian/profile.h"

#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

namespace basalt::guardian {
namespace {
using test::some_profile;

TEST(Profile, ComesBackAsItWasSigned) {
    const auto back = read_profile(ProfileFrames::encode(some_profile()).view());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->rates, some_profile().rates);
    EXPECT_EQ(back->limits.per_day, 60_U);
    EXPECT_EQ(back->release_keys[1].role, ReleaseRole::biomedical);
}

TEST(Profile, WithOneFaultIsRefusedForThatFaultAlone) {
    struct Case {
        ProfileFault fault;
        void (*break_it)(Profile&);
    };
    using enum ProfileFault;
    for (const Case& c :
         std::initializer_list<Case>{{none, [](Profile&) {}},
                                     {no_generation, [](Profile& p) { p.generation = 0; }},
                                     {rate_out_of_range, [](Profile& p) { p.rates[23] = {-50}; }},
                                     {rate_out_of_range, [](Profile& p) { p.rates[0] = {5050}; }},
                                     {rate_out_of_range, [](Profile& p) { p.rates[0] = {INT32_MIN}; }},
                                     {rate_step, [](Profile& p) { p.rates[7] = {1025}; }},
                                     {dose_limit, [](Profile& p) { p.limits.per_dose = 499_mU; }},
                                     {dose_limit, [](Profile& p) { p.limits.per_dose = 31_U; }},
                                     {hour_limit, [](Profile& p) { p.limits.per_hour = 4_U; }},
                                     {hour_limit, [](Profile& p) { p.limits.per_hour = 61_U; }},
                                     {day_limit, [](Profile& p) { p.limits.per_day = 7_U; }},
                                     {day_limit, [](Profile& p) { p.limits.per_day = 301_U; }},
                                     {cap_limit, [](Profile& p) { p.limits.beyond_profile_in_4_h = {-1}; }},
                                     {cap_limit, [](Profile& p) { p.limits.beyond_profile_in_4_h = 61_U; }},
                                     {rates_over_hour,
                                      [](Profile& p) {
                                          p.rates[5] = {5000};
                                          p.limits.per_dose = p.limits.per_hour = 5_U;
                                      }},
                                     {rates_over_day, [](Profile& p) { p.limits.per_day = 24_U; }},
                                     {doses_out_of_range, [](Profile& p) { p.limits.doses_per_hour = 11; }},
                                     {doses_out_of_range, [](Profile& p) { p.limits.doses_per_hour = 31; }},
                                     {release_keys, [](Profile& p) { p.release_keys[1] = {}; }},
                                     {release_keys, [](Profile& p) { p.release_keys[1].key = p.release_keys[0].key; }},
                                     {release_keys, [](Profile& p) { p.release_keys[0].expires_day = 0; }},
                                     {release_keys, [](Profile& p) { p.release_keys[3] = p.release_keys[0]; }},
                                     {release_keys, [](Profile& p) { p.release_keys[2].key[5] = 1; }},
                                     {none, [](Profile& p) { p.failsafe_bolus = 0_mU; }},
                                     {none, [](Profile& p) { p.failsafe_bolus = 2_U; }},
                                     {failsafe_bolus, [](Profile& p) { p.failsafe_bolus = 2'050_mU; }},
                                     {failsafe_bolus, [](Profile& p) { p.failsafe_bolus = {-50}; }},
                                     {failsafe_bolus, [](Profile& p) { p.failsafe_bolus = 525_mU; }},
                                     {failsafe_bolus, [](Profile& p) {
                                          p.limits.per_dose = 1_U;
                                          p.failsafe_bolus = 1'050_mU;
                                      }}}) {
        Profile profile = some_profile();
        c.break_it(profile);
        EXPECT_EQ(fault_of(profile), c.fault) << in_words(c.fault);
        EXPECT_EQ(read_profile(ProfileFrames::encode(profile).view()).has_value(), c.fault == none);
    }
}

TEST(Profile, CutAnywhereOrGrownIsNoProfile) {
    const auto whole = ProfileFrames::encode(some_profile());
    for (std::size_t size = 0; size < whole.size; ++size)
        EXPECT_EQ(read_profile(whole.view().first(size)).error(), ProfileFault::malformed) << size;
    auto longer = whole;
    longer.size += 1;
    EXPECT_EQ(read_profile(longer.view()).error(), ProfileFault::malformed);
}

TEST(Profile, EveryFaultHasWords) {
    for (int fault = 0; fault <= static_cast<int>(ProfileFault::failsafe_bolus); ++fault)
        EXPECT_FALSE(in_words(static_cast<ProfileFault>(fault)).empty());
}

TEST(SlotDose, AnHourOfSlotsIsTheRateExactlyWhateverTheRate) {
    for (std::int32_t rate = 0; rate <= highest_rate.count; rate += rate_step_mu_per_h) {
        std::int32_t given = 0;
        std::uint16_t remainder = 0;
        for (int slot = 0; slot < 12; ++slot) {
            const auto dose = slot_dose({rate}, remainder);
            given += dose.amount.count;
            remainder = dose.remainder;
        }
        EXPECT_EQ(given, rate);
        EXPECT_EQ(remainder, 0);
    }
}

TEST(SlotDose, NoRemainderEverPushesOneSlotMoreThanAMilliunitAboveItsRate) {
    for (std::int32_t rate = 0; rate <= highest_rate.count; rate += rate_step_mu_per_h)
        for (std::uint16_t remainder = 0; remainder < 3600; ++remainder)
            ASSERT_LE(slot_dose({rate}, remainder).amount.count, rate / 12 + 1);
}

TEST(RateAt, PicksTheHourAndWithoutAClockTheLowest) {
    Profile profile = some_profile();
    for (std::size_t hour = 0; hour < 24; ++hour) profile.rates[hour] = {static_cast<std::int32_t>(500 + 50 * hour)};
    EXPECT_EQ(rate_at(profile, {0}, true), MilliUnitsPerHour{500});
    EXPECT_EQ(rate_at(profile, {3599}, true), MilliUnitsPerHour{500});
    EXPECT_EQ(rate_at(profile, {3600}, true), MilliUnitsPerHour{550});
    EXPECT_EQ(rate_at(profile, {86'399}, true), MilliUnitsPerHour{1650});
    EXPECT_EQ(rate_at(profile, {43'200}, false), MilliUnitsPerHour{500});
    EXPECT_EQ(rate_at(profile, {86'400}, true),
              MilliUnitsPerHour{500});  // no such time of day: as if the clock were lost
}

}  // namespace
}  // namespace basalt::guardian
