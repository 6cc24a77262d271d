// Power goes after any single thing that the guardian does. No slot has two doses, none is missing, and the motor
// stands where the record says.
#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

#include <set>

namespace basalt::guardian {
namespace {
using test::World;

// Basal in each slot, and boluses at seeded moments.
test::FirmwareScript busy_firmware(std::uint64_t seed) {
    return [seed](World& world, const hal::FirmwareTick& tick) {
        test::good_firmware(MilliUnits{static_cast<std::int32_t>(60 + tick.tick.seconds / 300 % 40)})(world, tick);
        test::Rng rng{seed * 1'000'003 + tick.tick.seconds};
        if (world.guardian && rng.one_in(6))
            world.ask({static_cast<std::int32_t>(rng.between(1, 400))}, hal::DoseKind::bolus);
    };
}

struct SlotLedger {
    std::set<std::uint32_t> slots;
    std::uint32_t newest = 0;
    void see(const hal::RingEntry& entry) {
        EXPECT_EQ(entry.seq, newest + 1) << "a ring entry was written twice, or one is missing";
        newest = entry.seq;
        if (entry.kind != hal::RingKind::dose) return;
        const auto slot = from_detail<SlotDetail>(entry).slot;
        if (slot != SlotDetail::no_slot) {
            EXPECT_TRUE(slots.insert(slot).second) << "slot " << slot << " has two doses";
        }
    }
};

void play_with_cuts(World& world, std::size_t cut_every, std::uint64_t seconds, SlotLedger& ledger) {
    world.on_entry = [&](const hal::RingEntry& entry) { ledger.see(entry); };
    const Tick begin = world.now, end = begin + seconds;
    world.next = world.now;
    while (true) {
        world.cut_after = cut_every;
        if (!world.guardian) world.start();
        const bool alive = world.guardian && world.run_to(end);
        world.cut_after.reset();
        if (alive) break;
        world.next = world.now;  // the watchdog: at once, in the same tick
        if (!world.guardian) {   // a start that is cut each time at the same place gets further at the second try
            world.start();
            if (world.guardian) world.play(world.now);
        }
    }
    world.cut_after.reset();
    for (auto slot = static_cast<std::uint32_t>(begin.seconds / 300); slot <= end.seconds / 300; ++slot)
        EXPECT_TRUE(ledger.slots.contains(slot)) << "slot " << slot << " has no dose";
    world.firmware = {};
    world.run_for(200);
    EXPECT_EQ(world.motor, world.on_record());
}

TEST(Restart, CutAfterEverySingleEffectOfAnHourNoSlotIsTwiceAndNoneMissing) {
    World whole;
    whole.firmware = busy_firmware(1);
    SlotLedger all;
    whole.on_entry = [&](const auto& entry) { all.see(entry); };
    whole.start();
    whole.next = whole.now;
    whole.run_for(3000);
    const std::size_t effects = whole.frames_obeyed;
    ASSERT_GT(effects, 100U);
    for (std::size_t cut = 0; cut < effects; ++cut) {
        SCOPED_TRACE(cut);
        World world;
        world.firmware = busy_firmware(1);
        SlotLedger ledger;
        world.on_entry = [&](const auto& entry) { ledger.see(entry); };
        world.cut_after = cut;
        world.next = world.now;
        world.start();
        const Tick end = world.now + 3000;
        if (!world.guardian || !world.run_to(end)) {
            world.cut_after.reset();
            world.start();
            ASSERT_TRUE(world.guardian);
            world.next = world.now;
            world.run_to(end);
        }
        for (std::uint32_t slot = 288; slot <= 298; ++slot) EXPECT_TRUE(ledger.slots.contains(slot)) << slot;
        world.firmware = {};
        world.run_for(200);
        EXPECT_EQ(world.motor, world.on_record());
        EXPECT_EQ(world.kept()->damaged, false);
        if (testing::Test::HasFailure()) break;
    }
}

TEST(Restart, CutAgainAndAgainThroughRandomDaysTheRecordStaysExact) {
    for (const std::uint64_t seed : test::seeds(12)) {
        SCOPED_TRACE(seed);
        test::Rng rng{seed};
        World world;
        world.firmware = busy_firmware(seed);
        SlotLedger ledger;
        play_with_cuts(world, static_cast<std::size_t>(rng.between(75, 400)), 86'400, ledger);
    }
}

TEST(Restart, ADeviceCrashedInALoopNeverGetsItsHourlyLimitTwice) {
    World world;
    world.become_normal();
    std::int64_t most = 0;
    std::deque<std::pair<std::uint64_t, std::int64_t>> hour;  // tick, motor
    for (int crash = 0; crash < 400; ++crash) {
        world.firmware = [](World& w, const hal::FirmwareTick& tick) {
            test::good_firmware()(w, tick);
            for (int i = 0; i < 4 && w.guardian; ++i) w.ask(900_mU, hal::DoseKind::bolus);
        };
        world.run_for(9);
        world.power_off();
        world.start();
        world.next = world.now;
        hour.emplace_back(world.now.seconds, world.on_record());
        while (hour.front().first + 3600 <= world.now.seconds) hour.pop_front();
        most = std::max(most, hour.back().second - hour.front().second);
    }
    EXPECT_LE(most, 8'000);
    EXPECT_GT(most, 1'000);
}

TEST(Restart, AnInterruptedDoseIsFinishedSoonOrRecordedAsNotGiven) {
    for (const std::uint64_t away : {5U, 580U, 601U, 7200U}) {
        SCOPED_TRACE(away);
        World world;
        world.become_normal();
        world.firmware = [](World& w, const hal::FirmwareTick& tick) {
            if (tick.basal_due) w.ask(3_U, hal::DoseKind::bolus);
        };
        world.run_for(300);  // the motor has not finished by far
        world.firmware = {};
        const auto ordered = world.on_record();
        world.power_off();
        const auto stood_at = world.motor;
        world.now = world.now + away;
        world.start();
        world.play(world.now);
        world.run_for(250);
        EXPECT_EQ(world.motor, world.on_record());
        if (away < 600) {
            EXPECT_GE(world.motor, ordered);
        } else
            EXPECT_LT(world.motor, stood_at + 500);
    }
}

TEST(Restart, IsCountedAndShown) {
    World world;
    world.become_normal();
    EXPECT_FALSE(world.shows(Trigger::guardian_restarted));
    world.power_off();
    world.start();
    world.play(world.now);
    EXPECT_TRUE(world.shows(Trigger::guardian_restarted));
    EXPECT_EQ(world.kept()->header.starts, 2U);
    world.run_for(4000);
    EXPECT_FALSE(world.shows(Trigger::guardian_restarted));
}

TEST(Restart, TheBoardsTimeGoneBackIsFoundAndDosesOfTheFutureStillCount) {
    World world;
    world.become_normal();
    world.firmware = [](World& w, const hal::FirmwareTick&) { w.ask(2_U, hal::DoseKind::bolus); };
    world.run_for(7200);
    world.power_off();
    const auto given = world.on_record();
    world.motor_target = world.motor;
    world.now = Tick{world.now.seconds - 7200};
    world.start();
    world.play(world.now);
    EXPECT_EQ(world.mode(), hal::Mode::failsafe);
    EXPECT_TRUE(world.shows(Trigger::memory_rolled_back));
    world.run_for(3600);
    EXPECT_GT(world.on_record(), given - 3000);  // the profile goes on
}

// The copy is from before the stop and bears the generation that the TPM knew then; the stop counted a new one.
TEST(Restart, AStopOrAFailsafeSinceTheLastStartHasAGenerationOfItsOwn) {
    for (const bool person : {true, false}) {
        World world;
        world.become_normal();
        world.run_for(900);
        const auto known = world.guardian->state().kept.header.generation;
        if (person) {
            world.board.button_down = true;
            world.play(world.next);
            world.run_for(4);
            world.board.button_down = false;
        } else {
            world.board.sensors.case_open = true;
            world.run_for(300);
        }
        world.run_for(60);
        EXPECT_EQ(world.mode(), person ? hal::Mode::stopped : hal::Mode::failsafe);
        EXPECT_GT(world.guardian->state().kept.header.generation, known);
        const auto after = world.guardian->state().kept.header.generation;
        world.run_for(3600);
        EXPECT_EQ(world.guardian->state().kept.header.generation, after) << "once for each latch, not for ever";
    }
}

// Puts back a memory from before a latch. The generation that the TPM was told since is what gives it away: no dose was
// given meanwhile that the motor's count would tell of.
void expect_found_when_put_back(World& world, const std::vector<std::uint8_t>& copy) {
    world.power_off();
    world.memory = copy;
    world.resets = 0;
    world.start();
    world.next = world.now;
    world.run_for(20);
    EXPECT_TRUE(world.shows(Trigger::memory_rolled_back));
    EXPECT_FALSE(world.shows(Trigger::motor_ahead));
    EXPECT_EQ(world.resets, 1U) << "what boot reports it finds again: it needs no generation of its own";
}

TEST(Restart, WhatIsLatchedBeforeTheFirmwareSideStartsIsAnchoredByThatStart) {
    for (const auto& [crash_loop, person] : {std::pair{false, true}, {false, false}, {true, true}}) {
        SCOPED_TRACE(testing::Message() << "crash loop " << crash_loop << ", person " << person);
        World world;
        world.tpm_counter = 0;
        world.become_normal();
        if (crash_loop) {
            world.firmware_dies = 3;
            world.run_for(330);
        } else {
            world.power_off();
            world.start();
            world.play(world.now);
        }
        ASSERT_FALSE(world.boot_start) << "the line is held";
        const auto resets = world.resets;
        world.board.button_down = person;
        world.play(world.now + 1);
        const auto copy = world.memory;
        world.board.sensors.case_open = !person;
        for (int i = 0; i < 3; ++i) world.play(world.now + 1);
        ASSERT_FALSE(world.boot_start);
        world.board.button_down = world.board.sensors.case_open = false;
        world.run_for(crash_loop ? 330 : 20);
        ASSERT_TRUE(world.boot_start);
        ASSERT_EQ(world.mode(), person ? hal::Mode::stopped : hal::Mode::failsafe);
        EXPECT_EQ(world.resets, resets) << "no second start is needed for it";
        expect_found_when_put_back(world, copy);
    }
}

TEST(Restart, WhatIsLatchedWhileBootIsAtWorkIsAnchoredOnceItReports) {
    for (const int silent : {1, 2}) {  // the latch comes in the tick of the report, and in the tick before it
        SCOPED_TRACE(silent);
        World world;
        world.tpm_counter = 0;
        world.boot_silent = silent;
        world.start();
        world.next = world.now;
        world.run_for(10);
        ASSERT_TRUE(world.boot_start);
        const auto copy = world.memory;
        world.board.sensors.case_open = true;
        world.play(world.now + 1);
        world.board.sensors.case_open = false;
        ASSERT_EQ(world.mode(), hal::Mode::failsafe);
        world.play(world.now + 1);
        world.run_for(20);
        EXPECT_EQ(world.resets, 2U);
        expect_found_when_put_back(world, copy);
    }
}

}  // namespace
}  // namespace basalt::guardian
