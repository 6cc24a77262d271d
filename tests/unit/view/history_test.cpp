#include "ui/view/history.h"

#include <gtest/gtest.h>

namespace basalt::view {
namespace {

History line(double begin, double a_minute, int readings) {
    History history;
    for (int i = 0; i < readings; ++i)
        history.add(Reading{10'000 + static_cast<std::uint64_t>(i) * 300,
                            static_cast<std::uint16_t>(begin + a_minute * i * 5)});
    return history;
}
constexpr std::uint64_t last_of(int readings) { return 10'000 + static_cast<std::uint64_t>(readings - 1) * 300; }

TEST(History, ATrendIsWhatTheLastTwentyMinutesSay) {
    EXPECT_EQ(line(100, 0, 5).trend(last_of(5)), Trend::steady);
    EXPECT_EQ(line(100, 1.2, 5).trend(last_of(5)), Trend::rising);
    EXPECT_EQ(line(100, 2.4, 5).trend(last_of(5)), Trend::rising_fast);
    EXPECT_EQ(line(200, -1.2, 5).trend(last_of(5)), Trend::falling);
    EXPECT_EQ(line(200, -3, 5).trend(last_of(5)), Trend::falling_fast);
}

TEST(History, FewOrOldReadingsHaveNoTrend) {
    EXPECT_EQ(History{}.trend(10'000), std::nullopt);
    EXPECT_EQ(line(100, 0, 2).trend(last_of(2)), std::nullopt);
    EXPECT_EQ(line(100, 0, 5).trend(last_of(5) + 8 * 60), std::nullopt);
}

TEST(History, HoldsADayAndNoMore) {
    History history;
    for (std::uint64_t at = 0; at <= 3 * History::kept_s; at += 300) {
        history.add(Reading{at, 100});
        history.add(GivenDose{at, 100_mU, true});
    }
    EXPECT_EQ(history.readings().size(), 289U);
    EXPECT_EQ(history.doses().size(), 289U);
    EXPECT_EQ(history.given_since(3 * History::kept_s - 3600), 1200_mU);
}

TEST(History, AReadingOfTheSameTimeIsTheSameReading) {
    History history;
    history.add(Reading{300, 100});
    history.add(Reading{300, 101});
    ASSERT_EQ(history.readings().size(), 1U);
    EXPECT_EQ(history.readings()[0].mg_dl, 101);
}

}  // namespace
}  // namespace basalt::view
