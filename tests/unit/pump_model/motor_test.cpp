#include "pump_model/motor.h"

#include <gtest/gtest.h>

#include <limits>

namespace basalt::pump_model {
namespace {

constexpr auto forever = std::numeric_limits<std::int64_t>::max();

TEST(Motor, MovesToItsTargetAtTwentyFiveMilliUnitsASecond) {
    Motor m{1'000, 200'000};
    m.move_to(1'060);
    EXPECT_TRUE(m.moving());
    EXPECT_EQ(m.advance(1), 25);
    EXPECT_EQ(m.advance(1), 25);
    EXPECT_EQ(m.advance(1), 10);
    EXPECT_EQ(m.advance(1), 0);
    EXPECT_EQ(m.count_mu(), 1'060);
    EXPECT_EQ(m.reservoir_mu(), 200'000 - 60);
    EXPECT_FALSE(m.moving());
    m.move_to(1'060 + 1'500);
    EXPECT_EQ(m.advance(60), 1'500);
}

TEST(Motor, TheSameTargetTwiceMovesNothingTwice) {
    Motor m{0, 200'000};
    for (int i = 0; i < 3; ++i) {
        m.move_to(100);
        m.advance(60);
        EXPECT_EQ(m.count_mu(), 100);
    }
}

TEST(Motor, NeverPullsBack) {
    Motor m{500, 200'000};
    m.move_to(-7);
    EXPECT_EQ(m.advance(forever), 0);
    EXPECT_EQ(m.count_mu(), 500);
    m.move_to(1'000);
    m.advance(2);
    m.move_to(510);  // already passed: stops here
    EXPECT_EQ(m.advance(60), 0);
    EXPECT_EQ(m.count_mu(), 550);
    EXPECT_EQ(m.advance(-60), 0);
}

TEST(Motor, AnEmptyReservoirGivesNothingWhateverIsAsked) {
    Motor m{0, 40};
    m.move_to(forever);
    EXPECT_EQ(m.advance(forever), 40);
    EXPECT_EQ(m.advance(forever), 0);
    EXPECT_FALSE(m.moving());
    m.refill(1'000);
    EXPECT_EQ(m.advance(1), 25);
    EXPECT_EQ(m.count_mu(), 65);
}

TEST(Motor, AJammedPistonStopsWhereItJamsAndGoesOnWhenFreed) {
    Motor m{100, 200'000};
    m.stall_after(30);
    m.move_to(200);
    EXPECT_EQ(m.advance(60), 30);
    EXPECT_TRUE(m.stuck());
    EXPECT_FALSE(m.moving());
    EXPECT_EQ(m.advance(60), 0);
    m.stall_after(0);
    EXPECT_EQ(m.advance(60), 0);
    m.free_piston();
    EXPECT_EQ(m.advance(60), 70);
}

TEST(Motor, PowerLossForgetsTheTargetAndKeepsThePlace) {
    Motor m{0, 200'000};
    m.move_to(100);
    m.advance(1);
    m.power_off();
    EXPECT_EQ(m.advance(60), 0);
    EXPECT_EQ(m.count_mu(), 25);
    m.move_to(100);
    EXPECT_EQ(m.advance(60), 75);
}

}  // namespace
}  // namespace basalt::pump_model
