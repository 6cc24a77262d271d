// Who has taken over the network part.
#include "tests/attack/device/attacked_pump.h"

namespace basalt::test {
namespace {

const bench::FreshDevice& device_that_checks_no_image() {
    static const auto device = [] {
        auto kind = built(Variant::training);
        kind.switched_off =
            static_cast<std::uint32_t>(Defence::image_check) | static_cast<std::uint32_t>(Defence::sealing);
        return campaign::provision(kind);
    }();
    if (!device) {
        ADD_FAILURE() << device.error().what << ' ' << device.error().next_step;
        std::exit(1);
    }
    return **device;
}

/// A training device, which lets the attacker's network part run: as if it had been taken over while it ran.
class HostileGateway : public AttackedPump {
  protected:
    HostileGateway() : AttackedPump(device_that_checks_no_image()) {}
};

TEST_F(HostileGateway, FloodingTheFirmwareIsolatesTheNetworkAtMostAndNeverLatchesFailsafe) {
    put_file(flash() / "slot-a" / "gateway.img",
             attackers_image(FLOODING_PROGRAM, FileKind::gateway, Variant::training));
    live(600);
    ASSERT_TRUE(runs(Part::gateway));  // it does run, and floods
    live(2 * 3'600 + 20);
    EXPECT_FALSE(witness_.became(Mode::failsafe, {}, simulation().now()));
    EXPECT_FALSE(witness_.became(Mode::stopped, {}, simulation().now()));
    EXPECT_EQ(simulation().mode(), Mode::normal);
    expect_insulin_goes_on();
}

}  // namespace
}  // namespace basalt::test
