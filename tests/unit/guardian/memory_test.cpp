// What the guardian makes of its memory when a part of it is torn, damaged, old, or somebody else's.
#include "device/guardian/dose_window.h"
#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

namespace basalt::guardian {
namespace {
using test::World;

void restart(World& world) {
    world.power_off();
    world.start();
    world.next = world.now;
}

TEST(Memory, AHeaderTornAtAnyByteLeavesTheOtherHalf) {
    World world;
    world.become_normal();
    const auto before = world.kept()->header;
    auto newer = before;
    ++newer.write;
    ++newer.generation;
    newer.latched = bit_of(Trigger::tpm_gone);
    const auto bytes = sealed<layout::header_size>(newer);
    const auto whole = world.memory;
    for (std::size_t torn = 0; torn < bytes.size(); ++torn) {
        world.memory = whole;
        std::copy_n(bytes.begin(), torn, world.memory.begin() + layout::header_at(newer.write));
        const auto kept = world.kept();
        ASSERT_TRUE(kept->header_whole) << torn;
        ASSERT_EQ(kept->header.generation, before.generation) << torn;
        ASSERT_FALSE(kept->damaged) << torn;
    }
    std::ranges::copy(bytes, world.memory.begin() + layout::header_at(newer.write));
    EXPECT_EQ(world.kept()->header.generation, newer.generation);
}

TEST(Memory, WithoutAnyWholeHeaderNothingIsDelivered) {
    World world;
    world.become_normal();
    world.run_for(400);
    world.memory[layout::headers + 9] ^= 1;
    world.memory[layout::headers + 1024 + 9] ^= 1;
    restart(world);
    const auto motor = world.motor;
    world.run_for(3600);
    EXPECT_EQ(world.mode(), hal::Mode::stopped);
    EXPECT_TRUE(world.shows(Trigger::memory_lost));
    EXPECT_EQ(world.motor, motor);
}

TEST(Memory, ARingEntryTornAtAnyByteIsTheWriteThatWasCutAndNothingElse) {
    World world;
    world.become_normal();
    world.run_for(900);
    const auto kept = world.kept();
    auto entry = kept->ring.at(kept->ring.newest);
    entry.seq = kept->ring.newest + 1;
    const auto bytes = sealed<layout::entry_size>(entry);
    const auto whole = world.memory;
    for (std::size_t torn = 0; torn < bytes.size(); ++torn) {
        world.memory = whole;
        std::copy_n(bytes.begin(), torn, world.memory.begin() + layout::entry_at(entry.seq));
        const auto back = world.kept();
        ASSERT_EQ(back->ring.newest, kept->ring.newest) << torn;
        ASSERT_FALSE(back->damaged) << torn;
    }
}

TEST(Memory, ADamagedEntryMakesTheWindowsFullForADayAndTheProfileGoesOn) {
    World world;
    world.become_normal();
    world.run_for(3600);
    world.memory[layout::entry_at(world.kept()->ring.newest - 3) + 20] ^= 0x10;
    restart(world);
    world.run_for(20);
    EXPECT_TRUE(world.shows(Trigger::memory_damaged));
    EXPECT_EQ(world.mode(), hal::Mode::normal);
    const auto before = world.on_record();
    const auto at = world.now;
    world.run_for(3600);
    EXPECT_EQ(world.answer->verdict, hal::DoseVerdict::over_day);
    EXPECT_NEAR(static_cast<double>(world.on_record() - before), 1000, 90);
    EXPECT_EQ(world.mode(), hal::Mode::normal);  // and nobody is blamed for it
    world.run_to(at + a_day_s + 300);
    EXPECT_EQ(world.answer->verdict, hal::DoseVerdict::accepted);
}

TEST(Memory, AnEntryPutBackFromAnOlderRoundOfTheRingIsFound) {
    World world;
    world.become_normal();
    world.run_for(3600);
    const auto seq = world.kept()->ring.newest - 2;
    std::fill_n(world.memory.begin() + layout::entry_at(seq), layout::entry_size, std::uint8_t{0});
    EXPECT_TRUE(world.kept()->damaged);
}

TEST(Memory, NewestEntriesThatWereWipedOutAreFoundByTheMotorOrTheRing) {
    for (std::uint32_t lost = 1; lost <= 5; ++lost)
        for (const bool garbage : {false, true}) {
            World world;
            world.become_normal();
            world.run_for(3650);
            world.power_off();
            for (std::uint32_t i = 0, newest = world.kept()->ring.newest; i < lost; ++i)
                std::fill_n(world.memory.begin() + layout::entry_at(newest - i), layout::entry_size,
                            static_cast<std::uint8_t>(garbage ? 0x5a : 0));
            world.start();
            world.next = world.now;
            world.run_for(10);
            EXPECT_TRUE(world.mode() == hal::Mode::failsafe || world.shows(Trigger::memory_damaged)) << lost << garbage;
        }
}

TEST(Memory, TheRingGoesRoundAndForgetsOnlyWhatIsOlderThanADay) {
    World world;
    world.become_normal();
    for (int day = 0; day < 6; ++day) {
        world.run_for(86'400);
        const auto kept = world.kept();
        EXPECT_FALSE(kept->damaged);
        restart(world);
        world.run_for(10);
        EXPECT_EQ(world.mode(), hal::Mode::normal);
    }
    const auto kept = world.kept();
    EXPECT_GT(kept->ring.newest, layout::ring_entries);
    EXPECT_EQ(kept->ring.newest - kept->ring.oldest() + 1, layout::ring_entries);
}

TEST(Memory, NoStormOfEventsPushesADoseOfTheLastDayOut) {
    World world;
    world.firmware_wish_s = 60;
    int n = 0;
    world.firmware = [&](World& w, const hal::FirmwareTick& tick) {
        test::good_firmware()(w, tick);
        if (w.guardian) w.ask(20_mU, hal::DoseKind::bolus);
        if (++n % 3 == 0) w.guardian->on_firmware_end();
        w.board.clock_ok = n % 2 == 0;
    };
    std::deque<std::uint64_t> doses;
    world.on_entry = [&](const hal::RingEntry& entry) {
        if (entry.kind == hal::RingKind::dose) doses.push_back(entry.tick.seconds);
    };
    world.start();
    world.next = world.now;
    for (int hour = 0; hour < 40; ++hour) {
        world.run_for(3600);
        std::size_t of_the_day = 0, in_ring = 0;
        for (const auto tick : doses) of_the_day += tick + a_day_s > world.now.seconds;
        const auto kept_now = world.kept();
        for (const auto& entry : kept_now->ring.entries)
            in_ring += entry.seq != 0 && entry.kind == hal::RingKind::dose && entry.tick + a_day_s > world.now;
        ASSERT_EQ(in_ring, std::min(of_the_day, doses.size())) << hour;
    }
}

TEST(Memory, OneCopyOfProfileOrIdentityIsEnough) {
    for (const std::uint32_t at : {layout::profile + 300U, layout::profile + layout::profile_size + 300U,
                                   layout::identity + 30U, layout::identity + layout::twice_after + 30U}) {
        World world;
        world.memory[at] ^= 0x08;
        world.become_normal();
        EXPECT_TRUE(world.shows(Trigger::memory_damaged)) << at;
    }
}

TEST(Memory, AProfileByAnotherHandOrForAnotherDeviceIsRefused) {
    const auto refused = [](World& world) {
        world.start();
        world.next = world.now;
        world.run_for(3600);
        EXPECT_EQ(world.mode(), hal::Mode::stopped);
        EXPECT_TRUE(world.shows(Trigger::profile_refused));
        EXPECT_EQ(world.motor, 0);
    };
    World other_hand;
    ASSERT_TRUE(
        replace_profile(other_hand.memory, test::signed_profile(test::some_profile(), test::TestKey{"somebody"})));
    refused(other_hand);
    World other_device;
    auto provisioning = test::provisioning_with({});
    const auto file = test::signed_profile(test::some_profile());
    provisioning.profile_file = file;
    provisioning.device[5] = 9;
    other_device.memory = *new_memory(provisioning);
    refused(other_device);
    World too_much;
    Profile profile = test::some_profile();
    profile.rates[4] = {5050};
    ASSERT_TRUE(replace_profile(too_much.memory, test::signed_profile(profile)));
    refused(too_much);
    World none;
    ASSERT_TRUE(replace_profile(none.memory, {}));
    refused(none);
    World other_variant;
    other_variant.rom.variant = Variant::training;
    refused(other_variant);
}

TEST(Memory, EveryBitOfTheProfileMatters) {
    const auto file = test::signed_profile(test::some_profile());
    test::Rng rng{7};
    for (int i = 0; i < 60; ++i) {
        World world;
        auto changed = file;
        changed[static_cast<std::size_t>(rng.between(0, static_cast<std::int64_t>(file.size()) - 1))] ^=
            static_cast<std::uint8_t>(1 << rng.between(0, 7));
        ASSERT_TRUE(replace_profile(world.memory, changed));
        EXPECT_FALSE(world.kept()->has_profile());
    }
}

TEST(Memory, AnyBytesAtAllAreReadSafely) {
    for (const std::uint64_t seed : test::seeds(60)) {
        test::Rng rng{seed};
        World world;
        world.become_normal();
        world.run_for(7200);
        world.power_off();
        for (auto n = rng.between(1, 3000); n > 0; --n)
            world.memory[static_cast<std::size_t>(rng.between(0, hal::memory_size - 1))] =
                static_cast<std::uint8_t>(rng.between(0, 255));
        const auto motor = world.motor;
        world.start();
        world.next = world.now;
        world.run_for(3600);
        EXPECT_LE(world.motor - motor, 3'000);
    }
}

TEST(Memory, ABlankMemoryStaysBlankAndThePumpStopped) {
    World world;
    world.memory = blank_memory();
    world.start();
    world.next = world.now;
    world.run_for(900);
    EXPECT_EQ(world.memory, blank_memory());
    EXPECT_EQ(world.mode(), hal::Mode::stopped);
    EXPECT_EQ(world.resets, 0U);
    EXPECT_TRUE(world.shows(Trigger::not_provisioned));
}

TEST(Memory, ALatchThatReachedTheRingButNotTheHeaderIsALatch) {
    World world;
    world.become_normal();
    const auto header_a = world.memory;
    world.board.sensors.case_open = true;
    world.run_for(300);
    world.power_off();
    // As if power had gone between the entry and the header: both halves of the header are as they were.
    std::copy_n(header_a.begin() + layout::headers, 2048, world.memory.begin() + layout::headers);
    world.board.sensors.case_open = false;
    world.start();
    world.next = world.now;
    world.run_for(300);
    EXPECT_EQ(world.mode(), hal::Mode::failsafe);
    EXPECT_TRUE(world.shows(Trigger::case_opened));
}

TEST(Provisioning, RefusesWhatTheGuardianCouldNotUse) {
    auto provisioning = test::provisioning_with({});
    provisioning.device = any_device;
    EXPECT_FALSE(new_memory(provisioning));
    const std::vector<std::uint8_t> long_file(layout::profile_size, 1);
    EXPECT_FALSE(new_memory(test::provisioning_with(long_file)));
    std::vector<std::uint8_t> short_memory(10);
    EXPECT_FALSE(replace_profile(short_memory, {}));
}

}  // namespace
}  // namespace basalt::guardian
