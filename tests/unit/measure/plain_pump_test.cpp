#include "scenarios/engine/recording.h"
#include "scenarios/measure/plain_device.h"

#include <gtest/gtest.h>

namespace basalt::measure {
namespace {

TEST(PlainPump, GivesADaysBasalWhateverTicksItIsAsked) {
    PlainPump pump{flat_rates()};
    Tick now{0};
    MotorCount count{500};
    while (now < Tick{86'400}) {
        const auto answer = pump.step(
            {.tick = now, .second_of_day = {static_cast<std::uint32_t>(now.seconds)}, .motor = count, .sensors = {}});
        count = answer.target;
        now = answer.next;
        EXPECT_EQ(pump.step({.tick = {now.seconds - 1}, .second_of_day = {}, .motor = count, .sensors = {}})
                      .target.milli_units,
                  count.milli_units);  // between slots nothing falls due
    }
    EXPECT_EQ(count.milli_units, 500 + 24 * bench_rate.count);
}

TEST(PlainPump, LivesAsAProcessOnTheSameBoard) {
    scenarios::Recording seen;
    auto device = PlainDevice::make(seen);
    ASSERT_TRUE(device) << device.error().what;
    auto& simulation = (*device)->simulation();
    ASSERT_TRUE(simulation.power_on());
    ASSERT_TRUE(simulation.run_until({3'600}));
    EXPECT_EQ(simulation.ticks(), 12U);
    EXPECT_NEAR(static_cast<double>(simulation.board().motor().count_mu()), bench_rate.count, 1);
    simulation.power_off();
}

}  // namespace
}  // namespace basalt::measure
