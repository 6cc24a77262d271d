#include "device/firmware/therapy_slot.h"

#include "tests/unit/firmware/therapy_slot_rig.h"

namespace basalt::firmware {
namespace {
using Slot = test::TherapySlotRig;
using hal::DoseSource;

// ---- basal ----

TEST_F(Slot, TheBasalDoseIsThePlanAndATemporaryRateChangesItToTheSecond) {
    EXPECT_EQ(therapy->basal(), 100_mU);
    ASSERT_TRUE(therapy->set_temporary(-50, 900, "nurse-2"));
    EXPECT_EQ(therapy->basal(), 50_mU);
    wait(840);
    EXPECT_EQ(therapy->basal(), 90_mU);  // one of its five minutes
    wait(60);
    EXPECT_EQ(therapy->basal(), 100_mU);
    ASSERT_TRUE(therapy->set_temporary(-100, 900, "nurse-2"));
    EXPECT_EQ(therapy->basal(), 0_mU);  // asked for: the guardian would give the profile's
    ASSERT_TRUE(therapy->end_temporary("patient"));
    EXPECT_EQ(therapy->basal(), 100_mU);
    commit();
    EXPECT_EQ(said("temporary_set").size(), 2U);
    EXPECT_EQ(said("temporary_ended"),
              (std::vector<std::string>{"firmware: The temporary basal rate of -50 % ended (its time was over).",
                                        "patient: The temporary basal rate of -100 % ended (ended by a person)."}));
}

TEST_F(Slot, ATemporaryRateGoesOnOverARestartToTheSameEnd) {
    ASSERT_TRUE(therapy->set_temporary(-50, 900, "nurse-2"));
    commit();
    tick.tick = tick.tick + 300;
    start();
    EXPECT_EQ(therapy->basal(), 50_mU);
    ASSERT_TRUE(therapy->seen().temporary);
    wait(600);
    EXPECT_EQ(therapy->basal(), 100_mU);
}

TEST_F(Slot, OutsideNormalModeNoTemporaryRateIsSetBecauseNoneWouldHold) {
    for (const auto mode : {hal::Mode::start_up, hal::Mode::failsafe, hal::Mode::stopped}) {
        tick.mode = mode;
        wait();
        EXPECT_FALSE(therapy->set_temporary(-50, 900, "nurse-2"));
    }
}

TEST_F(Slot, ABasalDoseNeverBreaksAnHourADayOrTheCap) {
    limits = {10_U, 1'050_mU, 12_U, 60_U, 24};
    start();
    give(1'000_mU, DoseSource::firmware_basal, 1'000_mU);
    wait(300);
    EXPECT_EQ(therapy->basal(), 50_mU);  // what the hour leaves
    give(50_mU, DoseSource::firmware_basal);
    wait(300);
    EXPECT_EQ(therapy->basal(), std::nullopt);  // the guardian decides, and says so
    commit();
    EXPECT_EQ(said("basal_limited").size(), 1U);  // once, not in each slot
}

TEST_F(Slot, ACapThatIsUsedUpLeavesTheProfilesDoseAndNoMore) {
    limits = {10_U, 15_U, 2_U, 60_U, 24};
    start();
    give(2_U, DoseSource::firmware_bolus);
    wait(100);
    EXPECT_EQ(therapy->basal(), std::nullopt);  // nobody knows what the profile gives: it may be nothing
    give(70_mU, DoseSource::profile, 70_mU);
    wait(300);
    EXPECT_EQ(therapy->basal(), 69_mU);  // this hour's doses tell; one may get a mU less than another
    ASSERT_TRUE(therapy->set_temporary(-50, 900, "nurse-2"));
    EXPECT_EQ(therapy->basal(), 50_mU);
}

TEST_F(Slot, AsLongAsTheRingWasNotReadNothingIsWanted) {
    give(100_mU, DoseSource::profile);
    therapy->begin(tick);
    therapy->ring_read(newest());
    EXPECT_EQ(therapy->basal(), std::nullopt);
    EXPECT_FALSE(order(1_U));
    EXPECT_FALSE(therapy->seen().on_board.complete);
}

// ---- a bolus ----

TEST_F(Slot, ABolusIsGivenInPortionsAndItsRecordSaysWhoAndHowMuch) {
    ASSERT_TRUE(order(1'200_mU));
    EXPECT_EQ(therapy->next(), tick.tick + 1);
    MilliUnits sum{};
    int portions = 0;
    for (int i = 0; i < 120; ++i) {
        wait();
        const MilliUnits part = slot();
        sum += part;
        portions += part > 0_mU ? 1 : 0;
        commit();
    }
    EXPECT_EQ(sum, 1'200_mU);
    EXPECT_EQ(portions, 3);
    EXPECT_EQ(therapy->next(), std::nullopt);
    const auto seen = therapy->seen();
    ASSERT_TRUE(seen.last);
    EXPECT_FALSE(seen.running);
    EXPECT_EQ(seen.last->given, 1'200_mU);
    EXPECT_EQ(seen.last->who, "patient");
    EXPECT_GT(seen.on_board.amount, 1'150_mU);
    EXPECT_LE(seen.on_board.amount, 1'200_mU);
    EXPECT_EQ(said("bolus_confirmed"),
              (std::vector<std::string>{"patient: Bolus 1 of 1.2 U was confirmed: an amount that was typed."}));
    EXPECT_EQ(
        said("bolus_ended"),
        (std::vector<std::string>{"firmware: Bolus 1 ended (all of it was given). Given: 1.2 U of 1.2 U (exactly)."}));
}

TEST_F(Slot, ACancelledBolusIsTakenBackAndItsRecordSaysWhatMoved) {
    for (int seconds = 0; seconds < 30; ++seconds) {
        SCOPED_TRACE(seconds);
        ASSERT_TRUE(order(1_U));
        wait();
        const auto before = tick.motor;
        slot();
        for (int i = 0; i < seconds; ++i) {
            wait();
            slot();
        }
        ASSERT_TRUE(therapy->cancel("nurse-2"));
        const bool moving = tick.motor < tick.target;
        EXPECT_EQ(therapy->take_back_wanted(), moving);
        if (moving) {
            halt();
            therapy->note_taken_back(true);
            read_ring();
            wait(2);
            commit();
            slide(10_mU);
        }
        for (int i = 0; i < 10; ++i) {
            wait();
            EXPECT_EQ(slot(), 0_mU);
            commit();
        }
        EXPECT_EQ(therapy->seen().last->given.count, tick.motor.milli_units - before.milli_units);
        EXPECT_EQ(said("bolus_ended").size(), static_cast<std::size_t>(seconds) + 1);
        EXPECT_TRUE(said("bolus_ended").back().starts_with("nurse-2: "));
        wait(3'600);
    }
}

TEST_F(Slot, ALostAnswerToATakeBackIsWishedAgain) {
    ASSERT_TRUE(order(1_U));
    wait();
    slot();
    ASSERT_TRUE(therapy->cancel("nurse-2"));
    therapy->note_taken_back(false);
    EXPECT_TRUE(therapy->take_back_wanted());
    EXPECT_EQ(therapy->next(), tick.tick + 1);
    therapy->note_taken_back(true);
    EXPECT_FALSE(therapy->take_back_wanted());
    for (int i = 0; i < 40; ++i) wait();  // nothing was taken back: the portion moves to its end
    EXPECT_EQ(therapy->seen().last->given, 500_mU);
}

TEST_F(Slot, WhereverPowerGoesTheRestIsNotGivenAndTheRecordIsTheRings) {
    for (int cut = 0; cut < 60; ++cut) {
        SCOPED_TRACE(cut);
        ASSERT_TRUE(order(1'500_mU));
        commit();
        const auto before = tick.motor;
        for (int i = 0; i < cut; ++i) {
            wait();
            slot();
            if (i % 3 != 2) commit();  // a slot that was cut is not on record
        }
        start();
        for (int i = 0; i < 60; ++i) {
            wait();
            EXPECT_EQ(slot(), 0_mU);
            commit();
        }
        const auto seen = therapy->seen();
        ASSERT_TRUE(seen.last);
        EXPECT_EQ(seen.last->given.count, tick.motor.milli_units - before.milli_units);
        EXPECT_EQ(said("bolus_ended").size(), static_cast<std::size_t>(cut) + 1);
        EXPECT_EQ(said("bolus_confirmed").size(), static_cast<std::size_t>(cut) + 1);
        wait(90'000);
    }
}

TEST_F(Slot, ABolusThatWasOnlyProposedLeavesNothingAndTheOneBeforeIsStillShown) {
    ASSERT_TRUE(order(500_mU));
    for (int i = 0; i < 30; ++i) {
        wait();
        slot();
    }
    ASSERT_TRUE(therapy->propose({.amount = 2_U, .who = "nurse-2"}, 30_U));
    ASSERT_TRUE(therapy->seen().running);
    EXPECT_FALSE(therapy->seen().running->confirmed);
    EXPECT_EQ(therapy->seen().last->amount, 500_mU);
    EXPECT_FALSE(therapy->confirm(1_U, "nurse-2"));  // another amount
    EXPECT_FALSE(therapy->confirm(2_U, "patient"));  // another person
    EXPECT_EQ(therapy->next(), tick.tick + confirm_within_s + 1);
    wait(confirm_within_s + 1);
    EXPECT_EQ(slot(), 0_mU);
    EXPECT_FALSE(therapy->seen().running);
    EXPECT_EQ(therapy->seen().last->amount, 500_mU);
    commit();
    EXPECT_EQ(said("bolus_ended").size(), 1U);
    ASSERT_TRUE(therapy->propose({.amount = 2_U, .who = "nurse-2"}, 30_U));
    commit();
    start();
    commit();
    ASSERT_TRUE(therapy->seen().last);
    EXPECT_EQ(therapy->seen().last->amount, 500_mU);
    EXPECT_EQ(said("bolus_ended").size(), 1U);
    ASSERT_TRUE(order(500_mU));
    EXPECT_EQ(therapy->seen().running->id, 2U);
}

TEST_F(Slot, OnceABolusIsOverTheRecordsDoNotGrowWithEachBasalDose) {
    ASSERT_TRUE(order(500_mU));
    for (int i = 0; i < 30; ++i) {
        wait();
        slot();
    }
    commit();
    const auto before = journal->log_head().seq;
    for (int i = 0; i < 20; ++i) {
        give(100_mU, DoseSource::firmware_basal);
        wait(300);
        commit();
    }
    EXPECT_EQ(journal->log_head().seq, before);
}

TEST_F(Slot, WithoutRecordsNoBolusGoesOn) {
    ASSERT_TRUE(order(1_U));
    wait();
    therapy->without_records();
    EXPECT_EQ(therapy->portion(), std::nullopt);
    EXPECT_FALSE(therapy->seen().running);
}

TEST_F(Slot, WhatNobodyMayOrderIsRefusedInWords) {
    const auto refusal = [&](MilliUnits amount, MilliUnits limit) {
        const auto said = therapy->propose({.amount = amount, .who = "patient"}, limit);
        return said ? std::string{} : said.error().english + said.error().french;
    };
    EXPECT_NE(refusal(9_U, 8_U).find("at most 8 units"), std::string::npos);  // the physician's limit
    EXPECT_NE(refusal(3_U, 2_U).find("at most 2 units"), std::string::npos);   // this person's
    EXPECT_NE(refusal(1'010_mU, 30_U).find("steps of 0.05"), std::string::npos);
    tick.mode = hal::Mode::stopped;
    wait();
    EXPECT_NE(refusal(1_U, 30_U).find("The pump is stopped"), std::string::npos);
    TherapySlot refused{nullptr};
    refused.begin(tick);
    refused.ring_read(0);
    EXPECT_FALSE(refused.propose({.amount = 1_U, .who = "patient"}, 30_U));
    EXPECT_FALSE(refused.set_temporary(-50, 900, "patient"));
    EXPECT_FALSE(refused.calculate({100}));
    EXPECT_EQ(refused.basal(), std::nullopt);
}

// ---- the calculator ----

TEST_F(Slot, TheCalculatorTakesTheSensorOrWhatAPersonMeasuredAndWhatStillWorks) {
    tick.sensors.glucose_mg_dl = 210;
    tick.sensors.glucose_age_s = 60;
    give(0_mU, DoseSource::profile);
    wait(600 * 60);  // every dose of the duration of action is known
    const auto by_sensor = therapy->calculate({400});
    ASSERT_TRUE(by_sensor);
    EXPECT_EQ(by_sensor->calculation.suggested, 6_U);  // 40 g at 10 g, and (210 - 110) at 50
    EXPECT_FALSE(by_sensor->terms.empty());
    const auto measured = therapy->calculate({400}, Reading{110, 0});
    ASSERT_TRUE(measured);
    EXPECT_EQ(measured->calculation.suggested, 4_U);
    give(1_U, DoseSource::firmware_bolus);
    wait();
    EXPECT_EQ(therapy->calculate({400})->calculation.suggested, 5_U);
    configuration.calculator.reset();
    EXPECT_FALSE(therapy->calculate({400}));
}

TEST_F(Slot, InsulinOnBoardIsIncompleteUntilTheRecordsAreAsOldAsItActs) {
    give(0_mU, DoseSource::profile);
    wait();
    EXPECT_FALSE(therapy->seen().on_board.complete);
    wait(359 * 60);
    EXPECT_FALSE(therapy->seen().on_board.complete);
    wait(60);
    EXPECT_TRUE(therapy->seen().on_board.complete);
}

}  // namespace
}  // namespace basalt::firmware
