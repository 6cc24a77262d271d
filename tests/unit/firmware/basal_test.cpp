#include "device/firmware/therapy/basal.h"

#include <gtest/gtest.h>

#include <random>

namespace basalt::firmware {
namespace {

BasalRates random_rates(std::mt19937_64& rng) {
    BasalRates rates{};
    for (auto& rate : rates) rate = {static_cast<std::int32_t>(rng() % 101) * 50};
    return rates;
}

TEST(Basal, ADayInFiveMinuteSlotsSumsToExactlyWhatTheRatesSay) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937_64 rng{seed};
        const BasalRates rates = random_rates(rng);
        std::int64_t wanted = 0;
        for (const auto rate : rates) wanted += rate.count / 2 + (rate.count % 2);  // half an hour of each: whole mU
        const auto offset =
            static_cast<std::uint32_t>(rng() % 86'400);  // slots need not begin at midnight, or on a minute
        std::int64_t sum = 0;
        for (std::uint32_t slot = 0; slot < 288; ++slot)
            sum += basal_amount(rates, {(offset + slot * 300) % 86'400}, 300).count;
        EXPECT_EQ(sum, wanted);
        EXPECT_EQ(basal_of_day(rates).count, wanted);
    }
}

TEST(Basal, HoweverADayIsCutItsPiecesAddUp) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937_64 rng{seed};
        const BasalRates rates = random_rates(rng);
        std::int64_t sum = 0;
        std::uint32_t at = 0;
        while (at < 86'400) {
            const auto piece = std::min<std::uint32_t>(86'400 - at, static_cast<std::uint32_t>(rng() % 5'000));
            sum += basal_amount(rates, {at}, piece).count;
            at += piece;
        }
        EXPECT_EQ(sum, basal_of_day(rates).count);
    }
}

TEST(Basal, NoSlotStraysByAMilliUnitFromItsRate) {
    BasalRates rates{};
    rates.fill({1'000});  // 83.33 mU in five minutes
    for (std::uint32_t slot = 0; slot < 288; ++slot) {
        const auto amount = basal_amount(rates, {slot * 300}, 300);
        EXPECT_GE(amount, 83_mU);
        EXPECT_LE(amount, 84_mU);
    }
}

TEST(Basal, ARateHoldsFromItsHalfHourOnAndNotBefore) {
    BasalRates rates{};
    rates[1] = {1'200};  // 00:30 to 01:00
    EXPECT_EQ(basal_amount(rates, {1'500}, 300), 0_mU);
    EXPECT_EQ(basal_amount(rates, {1'800}, 300), 100_mU);
    EXPECT_EQ(basal_amount(rates, {1'650}, 300), 50_mU);  // half of this slot lies before it
    EXPECT_EQ(basal_amount(rates, {3'600}, 300), 0_mU);
}

TEST(Basal, TheSlotOverMidnightTakesBothDays) {
    BasalRates rates{};
    rates[47] = {1'200};
    rates[0] = {600};
    EXPECT_EQ(basal_amount(rates, {86'250}, 300), 75_mU);        // 150 s at 1.2 U/h, 150 s at 0.6 U/h
    EXPECT_EQ(basal_amount(rates, {86'400 + 300}, 300), 50_mU);  // no time of day, and no way out of the table
}

TEST(Basal, TheLargestRateAllDayFitsItsType) {
    BasalRates rates{};
    rates.fill(basal_rate_max);
    EXPECT_EQ(basal_of_day(rates), 120_U);
    EXPECT_EQ(basal_amount(rates, {0}, 4'000'000'000U), 120_U);
}

TEST(Basal, OnlyWholeStepsWithinTheLimitCanBeSet) {
    EXPECT_TRUE(is_settable({0}));
    EXPECT_TRUE(is_settable({850}));
    EXPECT_TRUE(is_settable(basal_rate_max));
    EXPECT_FALSE(is_settable({-50}));
    EXPECT_FALSE(is_settable({825}));
    EXPECT_FALSE(is_settable({5'050}));
    EXPECT_FALSE(is_settable({INT32_MIN}));
}

}  // namespace
}  // namespace basalt::firmware
