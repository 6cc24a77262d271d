#include "device/firmware/therapy/bolus.h"

#include "device/firmware/therapy/kept.h"
#include "device/firmware/therapy/typed_number.h"
#include "tests/unit/therapy/bolus_rig.h"

#include <gtest/gtest.h>

#include <random>

namespace basalt::firmware {
namespace {
using enum BolusState;
using test::BolusRig;

constexpr BolusRefusal fault(BolusFault why, hal::DoseVerdict verdict = hal::DoseVerdict::accepted) {
    return {why, verdict};
}
BolusRefusal refusal_of(const BolusOr& result) { return result ? fault(BolusFault::not_running) : result.error(); }

TEST(Bolus, IsGivenExactlyInPortionsAndThenDone) {
    BolusRig rig;
    Bolus bolus = rig.running(3'500_mU);
    const MotorCount before = rig.motor;
    std::vector<std::int32_t> portions;
    while (!is_over(bolus) && rig.now.seconds < 303'000) {
        if (const auto ask = rig.slot(bolus)) {
            portions.push_back(ask->amount.count);
            rig.accept(bolus, *ask);
        }
        rig.move_for_a_second();
    }
    EXPECT_EQ(bolus.state, done);
    EXPECT_EQ(given(bolus), 3'500_mU);
    EXPECT_EQ(rig.motor.milli_units - before.milli_units, 3'500);
    EXPECT_EQ(portions, (std::vector<std::int32_t>{600, 600, 600, 600, 600, 500}));  // half of the twelve requests
    EXPECT_TRUE(bolus.exact);
}

// What a person can do, an attacker can time: a cancel, a stop, a loss of power, a refusal, a basal dose at any second.
TEST(Bolus, WhateverHappensItIsNeverMoreThanItsAmountAndWhatItSaysIsWhatMoved) {
    int ended[8] = {};
    for (std::uint64_t seed = 1; seed <= 1'500; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937_64 rng{seed};
        BolusRig rig;
        const MilliUnits amount{bolus_step.count * static_cast<std::int32_t>(1 + rng() % 200)};
        Bolus bolus = rig.running(amount);
        const Bolus kept = bolus;  // what is on record when the power goes
        const int event = static_cast<int>(rng() % 7);
        const std::uint64_t at = rig.now.seconds + rng() % 420, basal_at = rig.now.seconds + rng() % 420;
        MilliUnits told{};
        int asked_after = 0;
        bool stopped = false;
        for (int second = 0; second < 2'500; ++second) {
            const bool now = rig.now.seconds == at;
            if (now && event == 1) {
                if (const auto cancelled_one = cancel(bolus, "nurse-2", rig.now)) bolus = *cancelled_one;
                stopped = true;
            }
            if (now && event == 2) rig.halt();  // a person stops the pump
            if (now && event == 2) rig.mode = hal::Mode::stopped;
            if (now && event == 3) {  // the firmware dies and begins again with what was kept
                bolus = after_restart(kept, rig.now);
                stopped = true;
            }
            if (now && event == 4) {  // failsafe: what was written down still moves
                rig.mode = hal::Mode::failsafe;
                stopped = true;
            }
            if (rig.now.seconds == basal_at && rig.mode == hal::Mode::normal)
                rig.give(80_mU, hal::DoseSource::firmware_basal);
            if (const auto ask = rig.slot(bolus)) {
                told += ask->amount;
                asked_after += stopped ? 1 : 0;
                if (rig.now.seconds >= at && event == 5)
                    bolus = note_answer(bolus, ask->request_id, hal::DoseVerdict::over_cap, rig.now);
                else if (rng() % 10 == 0)
                    bolus = note_answer(bolus, ask->request_id, hal::DoseVerdict::motor_behind, rig.now),
                    told = told - ask->amount;
                else if (rng() % 10 == 0)
                    rig.give(ask->amount, hal::DoseSource::firmware_bolus);  // given, and the answer is lost
                else
                    rig.accept(bolus, *ask);
            }
            EXPECT_LE(given(bolus), amount);
            EXPECT_GE(given(bolus), 0_mU);
            rig.move_for_a_second();
            if (now && event == 6) rig.halt();  // the motor stalls, and does not come further
            if (is_over(bolus) && rig.motor == rig.target && rig.now.seconds > std::max(at, basal_at)) break;
        }
        rig.read_ring(bolus);
        EXPECT_TRUE(is_over(bolus));
        EXPECT_EQ(asked_after, 0);
        EXPECT_EQ(given(bolus).count, rig.bolus_insulin());
        EXPECT_EQ(still_moving(bolus, rig.motor), 0_mU);
        EXPECT_LE(told, amount);
        EXPECT_TRUE(bolus.exact);
        ++ended[static_cast<int>(bolus.state)];
    }
    EXPECT_GT(ended[static_cast<int>(done)], 300);
    EXPECT_GT(ended[static_cast<int>(cancelled)], 50);
    EXPECT_GT(ended[static_cast<int>(refused)], 50);
    EXPECT_GT(ended[static_cast<int>(interrupted)], 150);
}

TEST(Bolus, ACancelledOneAsksForNothingMoreFromThatCallOn) {
    BolusRig rig;
    Bolus bolus = rig.running(6_U);
    const auto first = rig.slot(bolus);
    ASSERT_TRUE(first);
    rig.accept(bolus, *first);
    for (int s = 0; s < 10; ++s) rig.move_for_a_second();
    const auto cancelled_one = cancel(bolus, "nurse-2", rig.now);
    ASSERT_TRUE(cancelled_one);
    bolus = *cancelled_one;
    EXPECT_FALSE(rig.slot(bolus));
    EXPECT_EQ(given(bolus), 1_U);
    EXPECT_EQ(still_moving(bolus, rig.motor), 750_mU);
    EXPECT_EQ(in_words(bolus, rig.motor).english,
              "Cancelled by nurse-2. Given: 1 unit of 6 units. Still moving of that: 0.75 units; stopping the "
              "pump halts it.");
    for (int s = 0; s < 5; ++s) rig.move_for_a_second();
    rig.halt();  // and somebody stops the pump
    EXPECT_FALSE(rig.slot(bolus));
    EXPECT_EQ(given(bolus), 375_mU);
    EXPECT_EQ(in_words(bolus, rig.motor).french, "Annulé par nurse-2. Donné : 0,375 unité sur 6 unités.");
}

TEST(Bolus, AMotorThatWasHaltedEndsItAndLaterDosesNoLongerChangeWhatItGave) {
    BolusRig rig;
    Bolus bolus = rig.running(6_U);
    const auto first = rig.slot(bolus);
    ASSERT_TRUE(first);
    rig.accept(bolus, *first);
    for (int s = 0; s < 10; ++s) rig.move_for_a_second();
    rig.halt();
    EXPECT_FALSE(rig.slot(bolus));
    EXPECT_EQ(bolus.state, interrupted);
    EXPECT_EQ(given(bolus), 250_mU);
    rig.motor = rig.motor + 10_mU;  // it went on for a moment
    rig.halt();
    EXPECT_FALSE(rig.slot(bolus));
    EXPECT_EQ(given(bolus), 260_mU);
    rig.give(80_mU, hal::DoseSource::firmware_basal);
    rig.move_for_a_second();
    rig.halt();  // halts that basal dose, and no bolus
    EXPECT_FALSE(rig.slot(bolus));
    EXPECT_EQ(given(bolus), 260_mU);
    EXPECT_EQ(rig.bolus_insulin(), 260);
    EXPECT_EQ(still_moving(bolus, rig.motor), 0_mU);
}

TEST(Bolus, TheRestIsNeverGivenByItselfAfterARestart) {
    BolusRig rig;
    Bolus bolus = rig.running(6_U);
    const Bolus kept = bolus;
    const auto first = rig.slot(bolus);
    ASSERT_TRUE(first);
    rig.give(first->amount, hal::DoseSource::firmware_bolus);  // the power goes before its answer is read
    bolus = after_restart(kept, rig.now);
    for (int s = 0; s < 3'000; ++s) {
        EXPECT_FALSE(rig.slot(bolus));
        rig.move_for_a_second();
    }
    EXPECT_EQ(bolus.state, interrupted);
    EXPECT_EQ(given(bolus), 1_U);  // from the guardian's ring
    const auto waiting = propose(bolus, {.amount = 1_U, .who = "patient"}, 10_U, rig.moment());
    ASSERT_TRUE(waiting);
    EXPECT_EQ(after_restart(*waiting, rig.now).state, expired);
    EXPECT_EQ(after_restart(bolus, rig.now).state, interrupted);
}

TEST(Bolus, ALostRingIsSaid) {
    BolusRig rig;
    Bolus bolus = rig.running(6_U);
    const auto first = rig.slot(bolus);
    ASSERT_TRUE(first);
    rig.give(first->amount, hal::DoseSource::firmware_bolus);
    rig.give(80_mU, hal::DoseSource::firmware_basal);
    bolus = note_ring(after_restart(bolus, rig.now), rig.ring.back());
    EXPECT_FALSE(bolus.exact);
    EXPECT_NE(in_words(bolus, rig.motor).english.find("it may have been more"), std::string::npos);
    Bolus other = rig.running(1_U);  // a bolus in the ring that is no portion of this one
    rig.give(2_U, hal::DoseSource::firmware_bolus);
    rig.read_ring(other);
    EXPECT_FALSE(other.exact);
    EXPECT_EQ(given(other), 0_mU);
}

TEST(Bolus, NeedsExactlyWhatWasReadBackByTheSamePersonInTime) {
    BolusRig rig;
    const auto proposed_one = propose({}, {.amount = 3'500_mU, .who = "patient"}, 10_U, rig.moment());
    ASSERT_TRUE(proposed_one);
    EXPECT_EQ(proposed_one->id, 1U);
    EXPECT_FALSE(advance(*proposed_one, rig.moment()).ask);
    EXPECT_EQ(refusal_of(confirm(*proposed_one, 3'550_mU, "patient", rig.moment())), fault(BolusFault::other_amount));
    EXPECT_EQ(refusal_of(confirm(*proposed_one, 3'500_mU, "patient2", rig.moment())), fault(BolusFault::other_person));
    EXPECT_EQ(refusal_of(confirm({}, 0_mU, "patient", rig.moment())), fault(BolusFault::not_proposed));
    rig.now = rig.now + confirm_within_s;
    EXPECT_TRUE(confirm(*proposed_one, 3'500_mU, "patient", rig.moment()));
    EXPECT_EQ(advance(*proposed_one, rig.moment()).bolus.state, proposed);
    rig.now = rig.now + 1;
    EXPECT_EQ(refusal_of(confirm(*proposed_one, 3'500_mU, "patient", rig.moment())), fault(BolusFault::too_late));
    EXPECT_EQ(advance(*proposed_one, rig.moment()).bolus.state, expired);
}

TEST(Bolus, IsRefusedWholeBeforeAnythingIsAskedOfTheGuardian) {
    BolusRig rig;
    const auto why = [&](const BolusOrder& order, MilliUnits limit = 10_U) {
        return refusal_of(propose({}, order, limit, rig.moment()));
    };
    for (const MilliUnits bad : {0_mU, 49_mU, MilliUnits{-50}, 3'510_mU, 30'050_mU, MilliUnits{INT32_MIN}})
        EXPECT_EQ(why({.amount = bad, .who = "p"}), fault(BolusFault::not_settable));
    for (const std::string_view bad : {std::string_view{}, std::string_view{"a b"}, std::string_view{"\u202ep"},
                                       std::string_view{"123456789012345678901234567890123"}})
        EXPECT_EQ(why({.amount = 1_U, .who = bad}), fault(BolusFault::bad_name));
    EXPECT_EQ(why({.amount = 5_U, .who = "p"}, 4'950_mU), fault(BolusFault::above_patient_limit));
    EXPECT_EQ(why({.amount = 10'050_mU, .who = "p"}, 30_U), fault(BolusFault::no_room, hal::DoseVerdict::over_dose));
    rig.mode = hal::Mode::stopped;
    EXPECT_EQ(why({.amount = 1_U, .who = "p"}), fault(BolusFault::stopped));
    for (const auto mode : {hal::Mode::start_up, hal::Mode::failsafe}) {
        rig.mode = mode;
        EXPECT_EQ(why({.amount = 1_U, .who = "p"}), fault(BolusFault::not_normal));
    }
}

TEST(Bolus, LimitsAreLookedAtAgainWhenItIsConfirmedAndBeforeEachPortion) {
    BolusRig rig;
    const auto waiting = propose({}, {.amount = 10_U, .who = "p"}, 10_U, rig.moment());
    ASSERT_TRUE(waiting);
    Bolus bolus = rig.running(10_U);
    rig.give(7_U, hal::DoseSource::firmware_bolus);
    EXPECT_EQ(refusal_of(confirm(*waiting, 10_U, "p", rig.moment())),
              fault(BolusFault::no_room, hal::DoseVerdict::over_hour));
    rig.motor = rig.target;
    rig.doses.push_back({.at = rig.now, .amount = 8_U});
    EXPECT_FALSE(advance(bolus, rig.moment()).ask);
    EXPECT_EQ(advance(bolus, rig.moment()).bolus.state, refused);
    EXPECT_EQ(advance(bolus, rig.moment()).bolus.verdict, hal::DoseVerdict::over_hour);
}

TEST(Bolus, OnlyOneAtATimeAndNoneWhileTheOneBeforeStillMoves) {
    BolusRig rig;
    Bolus bolus = rig.running(6_U);
    const BolusOrder next{.amount = 1_U, .who = "p"};
    EXPECT_EQ(refusal_of(propose(bolus, next, 10_U, rig.moment())), fault(BolusFault::another_one));
    const auto first = rig.slot(bolus);
    ASSERT_TRUE(first);
    rig.accept(bolus, *first);
    bolus = cancel(bolus, "p", rig.now).value_or(Bolus{});
    EXPECT_EQ(refusal_of(propose(bolus, next, 10_U, rig.moment())), fault(BolusFault::another_one));
    for (int s = 0; s < 40; ++s) rig.move_for_a_second();
    const auto second = propose(bolus, next, 10_U, rig.moment());
    ASSERT_TRUE(second);
    EXPECT_EQ(second->id, bolus.id + 1);
    EXPECT_EQ(refusal_of(cancel(bolus, "p", rig.now)), fault(BolusFault::not_running));
    EXPECT_EQ(refusal_of(cancel({}, "p", rig.now)), fault(BolusFault::not_running));
}

TEST(Bolus, EndsWhenItsTimeIsOver) {
    BolusRig rig;
    Bolus bolus = rig.running(6_U);
    rig.target = rig.target + 1'000'000_mU;  // the motor never comes to it
    rig.now = rig.now + give_within_s;
    EXPECT_EQ(advance(bolus, rig.moment()).bolus.state, running);
    rig.now = rig.now + 1;
    EXPECT_EQ(advance(bolus, rig.moment()).bolus.state, interrupted);
}

TEST(Bolus, OneBolusLeavesRequestsForTheNext) {
    BolusRig rig;
    for (const std::size_t expected : {6U, 3U, 1U, 1U, 1U}) {  // of twelve an hour
        const std::size_t before = rig.doses.size();
        Bolus bolus = rig.running(1'000_mU + MilliUnits{rig.doses.empty() ? 4'000 : 1'000});
        for (int s = 0; s < 600 && !is_over(bolus); ++s) {
            if (const auto ask = rig.slot(bolus)) rig.accept(bolus, *ask);
            rig.move_for_a_second();
        }
        EXPECT_EQ(bolus.state, done);
        EXPECT_EQ(rig.doses.size() - before, expected);
        for (auto& dose : rig.doses) dose.amount = 1_mU;  // only their number is looked at here
    }
}

TEST(Bolus, AnAnswerToAnotherRequestChangesNothing) {
    BolusRig rig;
    Bolus bolus = rig.running(6_U);
    const auto ask = rig.slot(bolus);
    ASSERT_TRUE(ask);
    EXPECT_NE(ask->request_id & 0x8000'0000U, 0U);
    EXPECT_EQ(note_answer(bolus, ask->request_id + 1, hal::DoseVerdict::over_day, rig.now).state, running);
    EXPECT_EQ(note_answer(bolus, ask->request_id, hal::DoseVerdict::over_day, rig.now).state, refused);
    EXPECT_EQ(note_answer({}, ask->request_id, hal::DoseVerdict::over_day, rig.now).state, none);
    EXPECT_FALSE(rig.slot(bolus));  // unanswered: nothing more is asked
}

TEST(Bolus, IsReadBackWithAmountPurposeAndPerson) {
    BolusRig rig;
    const auto read = [&](MilliUnits amount, std::optional<MilliUnits> suggested) {
        return read_back(
            propose({}, {.amount = amount, .reason = BolusReason::meal, .who = "nurse-2", .suggested = suggested}, 10_U,
                    rig.moment())
                .value_or(Bolus{}));
    };
    EXPECT_EQ(read(3'500_mU, 3'500_mU).english,
              "Give 3.5 units? Bolus for a meal, ordered by nurse-2. It takes about 3 minutes. Check the amount, then "
              "confirm.");
    EXPECT_EQ(read(3'500_mU, std::nullopt).french,
              "Donner 3,5 unités ? Bolus pour un repas, demandé par nurse-2. Durée : environ 3 minutes. Vérifiez la "
              "quantité, puis "
              "confirmez.");
    EXPECT_NE(read(5_U, 500_mU).english.find("Careful: the calculation gave 0.5 units. Was a decimal sign lost?"),
              std::string::npos);
    EXPECT_NE(read(50_mU, 0_mU).english.find("Careful: the calculation gave 0 units"), std::string::npos);
    EXPECT_EQ(read(950_mU, 500_mU).english.find("Careful"), std::string::npos);
}

TEST(Bolus, EveryRefusalAndStateHasWordsInBothLanguages) {
    BolusRig rig;
    for (int f = 0; f <= static_cast<int>(BolusFault::not_running); ++f) {
        const Sentence words =
            in_words({static_cast<BolusFault>(f), hal::DoseVerdict::over_hour}, 12_U, 10_U, rig.dose_room());
        EXPECT_TRUE(words.english.ends_with('.') && words.french.ends_with('.'));
        EXPECT_NE(words.english, words.french);
    }
    for (std::uint8_t state = 0; is_known(static_cast<BolusState>(state)); ++state) {
        Bolus bolus;
        bolus.state = static_cast<BolusState>(state);
        EXPECT_TRUE(in_words(bolus, rig.motor).english.ends_with('.'));
        EXPECT_NE(in_words(bolus, rig.motor).english, in_words(bolus, rig.motor).french);
    }
    EXPECT_EQ(
        in_words(fault(BolusFault::above_patient_limit), 12_U, 10_U, rig.dose_room()).english,
        "Asked for: 12 units; nothing of it is given. One bolus is at most 10 units here. Check the amount, or ask the "
        "physician.");
}

TEST(Bolus, OnceItIsOverAndItsLastPortionHasMovedNoEntryOfTheRingChangesItAnyMore) {
    BolusRig rig;
    Bolus bolus = rig.running(500_mU);
    const auto ask = rig.slot(bolus);
    ASSERT_TRUE(ask);
    rig.accept(bolus, *ask);
    bolus = cancel(bolus, "nurse-2", rig.now).value_or(Bolus{});
    EXPECT_FALSE(is_final(settle(bolus, rig.motor, rig.now)));  // a halt may still take from it
    while (rig.motor < rig.target) rig.move_for_a_second();
    const Bolus settled = settle(bolus, rig.motor, rig.now);
    ASSERT_TRUE(is_final(settled));
    rig.give(80_mU, hal::DoseSource::firmware_basal);
    Bolus later = settled;
    rig.read_ring(later);
    EXPECT_EQ(to_text(later), to_text(settled));  // so it is not written anew with each basal dose
}

TEST(Bolus, AfterARestartItIsNotFinalBeforeTheRingWasRead) {
    BolusRig rig;
    const Bolus kept = rig.running(500_mU);
    Bolus bolus = kept;
    const auto ask = rig.slot(bolus);
    ASSERT_TRUE(ask);
    rig.accept(bolus, *ask);
    bolus = after_restart(kept, rig.now);
    EXPECT_FALSE(is_final(bolus));
    rig.read_ring(bolus);
    while (rig.motor < rig.target) rig.move_for_a_second();
    bolus = settle(bolus, rig.motor, rig.now);
    EXPECT_TRUE(is_final(bolus));
    EXPECT_EQ(given(bolus), 500_mU);
}

}  // namespace
}  // namespace basalt::firmware
