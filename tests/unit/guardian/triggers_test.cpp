// Every row of the alarm table: what brings it about, and that its response comes within its deadline.
#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

#include <set>

namespace basalt::guardian {
namespace {
using test::World;
using enum Trigger;

struct Row {
    Trigger trigger;
    void (*prepare)(World&);  ///< before start
    void (*happen)(World&);   ///< in normal mode, before a tick; null: it is there from the start
};

void finding(World& world, hal::Finding what) {
    static hal::Finding said;
    said = what;
    world.firmware = [](World& w, const hal::FirmwareTick&) { w.say(hal::FindingReport{said}); };
}
void reset_with(World& world) {
    world.firmware_dies = 1;
    world.run_for(308);
}
void lose_ring_entry(World& world, std::uint32_t seq) {
    world.power_off();
    world.memory[layout::entry_at(seq) + 3] ^= 0x40;
    world.start();
    world.next = world.now;
}

/// Boot's report when neither slot could be launched, for these reasons.
void no_firmware(World& world, ImageVerdict a, ImageVerdict b) {
    world.report.launched = false;
    world.report.slot = hal::Slot::none;
    world.report.firmware_a = a;
    world.report.firmware_b = b;
}

void three_presses_in_failsafe(World& world) {
    world.board.sensors.case_open = true;
    world.run_for(60);
    for (int i = 0; i < 3; ++i) world.press();
}

const Row causes[] = {
    {both_slots_refused, [](World& w) { no_firmware(w, ImageVerdict::bad_signature, ImageVerdict::malformed); },
     nullptr},
    {slot_a_refused,
     [](World& w) {
         w.report.slot = hal::Slot::b;
         w.report.firmware_a = ImageVerdict::bad_signature;
         w.report.firmware_b = ImageVerdict::accepted;
     },
     nullptr},
    {slot_b_refused, [](World& w) { w.report.firmware_b = ImageVerdict::wrong_kind; }, nullptr},
    {gateway_refused, [](World& w) { w.report.gateway = ImageVerdict::bad_signature; }, nullptr},
    {configuration_refused, [](World& w) { w.report.configuration = ImageVerdict::bad_signature; }, nullptr},
    {profile_refused,
     [](World& w) {
         w.memory[layout::profile + 300] ^= 1;
         w.memory[layout::profile + layout::profile_size + 300] ^= 1;
     },
     nullptr},
    {not_provisioned, [](World& w) { w.memory = blank_memory(); }, nullptr},
    {memory_lost, [](World& w) { w.memory[layout::headers + 5] ^= 1; }, nullptr},
    {memory_damaged, [](World&) {}, [](World& w) { lose_ring_entry(w, 1); }},
    {memory_rolled_back, [](World& w) { w.report.anchor = hal::Anchor::stale; }, nullptr},
    {ring_rolled_back, [](World&) {}, [](World& w) { finding(w, hal::Finding::ring_rolled_back); }},
    {boot_failed, [](World& w) { w.report.launched = false; }, nullptr},
    {tpm_gone, [](World& w) { w.report.tpm_ok = false; }, nullptr},
    {firmware_lost, [](World&) {}, reset_with},
    {firmware_not_proven,
     [](World& w) { w.firmware = [](World& x, const hal::FirmwareTick&) { x.say(hal::Proof{}); }; }, nullptr},
    {network_isolated, [](World&) {},
     [](World& w) {
         for (int i = 0; i < 3; ++i) reset_with(w);
     }},
    {dose_over_limit, [](World&) {},
     [](World& w) { w.firmware = [](World& x, const hal::FirmwareTick&) { x.ask(9_U, hal::DoseKind::bolus); }; }},
    {dose_over_cap, [](World&) {},
     [](World& w) {
         w.firmware = [](World& x, const hal::FirmwareTick&) {
             x.ask(4_U, hal::DoseKind::bolus);
             x.ask(3_U, hal::DoseKind::bolus);
         };
     }},
    {storage_damaged, [](World&) {}, [](World& w) { finding(w, hal::Finding::storage_damaged); }},
    {log_broken, [](World&) {}, [](World& w) { finding(w, hal::Finding::log_broken); }},
    {clock_lost, [](World&) {}, [](World& w) { w.board.clock_ok = false; }},
    {motor_stalled, [](World&) {},
     [](World& w) {
         w.motor_stuck_at = 0;
         w.run_for(300);
     }},
    {guardian_restarted, [](World&) {},
     [](World& w) {
         w.power_off();
         w.start();
         w.next = w.now;
     }},
    {delivery_stopped, [](World&) {},
     [](World& w) {
         w.board.button_down = true;
         w.play(w.next);
         w.run_for(2);
     }},
    {bad_frames, [](World&) {},
     [](World& w) { w.firmware = [](World& x, const hal::FirmwareTick&) { x.firmware_says({}); }; }},
    {case_opened, [](World&) {}, [](World& w) { w.board.sensors.case_open = true; }},
    {temperature_wrong, [](World&) {}, [](World& w) { w.board.sensors.temperature_dc = -1; }},
    {supply_wrong, [](World&) {}, [](World& w) { w.board.sensors.supply_mv = 2499; }},
    {light_in_case, [](World&) {}, [](World& w) { w.board.sensors.light_lux = 51; }},
    {reservoir_low, [](World&) {}, [](World& w) { w.board.sensors.reservoir = 19'999_mU; }},
    {reservoir_empty, [](World&) {}, [](World& w) { w.board.sensors.reservoir = 0_mU; }},
    {battery_low, [](World&) {}, [](World& w) { w.board.sensors.battery_percent = 19; }},
    {delivery_limited, [](World&) {},
     [](World& w) {
         w.motor += 7'900;  // more came out than was ordered: the hour is full
         w.run_for(300);
     }},
    {slot_missed, [](World&) {},
     [](World& w) {
         w.power_off();
         w.now = w.now + 1200;
         w.start();
         w.next = w.now;
     }},
    {motor_ahead, [](World&) {}, [](World& w) { w.motor += 1'000; }},
    {storage_full, [](World&) {}, [](World& w) { finding(w, hal::Finding::storage_full); }},
    {insulin_withheld, [](World&) {},
     [](World& w) {
         w.firmware_wish_s = 300;
         w.firmware = test::good_firmware(0_mU);
         w.run_for(4 * 3600);
     }},
    {firmware_missing, [](World& w) { no_firmware(w, ImageVerdict::unreadable, ImageVerdict::missing); }, nullptr},
    {firmware_withdrawn, [](World& w) { no_firmware(w, ImageVerdict::withdrawn, ImageVerdict::withdrawn); }, nullptr},
    {gateway_missing, [](World& w) { w.report.gateway = ImageVerdict::missing; }, nullptr},
    {gateway_withdrawn, [](World& w) { w.report.gateway = ImageVerdict::withdrawn; }, nullptr},
    {configuration_older, [](World& w) { w.report.configuration = ImageVerdict::older; }, nullptr},
    {failsafe_bolus_given, [](World&) {}, three_presses_in_failsafe},
    {failsafe_bolus_refused, [](World&) {},
     [](World& w) {
         three_presses_in_failsafe(w);
         three_presses_in_failsafe(w);
     }},
    {emergency_access, [](World&) {}, [](World& w) { w.emergency_access = true; }},
};

bool responded(const World& world, const AlarmRow& row) {
    switch (row.response) {
        case Response::alert:
            return true;
        case Response::isolate_network:
            return world.signals.network_isolated;
        case Response::failsafe:
            return world.mode() == hal::Mode::failsafe && world.signals.network_isolated;
        case Response::stop:
            return world.mode() == hal::Mode::stopped;
    }
    return false;
}

TEST(Triggers, EveryRowReachesItsResponseWithinItsDeadline) {
    std::set<Trigger> seen;
    for (const Row& cause : causes) {
        const AlarmRow& row = row_of(cause.trigger);
        SCOPED_TRACE(row.id);
        seen.insert(cause.trigger);
        World world;
        cause.prepare(world);
        world.start();
        world.next = world.now;
        world.run_for(8);
        if (cause.happen != nullptr) {
            ASSERT_FALSE(world.shows(cause.trigger)) << "it is there before its cause";
            world.firmware_wish_s = 1;
            world.play(world.next);
            world.run_for(10);
            cause.happen(world);
            if (!world.shows(cause.trigger)) world.play(world.next);
        }
        for (int late = 0; late < row.deadline_ticks && !responded(world, row); ++late) world.play(world.next);
        EXPECT_TRUE(world.shows(cause.trigger));
        EXPECT_TRUE(responded(world, row));
        EXPECT_GE(world.signals.light, row.priority);
        if (row.priority > hal::Priority::low) {
            EXPECT_GE(world.signals.sound, row.priority);
        }
    }
    EXPECT_EQ(seen.size(), trigger_count) << "a row of the table has no cause here";
}

TEST(Triggers, WhatIsLatchedOutlivesRestartsAndWhatIsNotEndsWithItsCause) {
    for (const Row& cause : causes) {
        const AlarmRow& row = row_of(cause.trigger);
        if (cause.happen == nullptr || row.shown != Shown::latched) continue;
        SCOPED_TRACE(row.id);
        World world;
        world.become_normal();
        world.firmware_wish_s = 1;
        world.play(world.next);
        cause.happen(world);
        world.play(world.next);
        ASSERT_TRUE(world.shows(cause.trigger));
        const auto response = row.response;
        world.board = {};
        world.board.sensors.supply_mv = 3700;
        world.board.sensors.battery_percent = 90;
        world.board.sensors.reservoir = 200_U;
        world.firmware = test::good_firmware();
        world.run_for(4000);
        for (int i = 0; i < 2; ++i) {
            EXPECT_TRUE(world.shows(cause.trigger));
            EXPECT_TRUE(responded(world, row)) << static_cast<int>(response);
            world.power_off();
            world.start();
            world.next = world.now;
            world.run_for(4000);
        }
    }
}

TEST(Triggers, AreWrittenToTheRingWithTheirRow) {
    World world;
    world.become_normal();
    world.board.sensors.case_open = true;
    world.run_for(300);
    bool trigger = false, mode = false;
    const auto kept_now = world.kept();
    for (const auto& entry : kept_now->ring.entries) {
        trigger = trigger || (entry.kind == hal::RingKind::trigger && entry.code == std::to_underlying(case_opened));
        mode = mode || (entry.kind == hal::RingKind::mode && entry.code == std::to_underlying(hal::Mode::failsafe));
    }
    EXPECT_TRUE(trigger);
    EXPECT_TRUE(mode);
}

TEST(Triggers, SlotARefusedAndSlotBGoodIsNormalModeWithAMediumAlarm) {
    World world;
    world.report.slot = hal::Slot::b;
    world.report.firmware_a = ImageVerdict::bad_signature;
    world.report.firmware_b = ImageVerdict::accepted;
    world.become_normal();
    EXPECT_TRUE(world.shows(slot_a_refused));
    EXPECT_EQ(world.signals.light, hal::Priority::medium);
}

TEST(Triggers, AFirmwareThatDoesNotRunIsSaidByItsCauseAndTheWorstOfTwoIsTheOne) {
    using enum ImageVerdict;
    const struct {
        ImageVerdict a, b;
        Trigger expected;
    } cases[] = {
        {missing, missing, firmware_missing},
        {unreadable, missing, firmware_missing},
        {withdrawn, missing, firmware_withdrawn},
        {missing, withdrawn, firmware_withdrawn},
        {withdrawn, bad_signature, both_slots_refused},
        {bad_signature, missing, both_slots_refused},
        {missing, malformed, both_slots_refused},
        {wrong_hardware, wrong_variant, both_slots_refused},
        {accepted, missing, boot_failed},
        {no_memory, accepted, boot_failed},
        {bad_signature, not_executable, boot_failed},
        {no_process, withdrawn, boot_failed},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(std::string{in_words(c.a)} + " / " + std::string{in_words(c.b)});
        World world;
        no_firmware(world, c.a, c.b);
        world.start();
        world.next = world.now;
        world.run_for(8);
        EXPECT_EQ(world.mode(), hal::Mode::failsafe);
        for (const Trigger trigger : {both_slots_refused, firmware_missing, firmware_withdrawn, boot_failed})
            EXPECT_EQ(world.shows(trigger), trigger == c.expected) << row_of(trigger).id;
    }
}

TEST(Triggers, ANetworkPartThatDoesNotRunIsSaidByItsCause) {
    using enum ImageVerdict;
    for (const auto& [verdict, expected] : {std::pair{missing, gateway_missing},
                                            {unreadable, gateway_missing},
                                            {no_memory, gateway_missing},
                                            {no_process, gateway_missing},
                                            {not_executable, gateway_missing},
                                            {withdrawn, gateway_withdrawn},
                                            {malformed, gateway_refused},
                                            {wrong_kind, gateway_refused}}) {
        SCOPED_TRACE(in_words(verdict));
        World world;
        world.report.gateway = verdict;
        world.become_normal();
        for (const Trigger trigger : {gateway_refused, gateway_missing, gateway_withdrawn})
            EXPECT_EQ(world.shows(trigger), trigger == expected) << row_of(trigger).id;
    }
}

TEST(Triggers, AnOldMemorysWindowsCountAsFull) {
    World world;
    world.report.anchor = hal::Anchor::stale;
    world.start();
    world.next = world.now;
    world.run_for(10);
    EXPECT_EQ(world.mode(), hal::Mode::failsafe);
    EXPECT_GE(world.state().kept.full_until, world.now + 86'000);
}

TEST(Triggers, OpenEmergencyAccessIsAMediumAlarmThatEndsWithItAndWithTheFirmwareThatSaidSo) {
    World world;
    world.become_normal();
    world.firmware_wish_s = 1;
    world.emergency_access = true;
    world.run_for(300);
    EXPECT_TRUE(world.shows(emergency_access));
    EXPECT_EQ(world.signals.sound, hal::Priority::medium);
    EXPECT_EQ(world.mode(), hal::Mode::normal);
    EXPECT_EQ(world.state().kept.header.latched, 0U);

    world.emergency_access = false;
    world.run_for(1);
    EXPECT_FALSE(world.shows(emergency_access));

    world.emergency_access = true;
    world.run_for(2);
    ASSERT_TRUE(world.shows(emergency_access));
    world.firmware_dies = 1;
    world.play(world.next);
    EXPECT_FALSE(world.shows(emergency_access)) << "nobody is there who could be told what to do";
    world.run_for(20);
    EXPECT_TRUE(world.shows(emergency_access)) << "the next firmware reads that it is still open";
}

TEST(Triggers, AFirmwareThatProvedNothingLightsNoEmergencyAccess) {
    World world;
    world.emergency_access = true;
    world.firmware = [](World& w, const hal::FirmwareTick&) { w.say(hal::Proof{}); };
    world.start();
    world.next = world.now;
    world.run_for(20);
    EXPECT_TRUE(world.shows(firmware_not_proven));
    EXPECT_FALSE(world.shows(emergency_access));
}

TEST(Triggers, ARefusedGatewayCostsTheNetworkOnly) {
    World world;
    world.report.gateway = ImageVerdict::bad_signature;
    world.become_normal();
    EXPECT_TRUE(world.shows(gateway_refused));
    EXPECT_EQ(world.mode(), hal::Mode::normal);
}

TEST(Triggers, AnIsolatedNetworkHasNoRefusedGateway) {
    World world;
    world.become_normal();
    for (int i = 0; i < 3; ++i) reset_with(world);
    world.report.gateway = ImageVerdict::not_needed;
    world.run_for(600);
    EXPECT_FALSE(world.shows(gateway_refused));
}

}  // namespace
}  // namespace basalt::guardian
