// Who dies or hangs, and who goes on: the guardian's part of the design's table.
#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

#include <set>

namespace basalt::guardian {
namespace {
using test::World;

TEST(FirmwareSide, IsStartedFiveTicksAfterTheResetWithAFreshChallengeAndGeneration) {
    World world;
    world.start();
    EXPECT_EQ(world.resets, 1U);
    world.next = world.now;
    world.run_for(4);
    EXPECT_FALSE(world.boot_start);
    world.run_for(1);
    ASSERT_TRUE(world.boot_start);
    EXPECT_EQ(world.boot_start->generation, 1U);
    EXPECT_EQ(world.boot_start->profile_digest, world.state().kept.profile_digest);
    EXPECT_EQ(world.boot_start->device, world.state().kept.identity.device);
    EXPECT_EQ(world.mode(), hal::Mode::normal);
}

TEST(FirmwareSide, EveryBootStartCarriesAGenerationAndAChallengeThatWereNeverUsed) {
    World world;
    std::set<std::uint64_t> generations;
    std::set<Digest> challenges;
    for (int i = 0; i < 6; ++i) {
        world.power_off();
        world.start();
        world.next = world.now;
        for (int j = 0; j < 2; ++j) {
            world.run_for(310);
            ASSERT_TRUE(world.boot_start);
            EXPECT_TRUE(generations.insert(world.boot_start->generation).second);
            EXPECT_TRUE(challenges.insert(world.challenge).second);
            world.firmware_dies = 1;
            world.run_for(310);
        }
    }
    EXPECT_LE(*generations.rbegin(), world.kept()->header.generation);
}

struct Loss {
    const char* name;
    void (*happen)(World&);
};
const Loss losses[] = {
    {"the firmware dies", [](World& w) { w.firmware_dies = 1; }},
    {"the firmware hangs", [](World& w) { w.firmware_hangs = 1; }},
    {"boot dies", [](World& w) { w.boot_dies = 1; }},
    {"boot hangs", [](World& w) { w.boot_hangs = 1; }},
};

TEST(FirmwareSide, LostOnceItIsBackInNormalModeWithinSecondsAndNoInsulinIsMissing) {
    for (const Loss& loss : losses) {
        SCOPED_TRACE(loss.name);
        World world;
        world.become_normal();
        const auto before = world.on_record();
        loss.happen(world);
        world.run_for(290);
        EXPECT_EQ(world.mode(), hal::Mode::start_up);
        EXPECT_EQ(world.resets, 2U);
        EXPECT_TRUE(world.shows(Trigger::firmware_lost));
        world.run_for(10);
        EXPECT_EQ(world.mode(), hal::Mode::normal);
        EXPECT_FALSE(world.signals.network_isolated);
        world.run_for(290);
        EXPECT_GE(world.on_record() - before, 183);
    }
}

TEST(FirmwareSide, TheThirdLossInAnHourIsolatesTheNetworkForGood) {
    for (const Loss& loss : losses) {
        SCOPED_TRACE(loss.name);
        World world;
        world.become_normal();
        for (int i = 1; i <= 3; ++i) {
            EXPECT_FALSE(world.signals.network_isolated) << i;
            loss.happen(world);
            world.run_for(600);
        }
        EXPECT_TRUE(world.signals.network_isolated);
        EXPECT_TRUE(world.shows(Trigger::network_isolated));
        EXPECT_EQ(world.mode(), hal::Mode::normal);  // therapy is back, and no failsafe was latched
        world.power_off();
        world.start();
        world.next = world.now;
        world.run_for(600);
        EXPECT_TRUE(world.signals.network_isolated);
        EXPECT_TRUE(world.boot_start->network_isolated);
    }
}

TEST(FirmwareSide, ThreeLossesInMoreThanAnHourIsolateNothing) {
    World world;
    world.become_normal();
    for (int i = 0; i < 4; ++i) {
        world.firmware_dies = 1;
        world.run_for(2'100);
    }
    EXPECT_FALSE(world.signals.network_isolated);
}

TEST(FirmwareSide, ACrashLoopWaitsFiveMinutesBetweenItsTries) {
    World world;
    world.become_normal();
    world.firmware_dies = 1000;
    world.run_for(3'600);
    EXPECT_LE(world.resets, 1U + 3U + 12U);
    EXPECT_GE(world.resets, 1U + 3U + 5U);
    EXPECT_NE(world.mode(), hal::Mode::failsafe);
}

TEST(FirmwareSide, ThreeBootsWithoutAReportAreAFailsafe) {
    World world;
    world.boot_dies = 1000;
    world.start();
    world.next = world.now;
    world.run_for(12);
    EXPECT_EQ(world.mode(), hal::Mode::start_up);
    world.run_for(10);
    EXPECT_EQ(world.mode(), hal::Mode::failsafe);
    EXPECT_TRUE(world.shows(Trigger::boot_failed));
}

TEST(FirmwareSide, TheTriesOfBootAreCountedOverRestartsOfTheGuardian) {
    World world;
    world.boot_dies = 1000;
    for (int i = 0; i < 3; ++i) {
        world.start();
        world.next = world.now;
        world.run_for(6);
        world.power_off();
    }
    EXPECT_NE(world.kept()->header.latched & bit_of(Trigger::boot_failed), 0U);
}

TEST(FirmwareSide, TheHighestConfigurationThatWasAcceptedIsAskedForOverRestartsAndAnchoredAtOnce) {
    World world;
    world.report.configuration_version = 3;
    world.become_normal();
    EXPECT_EQ(world.boot_start->configuration_version, 0U);
    EXPECT_EQ(world.resets, 1U) << "the first one replaces none";
    const auto again = [&world](std::uint32_t version) {
        world.power_off();
        world.resets = 0;
        world.report.configuration_version = version;
        world.start();
        world.next = world.now;
        world.run_for(20);
        return world.boot_start->configuration_version;
    };
    EXPECT_EQ(again(3), 3U);
    EXPECT_EQ(world.resets, 1U);
    EXPECT_EQ(again(5), 5U) << "a boot that knows it has followed already";
    EXPECT_EQ(world.resets, 2U) << "a copy of the memory from before it is stale from now on";
    EXPECT_EQ(world.mode(), hal::Mode::normal);
    EXPECT_EQ(again(0), 5U) << "a refused one forgets nothing";
    EXPECT_EQ(world.resets, 1U);
    EXPECT_EQ(again(4), 5U);
    EXPECT_EQ(world.kept()->header.configuration_version, 5U);
}

TEST(FirmwareSide, WhatIsSaidOutOfTurnIsDroppedAndCounted) {
    World world;
    world.become_normal();
    hal::BootDone done;
    done.tick = world.now;
    world.guardian->on_boot(hal::BootFrames::encode(done).view());
    hal::SlotEnd end;
    end.tick = world.now;
    world.guardian->on_firmware(hal::DoseFrames::encode(end).view());
    world.guardian->on_boot(hal::BootFrames::encode(test::good_report()).view());
    world.guardian->on_board(hal::BoardFrames::encode(hal::SlotClosed{}).view());  // nobody's slot is open
    world.guardian->on_board(hal::BoardFrames::encode(hal::Done{}).view());
    world.run_for(300);
    EXPECT_TRUE(world.shows(Trigger::bad_frames));
    EXPECT_EQ(world.mode(), hal::Mode::normal);
    EXPECT_EQ(world.resets, 1U);
}

TEST(FirmwareSide, TheRingIsGivenOutFromAnyNumberOn) {
    World world;
    world.become_normal();
    world.run_for(12 * 3600);
    const auto newest = world.state().kept.ring.newest;
    ASSERT_GT(newest, 100U);
    std::uint32_t next = 0;
    world.firmware = [&](World& w, const hal::FirmwareTick&) {
        for (int i = 0; i < 100 && next <= newest; ++i) {
            w.say(hal::RingRequest{next});
            ASSERT_TRUE(w.ring_answer);
            EXPECT_GE(w.ring_answer->newest, newest);
            EXPECT_EQ(w.ring_answer->oldest, 1U);
            if (w.ring_answer->count == 0) break;
            EXPECT_EQ(w.ring_answer->entries[0].seq, next == 0 ? 1 : next);
            next = w.ring_answer->entries[w.ring_answer->count - 1U].seq + 1;
        }
        w.say(hal::RingRequest{0xffff'ffff});
        EXPECT_EQ(w.ring_answer->count, 0);
    };
    world.run_for(300);
    EXPECT_GT(next, newest);
}

}  // namespace
}  // namespace basalt::guardian
