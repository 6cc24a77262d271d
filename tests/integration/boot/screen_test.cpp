// The screen's channel through the real boot: handed to the firmware, kept by nobody, out of the gateway's reach.
#include "tests/integration/boot/boot_rig.h"

#include <gtest/gtest.h>

namespace basalt::test {
namespace {

TEST(BootAndScreen, TheScreenReachesTheFirmwareWithNoGatewayAndSeesItsEnd) {
    BootRig rig;
    rig.write("flash/slot-a/gateway.img", {});
    rig.start();
    const auto report = rig.begin(1);
    ASSERT_TRUE(report && report->launched);
    EXPECT_NE(report->gateway, ImageVerdict::accepted);
    EXPECT_EQ(hear(rig.dose), "firmware " + rig.flash() + " " + rig.chip().tcti());
    EXPECT_EQ(hear(rig.screen), "shown");
    const auto children = children_of(rig.boot());
    ASSERT_EQ(children.size(), 1U);
    kill_and_wait(children.front());
    EXPECT_EQ(hear(rig.screen), "(ended)") << "boot keeps no end of it";
}

TEST(BootAndScreen, WhereNoFirmwareRunsTheScreensChannelHasEnded) {
    BootRig rig;
    for (const char* slot : {"slot-a", "slot-b"}) rig.write(std::string{"flash/"} + slot + "/firmware.img", {});
    rig.start();
    ASSERT_TRUE(rig.begin(1));
    EXPECT_EQ(hear(rig.screen), "(ended)");
}

}  // namespace
}  // namespace basalt::test
