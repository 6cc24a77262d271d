#include "device/firmware/therapy/temporary_basal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace basalt::firmware {
namespace {
using enum TemporaryFault;

constexpr Tick now{300'000};
constexpr Room wide{10'000_mU, 10'000_mU, 10'000_mU, 10'000_mU, 12};

TemporaryBasal temporary(std::int32_t percent, std::uint32_t seconds, Tick from = now) {
    const auto t = set_temporary(percent, seconds, "nurse-2", from, hal::Mode::normal, wide);
    EXPECT_TRUE(t);
    return t.value_or(TemporaryBasal{});
}
TemporaryFault fault_of(std::int32_t percent, std::uint32_t seconds, std::string_view who = "nurse-2",
                        hal::Mode mode = hal::Mode::normal, const Room& room = wide) {
    const auto t = set_temporary(percent, seconds, who, now, mode, room);
    return t ? not_set : t.error();
}
BasalRates random_rates(std::mt19937_64& rng) {
    BasalRates rates{};
    for (auto& rate : rates) rate = {static_cast<std::int32_t>(rng() % 101) * 50};
    return rates;
}
BasalRates flat(MilliUnitsPerHour rate) {
    BasalRates rates{};
    rates.fill(rate);
    return rates;
}

TEST(TemporaryBasal, OnlyTheStepsOfTheTableCanBeSet) {
    for (int percent = -250; percent <= 250; ++percent) {
        const bool wanted =
            (percent >= -100 && percent <= -30 && percent % 10 == 0) || percent == 10 || percent == 20 || percent == 30;
        EXPECT_EQ(is_settable_percent(percent), wanted) << percent;
    }
    EXPECT_EQ(fault_of(-25, 3'600), not_settable);
    EXPECT_EQ(fault_of(INT32_MIN, 3'600), not_settable);
    EXPECT_EQ(fault_of(-50, 0), bad_duration);
    EXPECT_EQ(fault_of(-50, 1'000), bad_duration);
    EXPECT_EQ(fault_of(-50, 4 * 3'600 + 900), bad_duration);
    EXPECT_EQ(fault_of(-50, 4 * 3'600), not_set);
    EXPECT_EQ(fault_of(-50, 3'600, ""), bad_name);
    EXPECT_EQ(fault_of(-50, 3'600, "nurse\n2"), bad_name);
    for (const auto mode : {hal::Mode::start_up, hal::Mode::failsafe, hal::Mode::stopped})
        EXPECT_EQ(fault_of(-50, 3'600, "nurse-2", mode), not_normal);
}

TEST(TemporaryBasal, MoreIsRefusedWhereTheLimitsLeaveNoRoomAndLessIsNot) {
    EXPECT_EQ(fault_of(30, 3'600, "n", hal::Mode::normal, {10'000_mU, 0_mU, 10'000_mU, 10'000_mU, 12}), no_room);
    EXPECT_EQ(fault_of(30, 3'600, "n", hal::Mode::normal, {10'000_mU, 10'000_mU, 0_mU, 10'000_mU, 12}), no_room);
    EXPECT_EQ(fault_of(30, 3'600, "n", hal::Mode::normal, {10'000_mU, 10'000_mU, 10'000_mU, 0_mU, 12}), no_room);
    EXPECT_EQ(fault_of(-30, 3'600, "n", hal::Mode::normal, {}), not_set);
    EXPECT_EQ(fault_of(30, 3'600), not_set);
}

TEST(TemporaryBasal, EndsAtItsTickAndIsCutThereWithinASlot) {
    const BasalRates rates = flat({1'200});  // 100 mU a slot
    const TemporaryBasal half = temporary(-50, 3'600);
    const auto slot = [&](std::uint64_t at) { return basal_due(rates, {12 * 3'600}, 300, {at}, half); };
    EXPECT_EQ(slot(now.seconds - 300), 100_mU);
    EXPECT_EQ(slot(now.seconds - 60), 60_mU);  // four of its five minutes
    EXPECT_EQ(slot(now.seconds), 50_mU);
    EXPECT_EQ(slot(now.seconds + 3'300), 50_mU);
    EXPECT_EQ(slot(now.seconds + 3'540), 90_mU);  // one of its five minutes
    EXPECT_EQ(slot(now.seconds + 3'600), 100_mU);
    EXPECT_TRUE(is_active(half, {now.seconds + 3'599}));
    EXPECT_FALSE(is_active(half, {now.seconds + 3'600}));
    EXPECT_FALSE(is_active({}, now));
    const auto ended = end_temporary(half, "patient", now + 600);
    ASSERT_TRUE(ended);
    EXPECT_EQ(basal_due(rates, {0}, 300, now + 600, *ended), 100_mU);
    EXPECT_EQ(end_temporary(*ended, "patient", now + 600), std::unexpected{not_set});
    EXPECT_EQ(end_temporary(half, "", now), std::unexpected{bad_name});
    EXPECT_EQ(temporary(-100, 3'600).percent, -100);
    EXPECT_EQ(basal_due(rates, {0}, 300, now, temporary(-100, 3'600)), 0_mU);
}

TEST(TemporaryBasal, OfAnyRatesTheSlotsSumToTheShareWithinAMilliUnitAndNoneIsAboveTheMost) {
    for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937_64 rng{seed};
        const BasalRates rates = random_rates(rng);
        std::int32_t percent = 0;
        while (!is_settable_percent(percent)) percent = static_cast<std::int32_t>(rng() % 14) * 10 - 100;
        const auto seconds = static_cast<std::uint32_t>(1 + rng() % 16) * temporary_step_s;
        const std::uint32_t midnight_in = 86'400 - 300 * static_cast<std::uint32_t>(rng() % 288);
        const TemporaryBasal t = temporary(percent, seconds, now + rng() % 600);
        std::int64_t sum = 0, exact_100 = 0;  // in 1/100 mU * s / h
        const MilliUnits most = most_basal_slot(rates, percent);
        for (std::uint32_t s = 0; s < 18'000; s += 300) {
            const SecondOfDay from{(86'400 - midnight_in + s) % 86'400};
            const MilliUnits amount = basal_due(rates, from, 300, now + s, t);
            EXPECT_GE(amount, 0_mU);
            EXPECT_LE(amount, most);
            sum += amount.count;
            for (std::uint32_t second = 0; second < 300; ++second) {
                const std::int64_t rate = rates[(from.seconds + second) % 86'400 / 1'800].count;
                exact_100 += rate * (is_active(t, now + (s + second)) ? 100 + percent : 100);
            }
        }
        const double exact = static_cast<double>(exact_100) / 360'000;
        EXPECT_NEAR(static_cast<double>(sum), exact, 4.0);  // two cuts, a midnight, and the ends
    }
}

TEST(TemporaryBasal, WithoutOneEverySlotIsThePlanToTheMilliUnit) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        std::mt19937_64 rng{seed};
        const BasalRates rates = random_rates(rng);
        const SecondOfDay from{static_cast<std::uint32_t>(rng() % 86'400)};
        EXPECT_EQ(basal_due(rates, from, 300, now, {}), basal_amount(rates, from, 300));
        EXPECT_EQ(basal_due(rates, from, 300, now, {-50, {0}, {10}, {}}), basal_amount(rates, from, 300));
        EXPECT_EQ(basal_due(rates, from, 300, now, {-50, now + 300, now + 900, {}}), basal_amount(rates, from, 300));
        EXPECT_LE(basal_amount(rates, from, 300), most_basal_slot(rates, 0));
    }
}

TEST(TemporaryWords, SayHowMuchHowLongAndWho) {
    EXPECT_EQ(in_words(temporary(-50, 3'600), now + 600).english,
              "Basal rate 50 % lower for another 50 minutes, set by nurse-2. Then the plan goes on by itself.");
    EXPECT_EQ(in_words(temporary(30, 3'600), now).french,
              "Débit basal augmenté de 30 % encore 1 heure, réglé par nurse-2. Ensuite le plan reprend tout seul.");
    EXPECT_EQ(in_words(temporary(30, 3'600), now + 3'600).english, "");
    for (int f = 0; f <= static_cast<int>(not_set); ++f) {
        const Words words = in_words(static_cast<TemporaryFault>(f));
        EXPECT_TRUE(words.english.ends_with('.') && words.french.ends_with('.'));
    }
}

}  // namespace
}  // namespace basalt::firmware
