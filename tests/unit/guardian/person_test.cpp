// The person at the pump: stop, resume, quiet.
#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

namespace basalt::guardian {
namespace {
using test::World;

void hold_button(World& world, std::uint64_t seconds) {
    world.board.button_down = true;
    world.play(world.now + 1);
    world.run_for(seconds);
    world.board.button_down = false;
    world.play(world.now + 1);
}

TEST(Person, HoldingTheButtonThreeSecondsStopsInEveryDeliveringMode) {
    for (const bool failsafe : {false, true}) {
        World world;
        world.become_normal();
        world.board.sensors.case_open = failsafe;
        world.run_for(300);
        world.board.button_down = true;
        world.play(world.now + 1);
        EXPECT_EQ(world.next, world.now + 1);
        world.run_for(2);
        EXPECT_NE(world.mode(), hal::Mode::stopped);
        world.run_for(1);
        EXPECT_EQ(world.mode(), hal::Mode::stopped);
        EXPECT_TRUE(world.shows(Trigger::delivery_stopped));
    }
}

TEST(Person, AStopHaltsTheMotorWhereItStandsAndTheRecordSaysSo) {
    World world;
    world.become_normal();
    world.firmware = [](World& w, const hal::FirmwareTick& tick) {
        if (tick.basal_due) w.ask(4_U, hal::DoseKind::bolus);
    };
    world.run_for(290);
    hold_button(world, 3);
    const auto motor = world.motor;
    world.run_for(600);
    EXPECT_EQ(world.motor, motor);
    EXPECT_EQ(world.motor, world.on_record());
}

TEST(Person, AStopSurvivesRestartsAndNothingIsDelivered) {
    World world;
    world.become_normal();
    hold_button(world, 3);
    const auto motor = world.motor;
    for (int i = 0; i < 4; ++i) {
        world.power_off();
        world.start();
        world.next = world.now;
        world.run_for(1500);
        EXPECT_EQ(world.mode(), hal::Mode::stopped);
        EXPECT_EQ(world.signals.light, hal::Priority::high);
        EXPECT_EQ(world.signals.sound, hal::Priority::high);
    }
    EXPECT_EQ(world.motor, motor);
    EXPECT_EQ(world.on_record(), motor);
}

TEST(Person, OnlyANewPressOfTenSecondsResumes) {
    World world;
    world.become_normal();
    hold_button(world, 60);  // the press that stops does not resume, however long it is
    EXPECT_EQ(world.mode(), hal::Mode::stopped);
    hold_button(world, 9);
    EXPECT_EQ(world.mode(), hal::Mode::stopped);
    const auto motor = world.motor;
    hold_button(world, 10);
    EXPECT_EQ(world.mode(), hal::Mode::start_up);  // a new generation is anchored: the firmware proves itself anew
    EXPECT_FALSE(world.shows(Trigger::delivery_stopped));
    world.run_for(600);
    EXPECT_EQ(world.mode(), hal::Mode::normal);
    EXPECT_GT(world.motor, motor);
    world.power_off();
    world.start();
    world.next = world.now;
    world.run_for(300);
    EXPECT_EQ(world.mode(), hal::Mode::normal);
}

TEST(Person, ResumingAFailsafeIsAFailsafe) {
    World world;
    world.become_normal();
    world.board.sensors.light_lux = 500;
    world.run_for(300);
    hold_button(world, 3);
    hold_button(world, 10);
    EXPECT_EQ(world.mode(), hal::Mode::failsafe);
}

TEST(Person, NothingResumesAPumpWithoutAProfile) {
    World world;
    world.memory[layout::profile + 300] ^= 1;
    world.memory[layout::profile + layout::profile_size + 300] ^= 1;
    world.start();
    world.next = world.now;
    world.run_for(10);
    hold_button(world, 10);
    hold_button(world, 10);
    world.run_for(3600);
    EXPECT_EQ(world.mode(), hal::Mode::stopped);
    EXPECT_EQ(world.motor, 0);
}

TEST(Person, AShortPressPausesTheSoundAndANewAlarmBreaksThePause) {
    World world;
    world.become_normal();
    world.board.sensors.case_open = true;
    world.run_for(300);
    EXPECT_EQ(world.signals.sound, hal::Priority::high);
    hold_button(world, 0);
    EXPECT_EQ(world.signals.sound, hal::Priority::none);
    EXPECT_EQ(world.signals.light, hal::Priority::high);
    world.board.clock_ok = false;
    world.play(world.now + 1);
    EXPECT_EQ(world.signals.sound, hal::Priority::medium);
    world.run_for(120);
    EXPECT_EQ(world.signals.sound, hal::Priority::high);
}

TEST(Person, NothingSilencesAPumpThatGivesNothing) {
    World world;
    world.become_normal();
    hold_button(world, 3);
    hold_button(world, 0);
    world.run_for(10);
    EXPECT_EQ(world.signals.sound, hal::Priority::high);
    EXPECT_EQ(world.signals.light, hal::Priority::high);
}

}  // namespace
}  // namespace basalt::guardian
