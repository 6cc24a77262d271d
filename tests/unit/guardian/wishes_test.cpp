// What the firmware carries for a person: a bolus taken back, a stop, a resume. And what a hostile one makes of it.
#include "device/guardian/dose_window.h"
#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

namespace basalt::guardian {
namespace {
using test::World;

/// In a second the firmware does this, and from then on nothing but what a good one does.
void once(World& world, const std::function<void(World&)>& act) {
    world.firmware_wish_s = 1;
    world.firmware = [act](World& w, const hal::FirmwareTick& tick) {
        test::good_firmware()(w, tick);
        act(w);
    };
    world.play(world.now + 1);
    world.firmware = test::good_firmware();
}
MilliUnits take_back(World& world) {
    world.taken_back.reset();
    once(world, [](World& w) { w.say(hal::TakeBack{7}); });
    EXPECT_TRUE(world.taken_back);
    return world.taken_back ? world.taken_back->amount : MilliUnits{-1};
}
void bolus(World& world, MilliUnits amount) {
    once(world, [amount](World& w) { EXPECT_EQ(w.ask(amount, hal::DoseKind::bolus), hal::DoseVerdict::accepted); });
}
bool resume(World& world) {
    world.mode_answer.reset();
    once(world, [](World& w) { w.say(hal::ResumeRequest{}); });
    return world.mode_answer && world.mode_answer->accepted;
}
bool stop(World& world) {
    world.mode_answer.reset();
    once(world, [](World& w) { w.say(hal::StopRequest{}); });
    return world.mode_answer && world.mode_answer->accepted;
}
/// A minute after a slot's beginning: nothing falls due for a while.
void to_a_quiet_minute(World& world) { world.run_to(Tick{(world.now.seconds / 300 + 1) * 300 + 60}); }

TEST(TakeBack, WhatHasNotMovedIsNotGivenAndTheMotorHaltsAtOnce) {
    World world;
    world.become_normal();
    to_a_quiet_minute(world);
    const auto before = world.motor;
    bolus(world, 3_U);
    world.run_for(20);
    const auto amount = take_back(world);
    EXPECT_GT(amount, 2_U);
    const auto halted = world.motor;
    EXPECT_EQ(halted - before, 3'000 - amount.count);
    EXPECT_NE(world.taken_back->ring_seq, 0U);
    world.run_for(100);
    EXPECT_EQ(world.motor, halted);
    EXPECT_EQ(world.motor, world.on_record());
    world.run_for(3'600);
    EXPECT_EQ(world.motor, world.on_record());
    EXPECT_FALSE(world.shows(Trigger::motor_stalled));
    EXPECT_FALSE(world.shows(Trigger::motor_ahead));
}

TEST(TakeBack, BasalInsulinOfBeforeIsStillGiven) {
    World world;
    world.firmware_wish_s = 1;
    world.become_normal();
    world.run_to(Tick{(world.now.seconds / 300 + 1) * 300 - 1});
    const auto before = world.motor;
    world.firmware = [](World& w, const hal::FirmwareTick& tick) {
        if (!tick.basal_due) return;
        EXPECT_EQ(w.ask(100_mU, hal::DoseKind::basal), hal::DoseVerdict::accepted);
        EXPECT_EQ(w.ask(2_U, hal::DoseKind::bolus), hal::DoseVerdict::accepted);
        for (int i = 0; i < 200; ++i) w.say(hal::TakeBack{});
    };
    world.play(world.next);
    EXPECT_EQ(world.motor, before);  // nothing has moved yet
    world.firmware = {};
    world.run_for(60);
    EXPECT_EQ(world.motor, before + 100);
    EXPECT_EQ(world.motor, world.on_record());
}

TEST(TakeBack, OfTwoBolusesOnlyTheNewestAndEachOnce) {
    World world;
    world.become_normal();
    to_a_quiet_minute(world);
    const auto before = world.motor;
    once(world, [](World& w) {
        EXPECT_EQ(w.ask(1_U, hal::DoseKind::bolus), hal::DoseVerdict::accepted);
        EXPECT_EQ(w.ask(2_U, hal::DoseKind::bolus), hal::DoseVerdict::accepted);
    });
    EXPECT_EQ(take_back(world), 2_U);
    EXPECT_EQ(take_back(world), 0_mU);
    world.run_for(100);
    EXPECT_EQ(world.motor, before + 1'000);
    EXPECT_EQ(world.motor, world.on_record());
}

TEST(TakeBack, NothingElseIsEverTakenBack) {
    World world;
    world.become_normal();
    to_a_quiet_minute(world);
    EXPECT_EQ(take_back(world), 0_mU);  // a basal dose is the newest
    bolus(world, 1_U);
    world.run_for(60);
    EXPECT_EQ(take_back(world), 0_mU);  // it has moved
    bolus(world, 1_U);
    world.say(hal::TakeBack{});  // outside its turn
    EXPECT_EQ(world.taken_back->amount, 0_mU);
    world.board.sensors.case_open = true;
    world.play(world.next);
    world.run_for(15);  // the firmware side starts anew
    ASSERT_EQ(world.mode(), hal::Mode::failsafe);
    EXPECT_EQ(take_back(world), 0_mU);  // failsafe asks no firmware
    world.run_for(60);
    EXPECT_EQ(world.motor, world.on_record());
}

/// Fills the day's room for what is no dose.
void fill_the_ring(World& world) {
    world.firmware_wish_s = 1;
    for (int i = 0; i < 500; ++i) {
        world.board.sensors.reservoir = i % 2 == 0 ? 10_U : 200_U;
        world.play(world.next);
    }
    world.board.sensors.reservoir = 200_U;
    ASSERT_GE(events_of_the_day(world.state().kept.ring, world.now), events_a_day);
}

TEST(TakeBack, CutAtEveryEffectTheBolusIsWholeOrTakenBackAndNeverTwice) {
    for (const bool room : {true, false})
        for (std::size_t cut = 0; cut < 20; ++cut) {
            SCOPED_TRACE(testing::Message() << cut << (room ? "" : ", the ring is full"));
            World world;
            world.become_normal();
            if (!room) fill_the_ring(world);
            to_a_quiet_minute(world);
            const auto before = world.motor;
            bolus(world, 1_U);
            world.taken_back.reset();
            world.run_for(10);
            world.firmware = [](World& w, const hal::FirmwareTick&) { w.say(hal::TakeBack{}); };
            world.cut_after = cut;
            world.play(world.next);
            world.cut_after.reset();
            world.firmware = test::good_firmware();
            const bool told = world.taken_back && world.taken_back->amount > 0_mU;
            if (!world.guardian) world.start();
            world.next = world.now + 1;
            world.run_for(60);
            EXPECT_EQ(world.motor, world.state().kept.header.target.milli_units);
            if (room) {
                EXPECT_EQ(world.motor, world.on_record());
            }
            const auto given = world.motor - before;
            EXPECT_TRUE(given == 1'000 || (given >= 250 && given <= 350)) << given;
            EXPECT_TRUE(!told || given <= 350) << given;
        }
}

TEST(TakeBack, WithoutRoomOnTheRingItIsTakenBackAllTheSameAndNoRestartGivesIt) {
    for (const bool restart : {false, true}) {
        World world;
        world.become_normal();
        fill_the_ring(world);
        to_a_quiet_minute(world);
        const auto before = world.motor;
        bolus(world, 1_U);
        const auto amount = take_back(world);
        EXPECT_GT(amount, 800_mU);
        EXPECT_EQ(world.taken_back->ring_seq, 0U);
        EXPECT_EQ(take_back(world), 0_mU);
        if (restart) {
            world.power_off();
            world.start();
            world.next = world.now;
        }
        world.run_for(100);
        EXPECT_EQ(world.motor, before + 1'000 - amount.count);
        EXPECT_FALSE(world.shows(Trigger::motor_ahead));
        EXPECT_FALSE(world.shows(Trigger::motor_stalled));
    }
}

TEST(TakeBack, BolusesThatAreTakenBackDoNotHideThatInsulinIsWithheld) {
    for (const bool room : {true, false}) {
        SCOPED_TRACE(room);
        World world;
        world.become_normal();
        if (!room) fill_the_ring(world);
        world.firmware_wish_s = 300;
        world.firmware = [](World& w, const hal::FirmwareTick& tick) {
            test::good_firmware(0_mU)(w, tick);
            w.ask(100_mU, hal::DoseKind::bolus);
            w.say(hal::TakeBack{});
        };
        world.run_for(5 * 3600);
        EXPECT_TRUE(world.shows(Trigger::insulin_withheld));
    }
}

TEST(TakeBack, ABolusThatWasGivenStillCountsAsInsulin) {
    World world;
    world.become_normal();
    world.firmware = [](World& w, const hal::FirmwareTick& tick) {
        test::good_firmware(0_mU)(w, tick);
        w.ask(60_mU, hal::DoseKind::bolus);
    };
    world.run_for(5 * 3600);
    EXPECT_FALSE(world.shows(Trigger::insulin_withheld));
}

TEST(TakeBack, TheHourHoldsWhatMovedAndNoMoreHoweverOftenItIsSaid) {
    World world;
    world.become_normal();
    world.firmware_wish_s = 1;
    std::deque<std::pair<std::uint64_t, std::int64_t>> hour;
    std::int64_t most = 0;
    world.firmware = [](World& w, const hal::FirmwareTick& tick) {
        test::good_firmware()(w, tick);
        w.ask(4_U, hal::DoseKind::bolus);
        if (tick.tick.seconds % 20 == 0)
            for (int i = 0; i < 200; ++i) w.say(hal::TakeBack{});
    };
    for (int i = 0; i < 4 * 3600; ++i) {
        world.play(world.next);
        hour.emplace_back(world.now.seconds, world.motor);
        while (hour.front().first + 3600 <= world.now.seconds) hour.pop_front();
        most = std::max(most, hour.back().second - hour.front().second);
    }
    EXPECT_LE(most, 8'000);
    EXPECT_GT(most, 1'000);
    EXPECT_EQ(world.mode(), hal::Mode::normal);
}

TEST(StopFromAfar, StopsAsTheHeldButtonDoesAndOutlivesARestart) {
    World world;
    world.become_normal();
    bolus(world, 3_U);
    EXPECT_TRUE(stop(world));
    EXPECT_EQ(world.mode_answer->mode, hal::Mode::stopped);
    EXPECT_EQ(world.mode(), hal::Mode::stopped);
    EXPECT_TRUE(world.shows(Trigger::delivery_stopped));
    EXPECT_EQ(world.signals.sound, hal::Priority::high);
    const auto motor = world.motor;
    for (int i = 0; i < 2; ++i) {
        world.run_for(1'500);
        EXPECT_EQ(world.mode(), hal::Mode::stopped);
        world.power_off();
        world.start();
        world.next = world.now;
    }
    EXPECT_EQ(world.motor, motor);
    EXPECT_EQ(world.motor, world.on_record());
    world.hold(10);
    world.run_for(600);
    EXPECT_EQ(world.mode(), hal::Mode::normal);
}

TEST(StopFromAfar, ItsAnswerHasThreeSecondsBeforeTheResetAndNoRepetitionMakesThemMore) {
    World world;
    world.become_normal();
    to_a_quiet_minute(world);
    bolus(world, 3_U);
    world.run_for(5);
    const auto before = world.state().kept.header.generation;
    EXPECT_TRUE(stop(world));
    const auto motor = world.motor;
    world.firmware = [](World& w, const hal::FirmwareTick& tick) {  // a hostile one asks again and again
        w.say(hal::StopRequest{});
        w.say(hal::ResumeRequest{});
        w.say(hal::SlotEnd{tick.tick, tick.tick + 1, false});
    };
    for (int i = 0; i < 2; ++i) {
        world.run_for(1);
        EXPECT_EQ(world.state().kept.header.generation, before) << i;
        EXPECT_EQ(world.mode(), hal::Mode::stopped);
    }
    world.run_for(2);
    EXPECT_EQ(world.state().kept.header.generation, before + 1) << "then it is anchored";
    EXPECT_FALSE(world.state().accepted);
    EXPECT_EQ(world.mode(), hal::Mode::stopped);
    EXPECT_EQ(world.motor, motor) << "the motor did not wait";
}

TEST(StopFromAfar, AFirmwareThatIsNotBelievedStopsNothing) {
    World failsafe;
    failsafe.become_normal();
    failsafe.board.sensors.case_open = true;
    failsafe.run_for(330);
    EXPECT_FALSE(stop(failsafe));
    EXPECT_EQ(failsafe.mode(), hal::Mode::failsafe);

    World unproven;
    unproven.firmware = [](World& w, const hal::FirmwareTick&) { w.say(hal::StopRequest{}); };
    unproven.start();
    unproven.next = unproven.now;
    unproven.run_for(900);
    ASSERT_TRUE(unproven.mode_answer);
    EXPECT_FALSE(unproven.mode_answer->accepted);
    EXPECT_EQ(unproven.mode(), hal::Mode::start_up);

    World outside;
    outside.become_normal();
    outside.say(hal::StopRequest{});
    EXPECT_FALSE(outside.mode_answer->accepted);
    EXPECT_EQ(outside.mode(), hal::Mode::normal);
}

/// Stopped by a person, the firmware proven again.
void be_stopped(World& world) {
    world.become_normal();
    world.hold(4);
    world.firmware = test::good_firmware();
    world.run_for(60);
    ASSERT_EQ(world.mode(), hal::Mode::stopped);
    ASSERT_TRUE(world.state().accepted);
}

TEST(ResumeFromAfar, AFreshShortPressAndTheRequestResumeAsTheLongHoldDoes) {
    World world;
    be_stopped(world);
    const auto motor = world.motor;
    world.press();
    EXPECT_TRUE(resume(world));
    EXPECT_FALSE(world.shows(Trigger::delivery_stopped));
    world.run_for(900);
    EXPECT_EQ(world.mode(), hal::Mode::normal);
    EXPECT_GT(world.motor, motor);
    world.power_off();
    world.start();
    world.next = world.now;
    world.run_for(300);
    EXPECT_EQ(world.mode(), hal::Mode::normal);
}

TEST(ResumeFromAfar, NoPressOrAnOldOneOrOneFromBeforeTheStopOrAUsedOneResumesNothing) {
    World world;
    be_stopped(world);
    EXPECT_FALSE(resume(world));
    world.press();
    world.run_for(hal::resume_press_s);
    EXPECT_FALSE(resume(world));
    EXPECT_EQ(world.mode(), hal::Mode::stopped);
    world.press();
    EXPECT_TRUE(resume(world));
    world.run_for(15);
    EXPECT_TRUE(stop(world));
    world.run_for(8);  // the firmware side starts anew, and it is all within 30 s of the press
    EXPECT_FALSE(resume(world));
    EXPECT_EQ(world.mode(), hal::Mode::stopped);

    World before;
    before.become_normal();
    before.press();
    before.hold(4);
    before.run_for(10);
    ASSERT_TRUE(before.state().accepted);
    EXPECT_FALSE(resume(before));
    EXPECT_EQ(before.mode(), hal::Mode::stopped);
}

TEST(ResumeFromAfar, AfterARestartThePressIsForgottenAndInFailsafeTheLongHoldAloneResumes) {
    World world;
    be_stopped(world);
    world.press();
    world.power_off();
    world.start();
    world.next = world.now;
    world.run_for(10);
    ASSERT_TRUE(world.state().accepted);
    EXPECT_FALSE(resume(world));

    World failsafe;
    failsafe.become_normal();
    failsafe.board.sensors.case_open = true;
    failsafe.run_for(330);
    failsafe.hold(4);
    failsafe.run_for(60);
    failsafe.press();
    EXPECT_FALSE(resume(failsafe));
    EXPECT_EQ(failsafe.mode(), hal::Mode::stopped);
    failsafe.hold(10);
    EXPECT_EQ(failsafe.mode(), hal::Mode::failsafe);
}

TEST(ResumeFromAfar, NothingThatAHostileFirmwareSaysStartsWhatAPersonStopped) {
    for (const std::uint64_t seed : test::seeds(10)) {
        SCOPED_TRACE(seed);
        test::Rng rng{seed};
        World world;
        be_stopped(world);
        const auto motor = world.motor;
        world.firmware_wish_s = static_cast<std::uint64_t>(rng.between(1, 60));
        world.firmware = [&](World& w, const hal::FirmwareTick& tick) {
            test::good_firmware()(w, tick);
            for (int i = 0; i < 20; ++i) {
                if (rng.one_in(4)) w.say(hal::ResumeRequest{});
                if (rng.one_in(4)) w.say(hal::StopRequest{});
                if (rng.one_in(4)) w.say(hal::TakeBack{});
                w.ask({static_cast<std::int32_t>(rng.between(-10, 400))},
                      rng.one_in(2) ? hal::DoseKind::basal : hal::DoseKind::bolus);
            }
        };
        for (int part = 0; part < 6; ++part) {
            world.run_for(3'600);
            EXPECT_EQ(world.mode(), hal::Mode::stopped);
            if (!rng.one_in(2)) continue;
            world.power_off();
            world.start();
            world.next = world.now;
        }
        EXPECT_EQ(world.motor, motor);
    }
}

}  // namespace
}  // namespace basalt::guardian
