// Basal insulin: each slot exactly one dose, whoever asked, at the profile's rate to the milliunit.
#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

namespace basalt::guardian {
namespace {
using test::World;

TEST(Slots, WithoutAFirmwareADayIsTheProfileToTheMilliunit) {
    Profile profile = test::some_profile();
    std::int32_t day = 0;
    for (std::size_t hour = 0; hour < 24; ++hour) {
        profile.rates[hour] = {static_cast<std::int32_t>(350 + 50 * hour)};
        day += profile.rates[hour].count;
    }
    World world{profile};
    world.report.launched = false;
    world.start();
    world.next = world.now;
    world.run_for(86'400 - 1);
    EXPECT_EQ(world.on_record(), day);
    world.run_for(40);
    EXPECT_EQ(world.motor, world.on_record());
}

TEST(Slots, TheFirstDoseComesAtTheFirstMoment) {
    World world;
    world.report.launched = false;
    world.now = world.next = Tick{86'417};  // in the middle of a slot
    world.start();
    world.play(world.now);
    EXPECT_EQ(world.on_record(), 83);
    world.run_to(Tick{86'699});
    EXPECT_EQ(world.on_record(), 83);
    world.run_to(Tick{86'700});
    EXPECT_EQ(world.on_record(), 83 + 83);
}

TEST(Slots, TheFirmwaresBasalTakesThePlaceOfTheProfiles) {
    World world;
    world.become_normal();
    const auto before = world.on_record();
    world.run_for(3600 - 10);
    EXPECT_EQ(world.on_record() - before, 12 * 100);
}

TEST(Slots, ARefusedRequestLeavesTheSlotToTheProfile) {
    World world;
    world.become_normal();
    const auto before = world.on_record();
    world.firmware = test::good_firmware(MilliUnits{-5});
    world.run_for(300);
    EXPECT_EQ(world.on_record() - before, 83);
    EXPECT_EQ(world.answer->verdict, hal::DoseVerdict::not_positive);
    EXPECT_EQ(world.mode(), hal::Mode::normal);
}

TEST(Slots, ABasalRequestOfZeroIsTheSlotsDose) {
    World world;
    world.become_normal();
    const auto before = world.on_record();
    world.firmware = test::good_firmware(0_mU);
    world.run_for(900);
    EXPECT_EQ(world.on_record(), before);
    EXPECT_EQ(world.answer->verdict, hal::DoseVerdict::accepted);
}

TEST(Slots, ASlotHasOneDoseAndOutsideOfSlotsThereIsNone) {
    World world;
    world.become_normal();
    world.firmware_wish_s = 1;
    std::vector<hal::DoseVerdict> verdicts;
    world.firmware = [&](World& w, const hal::FirmwareTick& tick) {
        if (tick.basal_due) {
            verdicts.push_back(w.ask(100_mU, hal::DoseKind::basal));
            verdicts.push_back(w.ask(100_mU, hal::DoseKind::basal));
        } else if (tick.tick.seconds % 300 == 7)
            verdicts.push_back(w.ask(100_mU, hal::DoseKind::basal));
    };
    const auto before = world.on_record();
    world.run_for(310);
    using enum hal::DoseVerdict;
    EXPECT_EQ(verdicts, (std::vector{accepted, twice_in_slot, not_due}));
    EXPECT_EQ(world.on_record() - before, 100);
}

TEST(Slots, ASlotThatIsServedLateHasOneDoseTooAndSaysWhyItRefusesTheSecond) {
    World world;
    world.become_normal();
    world.run_to(Tick{(world.now.seconds / 300 + 1) * 300 - 1});
    std::vector<hal::DoseVerdict> verdicts;
    world.firmware = [&](World& w, const hal::FirmwareTick&) {
        verdicts.push_back(w.ask(100_mU, hal::DoseKind::basal));
        verdicts.push_back(w.ask(100_mU, hal::DoseKind::basal));
    };
    const auto before = world.on_record();
    world.now = world.now + 17;  // the slot's first tick was not played
    world.play(world.now);
    world.now = world.now + 1;
    world.play(world.now);
    using enum hal::DoseVerdict;
    EXPECT_EQ(verdicts, (std::vector{accepted, twice_in_slot, not_due, not_due}));
    EXPECT_EQ(world.on_record() - before, 100);
}

TEST(Slots, ALostClockMeansTheLowestRate) {
    Profile profile = test::some_profile();
    profile.rates[3] = {600};
    World world{profile};
    world.board.clock_ok = false;
    world.report.launched = false;
    world.start();
    world.next = world.now;
    world.run_for(3599);
    EXPECT_EQ(world.on_record(), 600);
    EXPECT_TRUE(world.shows(Trigger::clock_lost));
    world.board.clock_ok = true;
    world.run_for(300);
    EXPECT_FALSE(world.shows(Trigger::clock_lost));
}

TEST(Slots, ATickThatWasAlreadyPlayedIsNotPlayedAgain) {
    World world;
    world.become_normal();
    world.run_for(300);
    const auto before = world.on_record();
    for (const std::uint64_t back : {0U, 1U, 300U}) {
        hal::TickFrame old = world.board;
        old.tick = {world.state().tick.tick.seconds - back};
        old.motor = {world.motor};
        world.guardian->on_board(hal::BoardFrames::encode(old).view());
        EXPECT_EQ(world.state().waiting, Waiting::board);
    }
    world.run_for(300);
    EXPECT_EQ(world.on_record() - before, 100);
}

TEST(Slots, SlotsWithoutPowerAreMissedNotMadeUpFor) {
    World world;
    world.become_normal();
    world.run_for(299);
    const auto before = world.on_record();
    world.power_off();
    world.now = world.now + 4000;
    world.start();
    world.play(world.now);
    EXPECT_EQ(world.on_record() - before, 84);  // the slot of now, late, with what rounding had left over
    EXPECT_TRUE(world.shows(Trigger::slot_missed));
}

TEST(Slots, AfterMuchInsulinEvenTheProfileWaits) {
    Profile profile = test::some_profile();
    profile.rates.fill({2000});
    profile.limits.per_dose = 3_U;
    profile.limits.per_hour = 3_U;
    World world{profile};
    world.become_normal();
    const auto before = world.on_record();
    world.firmware = [](World& w, const hal::FirmwareTick& tick) {
        if (tick.basal_due) w.ask(2900_mU - MilliUnits{166}, hal::DoseKind::bolus);
    };
    world.run_for(300);
    world.firmware = {};
    world.run_for(3000);
    EXPECT_LE(world.on_record() - before, 3000);
    EXPECT_TRUE(world.shows(Trigger::delivery_limited));
    EXPECT_EQ(world.mode(), hal::Mode::normal);
    world.run_for(4000);
    EXPECT_FALSE(world.shows(Trigger::delivery_limited));
}

}  // namespace
}  // namespace basalt::guardian
