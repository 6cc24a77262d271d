// Who can write to the device's flash and has no key.
#include "tests/attack/device/attacked_pump.h"

namespace basalt::test {
namespace {

using Flash = AttackedPump;

TEST_F(Flash, AnAttackersFirmwareInSlotALeavesTheOneInBWithNormalModeAndAMediumAlarm) {
    put_file(flash() / "slot-a" / "firmware.img",
             attackers_image(TENFOLD_PROGRAM, FileKind::firmware, Variant::production));
    live(620);
    EXPECT_EQ(simulation().mode(), Mode::normal);
    expect_alarm("slot_a_refused", hal::Priority::medium);
    const auto report = boot_report();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->slot, hal::Slot::b);
    EXPECT_EQ(report->firmware_a, ImageVerdict::bad_signature);
    EXPECT_TRUE(runs(Part::gateway));
    expect_insulin_goes_on();
}

TEST_F(Flash, ADamagedSpareAloneIsSaidByAlarmAndLogWhileSlotARunsInNormalMode) {
    auto image = file_bytes(flash() / "slot-b" / "firmware.img");
    image[image.size() / 2] ^= 1;
    put_file(flash() / "slot-b" / "firmware.img", image);
    live(620);
    EXPECT_EQ(simulation().mode(), Mode::normal);
    expect_alarm("slot_b_refused", hal::Priority::low);
    const auto report = boot_report();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->slot, hal::Slot::a);
    EXPECT_EQ(report->firmware_a, ImageVerdict::accepted);
    EXPECT_EQ(report->firmware_b, ImageVerdict::bad_signature);
    EXPECT_TRUE(runs(Part::gateway));
    expect_insulin_goes_on();
}

TEST_F(Flash, AnAttackersNetworkPartCostsTheNetworkOnly) {
    const auto image = attackers_image(FLOODING_PROGRAM, FileKind::gateway, Variant::production);
    put_file(flash() / "slot-a" / "gateway.img", image);
    put_file(flash() / "slot-b" / "gateway.img", image);
    live(620);
    EXPECT_EQ(simulation().mode(), Mode::normal);
    expect_alarm("gateway_refused", hal::Priority::medium);
    EXPECT_TRUE(runs(Part::firmware));
    EXPECT_FALSE(runs(Part::gateway));
    expect_insulin_goes_on();
}

TEST_F(Flash, AChangedConfigurationIsRefusedByItsSignatureAndTheProfileGoesOn) {
    auto file = file_bytes(flash() / "config" / "device.cfg");
    file.back() ^= 1;
    put_file(flash() / "config" / "device.cfg", file);
    live(620);
    EXPECT_EQ(simulation().mode(), Mode::failsafe);
    expect_alarm("configuration_refused", hal::Priority::high);
    const auto report = boot_report();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->configuration, ImageVerdict::bad_signature);
    expect_insulin_goes_on();
}

TEST_F(Flash, ACopyOfItOnAnotherChipIsNeverBelieved) {
    const auto another = campaign::provision(built());  // the same identity, and secrets of its own
    ASSERT_TRUE(another) << another.error().what;
    std::filesystem::remove_all(flash());
    std::filesystem::copy((*another)->flash(), flash(), std::filesystem::copy_options::recursive);
    live(620);
    EXPECT_FALSE(witness_.became(Mode::normal, {}, simulation().now()));
    EXPECT_FALSE(std::filesystem::exists(flash() / "db" / "patient.db"));  // no key, so no record was begun
    expect_insulin_goes_on();
}

}  // namespace
}  // namespace basalt::test
