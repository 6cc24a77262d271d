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
    EXPECT_EQ(delivered(ring, {13'599}).last_hour, 2'000_mU);
    EXPECT_EQ(delivered(ring, {13'600}).last_hour, 1'000_mU);
    EXPECT_EQ(delivered(ring, {13'600}).last_day, 2'000_mU);
}

}  // namespace
}  // namespace basalt::guardian
