// The firmware is the attacker's. Whatever it says, the limits hold; and what it says wrongly costs the patient
// nothing.
#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

namespace basalt::guardian {
namespace {
using test::World;

struct Limits {
    std::deque<std::pair<std::uint64_t, std::int64_t>> all;  // tick, amount
    std::int64_t within(std::uint64_t now, std::uint64_t seconds) const {
        std::int64_t sum = 0;
        for (const auto& [tick, amount] : all)
            if (tick + seconds > now) sum += amount;
        return sum;
    }
};

TEST(HostileFirmware, WhateverItAsksNoWindowEverHoldsMoreThanItsLimit) {
    for (const std::uint64_t seed : test::seeds(16)) {
        SCOPED_TRACE(seed);
        test::Rng rng{seed};
        World world;
        const auto limits = test::some_profile().limits;
        // Small asks stay below the hard limits and press against the cap; large ones break them.
        const std::int64_t largest = rng.one_in(2) ? 5'000 : 300;
        world.firmware = [&](World& w, const hal::FirmwareTick& tick) {
            test::good_firmware(std::nullopt)(w, tick);
            if (rng.one_in(4))
                for (int i = 0; i < 50; ++i) w.say(hal::TakeBack{});
            for (int i = 0; i < 3; ++i)
                w.ask({static_cast<std::int32_t>(rng.between(-10, largest))},
                      rng.one_in(2) ? hal::DoseKind::basal : hal::DoseKind::bolus);
        };
        Limits given;
        std::int64_t motor_before = 0;
        Limits moved;
        std::int64_t beyond_4_h_most = 0;
        world.on_entry = [&](const hal::RingEntry& entry) {
            if (entry.kind != hal::RingKind::dose && entry.kind != hal::RingKind::correction) return;
            given.all.emplace_back(entry.tick.seconds, entry.amount.count);
            while (given.all.front().first + 86'400 <= entry.tick.seconds) given.all.pop_front();
            EXPECT_LE(given.within(entry.tick.seconds, 3600), limits.per_hour.count);
            EXPECT_LE(given.within(entry.tick.seconds, 86'400), limits.per_day.count);
            const auto four = given.within(entry.tick.seconds, 14'400);
            EXPECT_LE(four, 4'000 + 84 + limits.beyond_profile_in_4_h.count);
            beyond_4_h_most = std::max(beyond_4_h_most, four);
        };
        world.firmware_wish_s = static_cast<std::uint64_t>(rng.between(20, 120));
        world.start();
        world.next = world.now;
        const Tick end = world.now + std::uint64_t{30 * 3600};
        while (world.next <= end) {
            world.play(world.next);
            moved.all.emplace_back(world.now.seconds, world.motor - motor_before);
            motor_before = world.motor;
            while (moved.all.front().first + 86'400 <= world.now.seconds) moved.all.pop_front();
            // A dose of 5 U moves for 200 s: so much later than it was written down it may leave the pump.
            EXPECT_LE(moved.within(world.now.seconds, 3600 - 300), limits.per_hour.count);
        }
        EXPECT_GT(world.on_record(), 25'000);  // and the profile went on
        if (testing::Test::HasFailure()) break;
    }
}

TEST(HostileFirmware, WithholdingTheInsulinForHoursIsToldOfAndAnOrdinarySuspendIsNot) {
    World world;
    world.become_normal();
    world.firmware = test::good_firmware(MilliUnits{84});
    world.run_for(5 * 3600);
    world.firmware = test::good_firmware(1_mU);
    world.run_for(2 * 3600);
    EXPECT_FALSE(world.shows(Trigger::insulin_withheld));
    world.run_for(2 * 3600);
    EXPECT_TRUE(world.shows(Trigger::insulin_withheld));
    world.firmware = test::good_firmware(MilliUnits{84});
    world.run_for(2 * 3600);
    EXPECT_FALSE(world.shows(Trigger::insulin_withheld));
}

TEST(HostileFirmware, AMotorThatDoesNotMoveIsNotItsDoing) {
    World world;
    world.become_normal();
    world.motor_stuck_at = world.motor;
    world.run_for(5 * 3600);
    EXPECT_TRUE(world.shows(Trigger::motor_stalled));
    EXPECT_FALSE(world.shows(Trigger::insulin_withheld));
}

TEST(HostileFirmware, OneThatSaysNothingOfAProofIsToldOf) {
    World world;
    world.firmware = [](World&, const hal::FirmwareTick&) {};
    world.start();
    world.next = world.now;
    world.run_for(600);
    EXPECT_EQ(world.mode(), hal::Mode::start_up);
    EXPECT_TRUE(world.shows(Trigger::firmware_not_proven));
}

TEST(HostileFirmware, AskingForMoreThanAHardLimitLatchesFailsafeOverRestarts) {
    World world;
    world.become_normal();
    world.firmware = [](World& w, const hal::FirmwareTick&) { w.ask(5'001_mU, hal::DoseKind::bolus); };
    const auto before = world.on_record();
    world.run_for(1);
    world.run_for(300);
    EXPECT_EQ(world.mode(), hal::Mode::failsafe);
    EXPECT_EQ(world.on_record() - before, 83);
    EXPECT_TRUE(world.signals.network_isolated);
    EXPECT_EQ(world.signals.sound, hal::Priority::high);
    for (int i = 0; i < 3; ++i) {
        world.power_off();
        world.start();
        world.firmware = test::good_firmware();
        world.next = world.now;
        world.run_for(600);
        EXPECT_EQ(world.mode(), hal::Mode::failsafe);
        EXPECT_TRUE(world.welcome->accepted);  // it is the genuine one by now, and still does not get the motor
        EXPECT_TRUE(world.shows(Trigger::dose_over_limit));
    }
}

TEST(HostileFirmware, OverTheCapIsRefusedAndTheSlotGetsTheProfilesDose) {
    World world;
    world.become_normal();
    world.firmware = test::good_firmware(1'000_mU);
    const auto before = world.on_record();
    world.run_for(8 * 300);  // 917 beyond each: six fit into 6 U
    EXPECT_EQ(world.answer->verdict, hal::DoseVerdict::over_cap);
    EXPECT_EQ(world.mode(), hal::Mode::normal);
    EXPECT_TRUE(world.shows(Trigger::dose_over_cap));
    EXPECT_NEAR(static_cast<double>(world.on_record() - before), 6'000 + 2 * 83, 2);
}

TEST(HostileFirmware, WithoutAProofNoDose) {
    World world;
    world.firmware = [](World& w, const hal::FirmwareTick&) {
        EXPECT_EQ(w.ask(100_mU, hal::DoseKind::bolus), hal::DoseVerdict::wrong_mode);
        EXPECT_EQ(w.ask(100_mU, hal::DoseKind::basal), hal::DoseVerdict::wrong_mode);
    };
    world.start();
    world.next = world.now;
    world.run_for(3599);
    EXPECT_EQ(world.on_record(), 1000);
    EXPECT_EQ(world.mode(), hal::Mode::start_up);
}

TEST(HostileFirmware, ARecordedOrForeignProofIsRefusedAndTheProfileGoesOn) {
    World world;
    world.become_normal();
    const Digest recorded = world.challenge;
    world.firmware = [&](World& w, const hal::FirmwareTick&) { w.prove(recorded); };
    world.power_off();
    world.start();
    world.next = world.now;
    world.run_for(1000);
    EXPECT_NE(world.challenge, recorded);
    EXPECT_FALSE(world.welcome->accepted);
    EXPECT_EQ(world.mode(), hal::Mode::start_up);
    EXPECT_TRUE(world.shows(Trigger::firmware_not_proven));
    // After three wrong proofs even the right one is too late until the next reset.
    world.firmware = [](World& w, const hal::FirmwareTick&) { w.prove(w.challenge); };
    world.run_for(600);
    EXPECT_EQ(world.mode(), hal::Mode::start_up);
}

TEST(HostileFirmware, TheShareIsGivenOnceAReset) {
    World world;
    world.become_normal();
    EXPECT_TRUE(world.share->given);
    EXPECT_EQ(world.share->share, world.state().kept.identity.share);
    world.firmware = [](World& w, const hal::FirmwareTick&) { w.say(hal::ShareRequest{}); };
    world.run_for(300);
    EXPECT_FALSE(world.share->given);
    EXPECT_EQ(world.share->share, (std::array<std::uint8_t, 32>{}));
}

TEST(HostileFirmware, NoFloodAndNoGarbageEverLatchesFailsafe) {
    for (const std::uint64_t seed : test::seeds(20)) {
        SCOPED_TRACE(seed);
        test::Rng rng{seed};
        World world;
        world.become_normal();
        world.firmware = [&](World& w, const hal::FirmwareTick& tick) {
            test::good_firmware()(w, tick);
            const auto frames = rng.one_in(3) ? 400 : 10;
            for (int i = 0; i < frames; ++i) {
                std::vector<std::uint8_t> garbage(static_cast<std::size_t>(rng.between(0, 60)));
                for (auto& byte : garbage) byte = static_cast<std::uint8_t>(rng.between(0, 255));
                if (rng.one_in(2) && garbage.size() > 1) {
                    garbage[0] = 'D';
                    garbage[1] = static_cast<std::uint8_t>(rng.one_in(2) ? rng.between(1, 8) : 65);
                }
                w.firmware_says(garbage);
            }
        };
        const auto before = world.on_record();
        world.run_for(4 * 3600);
        EXPECT_NE(world.mode(), hal::Mode::failsafe);
        EXPECT_TRUE(world.shows(Trigger::bad_frames));
        EXPECT_GT(world.on_record() - before, 3'900);
        EXPECT_LT(world.on_record() - before, 4'900);
    }
}

TEST(HostileFirmware, DosesOutsideItsSlotAreNotGiven) {
    World world;
    world.become_normal();
    const auto before = world.on_record();
    EXPECT_EQ(world.ask(1_U, hal::DoseKind::bolus), hal::DoseVerdict::not_due);
    world.run_for(300);
    EXPECT_EQ(world.on_record() - before, 100);
    EXPECT_EQ(world.mode(), hal::Mode::normal);
}

}  // namespace
}  // namespace basalt::guardian
