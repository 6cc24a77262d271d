// The firmware dies at every point at which that can make a difference: before and after each frame that it sends. What
// it wrote between two frames is durable or not as a whole, so these points are all there are.
#include "tests/integration/firmware/accounts.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>

namespace basalt::test {
namespace {

constexpr Tick begin{86'400};
constexpr Tick after(std::uint64_t seconds) { return {begin.seconds + seconds}; }
/// Long enough for a start, some doses, the death, and the start after it; short enough for hundreds of runs.
constexpr std::uint64_t three_slots = 910;
constexpr std::uint64_t the_rest = 1'510;

struct Kills : testing::TestWithParam<bool> {};

TEST_P(Kills, AtNoPointIsADoseGivenTwiceOrLost) {
    std::uint64_t frames = 0;
    {
        Scratch scratch;
        JoinedDevice device{{.records = scratch.path(), .durability = storage::Durability::process_only}};
        device.run_to(after(three_slots));
        frames = device.firmware_frames();
    }
    ASSERT_GT(frames, 10U);
    for (std::uint64_t frame = 1; frame <= frames; ++frame) {
        SCOPED_TRACE(frame);
        Scratch scratch;
        JoinedDevice device{{.records = scratch.path(), .durability = storage::Durability::process_only}};
        device.kill_firmware_at(frame, GetParam());
        device.run_to(after(the_rest));
        EXPECT_EQ(device.resets(), 2) << "it died, and was brought back";
        EXPECT_EQ(device.signals().mode, hal::Mode::normal);
        EXPECT_FALSE(device.signals().network_isolated);
        EXPECT_TRUE(device.findings().empty());
        expect_no_dose_twice_and_none_missing(device, begin);
        expect_every_request_on_record(device);
        if (HasFailure()) return;
    }
}

INSTANTIATE_TEST_SUITE_P(Firmware, Kills, testing::Bool(),
                         [](const auto& each) { return each.param ? "TheFrameArrives" : "TheFrameIsLost"; });

TEST(Kill, AHangIsEndedByAResetAndTheSlotGetsItsDose) {
    Scratch scratch;
    JoinedDevice device{{.records = scratch.path(), .durability = storage::Durability::process_only}};
    device.run_to(after(590));
    device.hang_firmware();
    device.run_to(after(1'210));
    EXPECT_EQ(device.resets(), 2);
    EXPECT_EQ(device.signals().mode, hal::Mode::normal);
    expect_no_dose_twice_and_none_missing(device, begin);
}

TEST(Kill, TheGuardianDiesAndNothingIsGivenTwice) {
    for (std::uint64_t at = 595; at <= 625; at += 3) {
        SCOPED_TRACE(at);
        Scratch scratch;
        JoinedDevice device{{.records = scratch.path(), .durability = storage::Durability::process_only}};
        device.run_to(after(at));
        device.restart_guardian();
        device.run_to(after(1'510));
        EXPECT_EQ(device.signals().mode, hal::Mode::normal);
        expect_no_dose_twice_and_none_missing(device, begin);
    }
}

TEST(Kill, ThreeDeathsInAnHourIsolateTheNetworkAndInsulinGoesOn) {
    Scratch scratch;
    JoinedDevice device{{.records = scratch.path(), .durability = storage::Durability::process_only}};
    for (int i = 1; i <= 3; ++i) {
        device.run_to(after(static_cast<std::uint64_t>(i) * 600 + 10));
        device.kill_firmware();
    }
    device.run_to(after(3'610));
    EXPECT_TRUE(device.signals().network_isolated);
    EXPECT_EQ(device.signals().mode, hal::Mode::normal);  // never failsafe by a crash alone
    expect_no_dose_twice_and_none_missing(device, begin);
}

}  // namespace
}  // namespace basalt::test
