// The bounded bolus by the pump's own button, where no firmware is believed.
#include "device/guardian/dose_window.h"
#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

namespace basalt::guardian {
namespace {
using test::World;

void enter_failsafe(World& world) {
    world.become_normal();
    world.board.sensors.case_open = true;
    world.run_for(320);
    ASSERT_EQ(world.mode(), hal::Mode::failsafe);
}
void press_three_times(World& world) {
    for (int i = 0; i < 3; ++i) world.press();
}
std::int64_t boluses_on_record(const World& world) {
    std::int64_t sum = 0;
    const auto kept = world.kept();
    for (const auto& entry : kept->ring.entries)
        if (entry.seq != 0 && entry.kind == hal::RingKind::dose &&
            entry.code == std::to_underlying(hal::DoseSource::failsafe_bolus))
            sum += entry.amount.count;
    return sum;
}

TEST(FailsafeBolus, ThreeShortPressesGiveTheProfilesBolusAndTheRecordSaysWhoAsked) {
    World world;
    enter_failsafe(world);
    const auto before = world.motor;
    press_three_times(world);
    EXPECT_TRUE(world.shows(Trigger::failsafe_bolus_given));
    world.press();
    EXPECT_FALSE(world.shows(Trigger::failsafe_bolus_refused)) << "one press too many asks for nothing";
    world.run_for(100);
    EXPECT_EQ(world.motor, before + 500);
    EXPECT_EQ(boluses_on_record(world), 500);
    world.run_for(3'600);
    EXPECT_EQ(world.motor, world.on_record());
}

TEST(FailsafeBolus, TheNextOneComesAfterFourHoursAndNoRestartShortensThem) {
    World world;
    enter_failsafe(world);
    press_three_times(world);
    const Tick given = world.now;
    world.run_for(60);
    press_three_times(world);
    EXPECT_TRUE(world.shows(Trigger::failsafe_bolus_refused));
    world.power_off();
    world.start();
    world.next = world.now;
    world.run_to(given + (failsafe_bolus_every_s - 30));
    press_three_times(world);
    EXPECT_EQ(boluses_on_record(world), 500);
    world.run_to(given + failsafe_bolus_every_s + 30);
    press_three_times(world);
    EXPECT_EQ(boluses_on_record(world), 1'000);
}

TEST(FailsafeBolus, NoOtherModeAndNoOtherGestureGivesIt) {
    World world;
    world.become_normal();
    press_three_times(world);
    EXPECT_EQ(boluses_on_record(world), 0);  // normal mode
    world.hold(4);
    ASSERT_EQ(world.mode(), hal::Mode::stopped);
    press_three_times(world);
    EXPECT_EQ(boluses_on_record(world), 0);
    world.hold(11);

    World failsafe;
    enter_failsafe(failsafe);
    failsafe.press();
    failsafe.press();
    failsafe.run_for(10);
    failsafe.press();  // the third came too late
    EXPECT_EQ(boluses_on_record(failsafe), 0);
    failsafe.run_for(30);
    press_three_times(failsafe);
    EXPECT_EQ(boluses_on_record(failsafe), 500);
}

TEST(FailsafeBolus, AProfileThatGrantsNoneGivesNone) {
    Profile profile = test::some_profile();
    profile.failsafe_bolus = 0_mU;
    World world{profile};
    enter_failsafe(world);
    press_three_times(world);
    EXPECT_EQ(boluses_on_record(world), 0);
    EXPECT_FALSE(world.shows(Trigger::failsafe_bolus_refused));
}

TEST(FailsafeBolus, ItIsHeldAgainstTheLimitsOfWhatWasGivenBefore) {
    World world;
    world.become_normal();
    world.firmware_wish_s = 1;
    world.firmware = [](World& w, const hal::FirmwareTick&) { w.ask(3'700_mU, hal::DoseKind::bolus); };
    world.play(world.next);
    world.run_for(160);
    world.firmware = [](World& w, const hal::FirmwareTick&) { w.ask(2_U, hal::DoseKind::bolus); };
    world.play(world.next);  // 5.7 U beyond the profile of 6
    world.firmware = test::good_firmware();
    world.board.sensors.case_open = true;
    world.run_for(200);
    ASSERT_EQ(world.mode(), hal::Mode::failsafe);
    press_three_times(world);
    EXPECT_TRUE(world.shows(Trigger::failsafe_bolus_refused));
    EXPECT_EQ(boluses_on_record(world), 0);
}

TEST(FailsafeBolus, CutAtEveryEffectItIsGivenOnceOrNotAtAll) {
    for (std::size_t cut = 0; cut < 40; ++cut) {
        SCOPED_TRACE(cut);
        World world;
        enter_failsafe(world);
        world.run_for(100);
        const auto before = world.motor;
        world.press();
        world.press();
        world.cut_after = cut;
        world.press();
        world.cut_after.reset();
        if (!world.guardian) world.start();
        world.board.button_down = false;
        world.next = world.now + 1;
        world.run_for(60);
        EXPECT_TRUE(boluses_on_record(world) == 0 || boluses_on_record(world) == 500);
        EXPECT_EQ(world.motor - before, boluses_on_record(world));
        EXPECT_EQ(world.motor, world.on_record());
    }
}

}  // namespace
}  // namespace basalt::guardian
