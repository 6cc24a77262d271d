#include "device/guardian/mode.h"

#include <gtest/gtest.h>

#include <set>

namespace basalt::guardian {
namespace {
using enum hal::Mode;
using enum ModeEvent;
constexpr std::array modes{start_up, normal, failsafe, stopped};
constexpr std::array events{accepted, reset, integrity, stop, resume, released};

TEST(ModeMachine, NothingLeavesFailsafeButAStopAndARelease) {
    for (const auto event : events)
        EXPECT_EQ(next_mode(failsafe, event), event == stop ? stopped : event == released ? start_up : failsafe);
}
TEST(ModeMachine, NothingLeavesStoppedButAPersonsResumeAndNoRelease) {
    for (const auto event : events) EXPECT_EQ(next_mode(stopped, event), event == resume ? start_up : stopped);
}
TEST(ModeMachine, StopAndIntegrityWinFromEveryDeliveringMode) {
    for (const auto mode : {start_up, normal, failsafe}) {
        EXPECT_EQ(next_mode(mode, stop), stopped);
        EXPECT_EQ(next_mode(mode, integrity), failsafe);
    }
}
TEST(ModeMachine, NormalIsReachedByAProofAloneAndLostByAReset) {
    for (const auto mode : modes)
        for (const auto event : events)
            if (mode != normal) {
                EXPECT_EQ(next_mode(mode, event) == normal, mode == start_up && event == accepted);
            }
    EXPECT_EQ(next_mode(normal, reset), start_up);
}
TEST(ModeMachine, EveryModeIsReachedFromStartUp) {
    std::set<hal::Mode> seen{start_up};
    for (int round = 0; round < 4; ++round)
        for (const auto mode : std::set{seen})
            for (const auto event : events) seen.insert(next_mode(mode, event));
    EXPECT_EQ(seen.size(), modes.size());
}

}  // namespace
}  // namespace basalt::guardian
