// The alarm sounds against the figures of IEC 60601-1-8 for bursts and pulses, measured in the samples themselves.
#include "ui/view/tones.h"

#include "tests/support/heard.h"

#include <gtest/gtest.h>

namespace basalt::view {
namespace {
using hal::Priority;

using test::pulses_in, test::recognised, test::strength;

TEST(Tones, EachPriorityIsRecognisedAndSilenceIsNone) {
    for (const Priority p : {Priority::low, Priority::medium, Priority::high}) EXPECT_EQ(recognised(burst(p)), p);
    EXPECT_TRUE(burst(Priority::none).empty());
    EXPECT_EQ(recognised(std::vector<std::int16_t>(sample_rate_hz)), std::nullopt) << "silence";
}

TEST(Tones, TheHighBurstIsThreeTwoPauseThreeTwo) {
    const auto pulses = pulses_in(burst(Priority::high));
    ASSERT_EQ(pulses.size(), 10U);
    const auto gap = [&](std::size_t after) { return pulses[after].begin_s - pulses[after - 1].end_s; };
    for (const std::size_t i : {1U, 2U, 4U, 6U, 7U, 9U}) {
        EXPECT_GE(gap(i), 0.050) << i;
        EXPECT_LE(gap(i), 0.135) << i;  // the slopes of a pulse are counted as silence here
    }
    for (const std::size_t i : {3U, 8U}) EXPECT_NEAR(gap(i), 0.35, 0.04) << "2x + td";
    EXPECT_GE(gap(5), 0.35);
    EXPECT_LE(gap(5), 1.3);
    for (const auto& pulse : pulses) EXPECT_NEAR(pulse.end_s - pulse.begin_s, 0.15, 0.03);
}

TEST(Tones, PausesBetweenBurstsAreWithinTheStandardsAndTheHighestComesSoonest) {
    EXPECT_GE(pause_after_burst_s(Priority::high), 2.5);
    EXPECT_LE(pause_after_burst_s(Priority::high), 15);
    EXPECT_LE(pause_after_burst_s(Priority::medium), 30);
    EXPECT_GE(pause_after_burst_s(Priority::low), 15);
    EXPECT_LT(pause_after_burst_s(Priority::high), pause_after_burst_s(Priority::medium));
    EXPECT_LT(pause_after_burst_s(Priority::medium), pause_after_burst_s(Priority::low));
}

TEST(Tones, APulseHasFourHarmonicsWithinFifteenDecibelsAndIsNeverCutOff) {
    constexpr std::pair<Priority, double> bases[] = {
        {Priority::high, 523.25}, {Priority::medium, 440.0}, {Priority::low, 349.23}};
    for (const auto& [priority, base] : bases) {
        const auto samples = burst(priority);
        const auto pulse = pulses_in(samples).front();
        const double loudest = strength(samples, pulse, base);
        for (int harmonic = 2; harmonic <= 5; ++harmonic)
            EXPECT_GT(20 * std::log10(strength(samples, pulse, base * harmonic) / loudest), -15)
                << base << ' ' << harmonic;
        int peak = 0;
        for (const auto s : samples) peak = std::max(peak, std::abs(int{s}));
        EXPECT_GT(peak, 12'000);
        EXPECT_LT(peak, 32'000);
    }
}

}  // namespace
}  // namespace basalt::view
