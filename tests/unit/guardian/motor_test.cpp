// What the motor did is held against what it was told.
#include "device/guardian/dose_window.h"
#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

namespace basalt::guardian {
namespace {
using test::World;

TEST(Motor, ABlockedMotorIsFoundAtTheNextTickAndTheRecordFollowsIt) {
    World world;
    world.become_normal();
    world.motor_stuck_at = world.motor + 40;
    world.run_for(300);
    EXPECT_FALSE(world.shows(Trigger::motor_stalled));  // the slot's dose was only just ordered
    world.run_for(300);
    EXPECT_TRUE(world.shows(Trigger::motor_stalled));
    world.motor_stuck_at = INT64_MAX;
    world.run_for(900);
    EXPECT_EQ(world.motor, world.on_record());
    EXPECT_EQ(world.mode(), hal::Mode::normal);
}

TEST(Motor, AMotorThatIsStillAtWorkIsNotStalled) {
    World world;
    world.firmware_wish_s = 1;
    world.become_normal();
    world.firmware = [](World& w, const hal::FirmwareTick& tick) {
        if (tick.basal_due) w.ask(5_U, hal::DoseKind::bolus);
    };
    world.run_for(299);
    const auto before = world.motor;
    world.run_for(190);  // 5 U and the slot's 84 mU take 204 s
    EXPECT_GT(world.motor, before + 4'000);
    EXPECT_FALSE(world.shows(Trigger::motor_stalled));
    world.run_for(30);
    EXPECT_EQ(world.motor, world.on_record());
}

TEST(Motor, WhileItIsBehindTheFirmwareWaits) {
    World world;
    world.firmware_wish_s = 1;
    world.become_normal();
    std::vector<hal::DoseVerdict> verdicts;
    world.firmware = [&](World& w, const hal::FirmwareTick&) {
        verdicts.push_back(w.ask(500_mU, hal::DoseKind::bolus));
    };
    world.run_for(22);
    using enum hal::DoseVerdict;
    ASSERT_GE(verdicts.size(), 22U);
    EXPECT_EQ(verdicts[0], accepted);
    for (int i = 1; i < 20; ++i) EXPECT_EQ(verdicts[i], motor_behind);
    EXPECT_EQ(verdicts[20], accepted);
}

TEST(Motor, AMotorAheadOfTheRecordMeansFailsafeAndCountsInTheWindows) {
    World world;
    world.become_normal();
    world.run_for(400);
    world.motor += 3'000;
    world.run_for(300);
    EXPECT_EQ(world.mode(), hal::Mode::failsafe);
    EXPECT_TRUE(world.shows(Trigger::motor_ahead));
    world.run_for(900);
    EXPECT_EQ(world.motor, world.on_record());
}

/// The motor goes `step` mU further than it was sent, at each of so many ticks, a second apart.
void creep(World& world, std::int64_t step, int ticks) {
    world.firmware_wish_s = 1;
    for (int i = 0; i < ticks; ++i) {
        world.motor += step;
        world.play(world.next);
    }
}

TEST(Motor, OneThatCreepsByLessThanAStepIsFoundByTheSumAndCounts) {
    for (const std::int64_t step : {1, 7, 20, 25}) {
        SCOPED_TRACE(step);
        World world;
        world.become_normal();
        world.run_for(200);
        world.firmware_wish_s = 1;
        world.play(world.next);
        const auto before = world.motor;
        creep(world, step, static_cast<int>(100 / step));
        EXPECT_FALSE(world.shows(Trigger::motor_ahead));
        creep(world, step, static_cast<int>(100 / step));
        EXPECT_TRUE(world.shows(Trigger::motor_ahead));
        EXPECT_EQ(world.mode(), hal::Mode::failsafe);
        EXPECT_GE(world.motor, before + 100);
        world.run_for(900);
        EXPECT_EQ(world.motor, world.on_record());
    }
}

TEST(Motor, AStepTooFarAfterAHaltIsNoCreepingHoweverOften) {
    World world;
    world.become_normal();
    const auto hold = [&world](std::uint64_t seconds) {
        world.board.button_down = true;
        world.run_for(seconds);
        world.board.button_down = false;
        world.run_for(2);
    };
    for (int i = 0; i < 12; ++i) {
        world.firmware_wish_s = 1;
        world.run_for(2);
        world.firmware = [](World& w, const hal::FirmwareTick&) { w.ask(1_U, hal::DoseKind::bolus); };
        world.play(world.next);
        world.firmware = test::good_firmware();
        hold(5);  // stopped in the middle of the bolus
        ASSERT_EQ(world.mode(), hal::Mode::stopped);
        world.motor += 25;
        world.play(world.next);
        hold(12);
        world.run_for(3'600);
        ASSERT_EQ(world.mode(), hal::Mode::normal) << i;
    }
    EXPECT_FALSE(world.shows(Trigger::motor_ahead));
    EXPECT_EQ(world.motor, world.on_record());
}

TEST(Motor, OneMilliunitTakenBackExcusesNoStepTooFar) {
    World world;
    world.firmware_wish_s = 1;
    world.become_normal();
    for (int slot = 1; slot <= 5; ++slot) {
        ASSERT_FALSE(world.shows(Trigger::motor_ahead)) << slot;
        world.run_to(Tick{(world.now.seconds / 300 + 1) * 300});
        world.motor_stuck_at = world.motor_target - 1;
        world.run_for(10);
        ASSERT_TRUE(world.shows(Trigger::motor_stalled)) << "the last milliunit was taken back";
        world.motor_stuck_at = INT64_MAX;
        world.motor += 24;
        world.play(world.next);
    }
    EXPECT_TRUE(world.shows(Trigger::motor_ahead));
    EXPECT_EQ(world.motor, world.on_record());
}

TEST(Motor, WhatItGaveTooMuchCountsAlsoWhenTheRingHasNoRoomForIt) {
    World world;
    world.become_normal();
    world.firmware_wish_s = 1;
    for (int i = 0; i < 500; ++i) {  // fills the day's room with what is no dose
        world.board.sensors.reservoir = i % 2 == 0 ? 10_U : 200_U;
        world.play(world.next);
    }
    creep(world, 1, 90);
    ASSERT_EQ(events_of_the_day(world.state().kept.ring, world.now), corrections_a_day);
    ASSERT_FALSE(world.shows(Trigger::motor_ahead));
    world.motor += 7'900;  // the hour is full
    world.play(world.next);
    EXPECT_TRUE(world.shows(Trigger::motor_ahead));
    const auto motor = world.motor;
    world.run_for(600);
    EXPECT_TRUE(world.shows(Trigger::delivery_limited));
    EXPECT_EQ(world.motor, motor);
    world.run_for(26 * 3'600);  // there is room again, and everything is on record
    EXPECT_GT(world.motor, motor);
    EXPECT_EQ(world.motor, world.on_record());
}

TEST(Motor, AnOlderCopyOfTheMemoryIsFoundByTheMotorAlone) {
    World world;
    world.become_normal();
    const auto old_copy = world.memory;
    world.run_for(3600);
    world.power_off();
    world.memory = old_copy;
    world.start();
    world.play(world.now);
    EXPECT_EQ(world.mode(), hal::Mode::failsafe);
    EXPECT_TRUE(world.shows(Trigger::motor_ahead));
    const auto motor = world.motor;
    world.run_for(600);
    EXPECT_GT(world.motor, motor);  // the profile goes on from where the motor really stands
}

TEST(Motor, ACorrectionMakesNoRoomThatWasNotThere) {
    // A dose is taken back when it already left the hour: the hour must not be credited with it.
    Ring ring;
    const auto put = [&](std::uint64_t tick, hal::RingKind kind, std::int32_t amount, std::uint64_t of) {
        hal::RingEntry entry;
        entry.seq = ++ring.newest;
        entry.tick = {tick};
        entry.kind = kind;
        entry.amount = {amount};
        if (kind == hal::RingKind::dose)
            entry.detail = as_detail(SlotDetail{});
        else
            entry.detail = as_detail(CorrectionDetail{{of}, 0});
        ring.at(entry.seq) = entry;
    };
    put(10'000, hal::RingKind::dose, 5'000, 0);
    put(12'000, hal::RingKind::dose, 1'000, 0);
    put(13'500, hal::RingKind::correction, -4'000, 10'000);
    EXPECT_EQ(delivered(ring, {13'599}, 0_mU).last_hour, 2'000_mU);
    EXPECT_EQ(delivered(ring, {13'600}, 0_mU).last_hour, 1'000_mU);
    EXPECT_EQ(delivered(ring, {13'600}, 0_mU).last_day, 2'000_mU);
}

}  // namespace
}  // namespace basalt::guardian
