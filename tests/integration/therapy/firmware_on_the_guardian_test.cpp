// The whole firmware on the real guardian: what people order is given, cancelled and recorded, and no order of theirs
// is ever taken for an attack.
#include "scenarios/joined/joined_device.h"
#include "tests/integration/therapy/person.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>

#include <random>

namespace basalt::firmware {
namespace {
using basalt::test::Scratch;
using joined::JoinedDevice;
using test::People;

constexpr Tick begin{86'400};
constexpr Tick after(std::uint64_t seconds) { return {begin.seconds + seconds}; }

struct Pump {
    Scratch scratch;
    People people;
    JoinedDevice device;
    explicit Pump(const guardian::Profile& profile = joined::some_profile(),
                  const BasalRates& basal = joined::some_basal())
        : device({.records = scratch.path(),
                  .durability = storage::Durability::process_only,
                  .basal = basal,
                  .profile = profile,
                  .people = &people}) {}

    void order(Tick at, MilliUnits amount, std::string who = "patient") {
        people.at(at, [this, amount, who](const PeoplesTurn& turn) {
            const auto proposed = turn.therapy.propose({.amount = amount, .who = who}, 30_U);
            const auto confirmed = proposed ? turn.therapy.confirm(amount, who) : proposed;
            ordered += confirmed ? 1 : 0;
            if (!confirmed) refusals.push_back(confirmed.error().english);
        });
    }
    /// Every event of this kind, and all doses; the firmware ends with it.
    struct Records {
        std::vector<storage::Event> events;
        std::int64_t boluses = 0, sum = 0;
    };
    Records records(std::string_view what) {
        Records out;
        auto journal = device.records();
        EXPECT_TRUE(journal) << journal.error().what;
        if (!journal) return out;
        const auto verified = journal->verify();
        EXPECT_TRUE(verified && !verified->finding);
        for (std::uint64_t from = 1;;) {
            const auto events = journal->events(from, 1'000);
            if (!events || events->empty()) break;
            for (const auto& logged : *events)
                if (logged.event.what == what) out.events.push_back(logged.event);
            from = events->back().seq + 1;
        }
        for (std::uint64_t from = 1;;) {
            const auto doses = journal->doses(from, 1'000);
            if (!doses || doses->empty()) break;
            for (const auto& dose : *doses) {
                out.sum += dose.row.amount_mu;
                if (dose.row.origin == storage::DoseOrigin::firmware_bolus) out.boluses += dose.moved_mu;
            }
            from = doses->back().row.row + 1;
        }
        return out;
    }
    int ordered = 0;
    std::vector<std::string> refusals;
};

TEST(FirmwareOnTheGuardian, ABolusIsGivenToTheMilliUnitBesideTheBasalAndTheUnitsBalance) {
    Pump pump;
    pump.device.run_to(after(290));
    const auto before = pump.device.motor();
    pump.order(after(400), 3'500_mU);
    pump.device.run_to(after(290 + 86'400));
    EXPECT_EQ(pump.ordered, 1) << pump.refusals.front();
    EXPECT_EQ(pump.device.motor().milli_units - before.milli_units, basal_of_day(joined::some_basal()).count + 3'500);
    EXPECT_EQ(pump.device.signals().mode, hal::Mode::normal);
    int portions = 0;
    for (const auto& request : pump.device.dose_requests()) portions += request.kind == hal::DoseKind::bolus ? 1 : 0;
    EXPECT_EQ(portions, 4);
    const auto motor = pump.device.motor();
    const auto records = pump.records("bolus_ended");
    ASSERT_EQ(records.events.size(), 1U);
    EXPECT_EQ(*records.events[0].number("given_mu"), 3'500);
    EXPECT_EQ(*records.events[0].text("count"), "exact");
    EXPECT_EQ(records.boluses, 3'500);
    EXPECT_EQ(records.sum, motor.milli_units);
}

TEST(FirmwareOnTheGuardian, ATemporaryRateGivesItsShareAndEndsByItself) {
    Pump pump;
    pump.device.run_to(after(290));
    const auto before = pump.device.motor();
    pump.people.at(after(590),
                   [](const PeoplesTurn& turn) { EXPECT_TRUE(turn.therapy.set_temporary(-100, 3'600, "nurse-2")); });
    pump.device.run_to(after(290 + 86'400));
    // The hour begins in the slot that had its dose already, and ends within one.
    const auto missing =
        basal_of_day(joined::some_basal()).count - (pump.device.motor().milli_units - before.milli_units);
    EXPECT_NEAR(static_cast<double>(missing), 820, 90);
    EXPECT_EQ(pump.records("temporary_ended").events.size(), 1U);
}

TEST(FirmwareOnTheGuardian, WhenTheFirmwareDiesAtAnyFrameTheRestIsNotGivenAndTheRecordSaysWhatWas) {
    std::uint64_t first = 0, last = 0;
    {
        Pump pump;
        pump.order(after(401), 1_U);
        pump.device.run_to(after(400));
        first = pump.device.firmware_frames();
        pump.device.run_to(after(460));
        last = pump.device.firmware_frames();
        ASSERT_EQ(pump.ordered, 1);
    }
    int cut_short = 0;
    for (std::uint64_t frame = first + 1; frame <= last; ++frame)
        for (const bool arrives : {false, true}) {
            SCOPED_TRACE(::testing::Message() << "frame " << frame << (arrives ? ", which arrives" : ""));
            Pump pump;
            pump.order(after(401), 1_U);
            pump.device.kill_firmware_at(frame, arrives);
            pump.device.run_to(after(890));
            const auto motor = pump.device.motor();
            EXPECT_EQ(pump.device.signals().mode, hal::Mode::normal);
            EXPECT_FALSE(pump.people.seen.running);
            const auto records = pump.records("bolus_ended");
            // Not on record at all: the firmware died before it was confirmed durably, and nothing was asked for.
            ASSERT_LE(records.events.size(), 1U);
            EXPECT_EQ(records.boluses, records.events.empty() ? 0 : *records.events[0].number("given_mu"));
            EXPECT_LE(records.boluses, 1'000);
            EXPECT_EQ(records.sum, motor.milli_units);
            cut_short += records.boluses < 1'000 ? 1 : 0;
        }
    EXPECT_GT(cut_short, 10);
}

TEST(FirmwareOnTheGuardian, AGuardianThatStartsAnewInTheMiddleLosesNoUnitAndGivesNoRest) {
    for (std::uint64_t second = 1; second <= 70; second += 5) {
        SCOPED_TRACE(second);
        Pump pump;
        pump.order(after(401), 1'500_mU);
        pump.device.run_to(after(401 + second));
        pump.device.restart_guardian();
        pump.device.run_to(after(1'990));
        const auto motor = pump.device.motor();
        EXPECT_FALSE(pump.people.seen.running);
        const auto records = pump.records("bolus_ended");
        ASSERT_EQ(records.events.size(), 1U);
        EXPECT_EQ(records.boluses, *records.events[0].number("given_mu"));
        EXPECT_EQ(records.sum, motor.milli_units);
    }
}

TEST(FirmwareOnTheGuardian, APlanAboveTheLimitsIsHeldWithinThemAndNeverTakenForAnAttack) {
    guardian::Profile profile = joined::some_profile();
    profile.rates.fill({700});
    profile.limits = {
        .per_dose = 750_mU, .per_hour = 900_mU, .beyond_profile_in_4_h = 500_mU, .per_day = 19_U, .doses_per_hour = 20};
    Pump pump{profile};
    for (std::uint64_t hour = 0; hour < 30; ++hour) pump.order(after(3'600 * hour + 400), 100_mU);
    pump.device.run_to(after(30 * 3'600));
    EXPECT_EQ(pump.device.signals().mode, hal::Mode::normal);
    const auto records = pump.records("dose_refused");
    EXPECT_TRUE(records.events.empty());
    EXPECT_GT(records.sum, 12'000);  // and the patient gets what the limits leave
}

TEST(FirmwareOnTheGuardian, WhateverPeopleDoForDaysTheModeStaysNormalAndTheUnitsBalance) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937_64 rng{seed};
        Pump pump;
        std::uint64_t at = 300;
        int temporary = 0;
        for (int i = 0; i < 60; ++i) {
            at += 60 + rng() % 3'600;
            pump.order(after(at), {static_cast<std::int32_t>(1 + rng() % 80) * 50});
            if (rng() % 3 == 0)
                pump.people.at(after(at + rng() % 300),
                               [&temporary, percent = rng() % 2 == 0 ? 30 : -50](const PeoplesTurn& turn) {
                                   temporary += turn.therapy.set_temporary(percent, 3'600, "nurse-2") ? 1 : 0;
                               });
        }
        pump.device.run_to(after(at + 3'600));
        EXPECT_EQ(pump.device.signals().mode, hal::Mode::normal);
        EXPECT_EQ(pump.device.resets(), 1);
        EXPECT_GT(pump.ordered, 10);
        EXPECT_GT(pump.refusals.size(), 3U);
        EXPECT_GT(temporary, 5);
        const auto motor = pump.device.motor();
        const auto records = pump.records("dose_refused");
        EXPECT_TRUE(records.events.empty());
        EXPECT_EQ(records.sum, motor.milli_units);
    }
}

// ---- what people wish of the guardian ----

TEST(FirmwareOnTheGuardian, ACancelledBolusStopsWithinOneTickAndTheRecordSaysWhatWasGiven) {
    int taken_back = 0;
    for (std::uint64_t second = 1; second <= 58; second += 3) {
        SCOPED_TRACE(second);
        Pump pump;
        pump.order(after(401), 1'500_mU);
        pump.people.at(after(401 + second),
                       [](const PeoplesTurn& turn) { EXPECT_TRUE(turn.therapy.cancel("nurse-2")); });
        pump.device.run_to(after(401));
        const auto before = pump.device.motor();
        pump.device.run_to(after(401 + second));
        const auto at_cancel = pump.device.motor();
        pump.device.run_to(after(401 + second + 1));
        const auto a_tick_later = pump.device.motor();
        pump.device.run_to(after(401 + second + 60));
        EXPECT_LE(pump.device.motor().milli_units - at_cancel.milli_units, 25);  // a second of the motor
        EXPECT_EQ(pump.device.motor(), a_tick_later);
        const auto given = pump.device.motor().milli_units - before.milli_units;
        for (const auto& answer : pump.people.answers) taken_back += answer.accepted ? 1 : 0;
        const auto records = pump.records("bolus_ended");
        ASSERT_EQ(records.events.size(), 1U);
        EXPECT_EQ(records.events[0].who, "nurse-2");
        EXPECT_EQ(*records.events[0].number("given_mu"), given);
        EXPECT_EQ(*records.events[0].text("count"), "exact");
        EXPECT_EQ(records.sum, pump.device.motor().milli_units);
    }
    EXPECT_GT(taken_back, 12);
}

TEST(FirmwareOnTheGuardian, WhereverTheFirmwareDiesInACancelNothingMoreThanThePortionIsGivenAndTheRecordIsRight) {
    std::uint64_t first = 0, last = 0;
    const auto cancelled = [](Pump& pump) {
        pump.order(after(401), 1_U);
        pump.people.at(after(410), [](const PeoplesTurn& turn) { EXPECT_TRUE(turn.therapy.cancel("nurse-2")); });
    };
    {
        Pump pump;
        cancelled(pump);
        pump.device.run_to(after(409));
        first = pump.device.firmware_frames();
        pump.device.run_to(after(416));
        last = pump.device.firmware_frames();
    }
    for (std::uint64_t frame = first + 1; frame <= last; ++frame)
        for (const bool arrives : {false, true}) {
            SCOPED_TRACE(::testing::Message() << "frame " << frame << (arrives ? ", which arrives" : ""));
            Pump pump;
            cancelled(pump);
            pump.device.run_to(after(401));
            const auto before = pump.device.motor();
            pump.device.kill_firmware_at(frame, arrives);
            pump.device.run_to(after(590));
            const auto given = pump.device.motor().milli_units - before.milli_units;
            EXPECT_LE(given, 500);
            const auto records = pump.records("bolus_ended");
            ASSERT_EQ(records.events.size(), 1U);
            EXPECT_EQ(*records.events[0].number("given_mu"), given);
            EXPECT_EQ(records.sum, pump.device.motor().milli_units);
        }
}

TEST(FirmwareOnTheGuardian, AStopFromAfarHaltsTheBolusAndOutlivesTheFirmware) {
    Pump pump;
    pump.order(after(401), 1'500_mU);
    pump.people.at(after(410), [](const PeoplesTurn& turn) { turn.wishes.add(Wish::stop); });
    pump.device.run_to(after(410));
    const auto at_stop = pump.device.motor();
    pump.device.run_to(after(420));
    EXPECT_EQ(pump.device.signals().mode, hal::Mode::stopped);
    EXPECT_LE(pump.device.motor().milli_units - at_stop.milli_units, 25);
    const auto stands = pump.device.motor();
    ASSERT_EQ(pump.people.answers.size(), 1U);
    EXPECT_TRUE(pump.people.answers[0].accepted);
    EXPECT_EQ(pump.people.answers[0].mode, hal::Mode::stopped);
    EXPECT_FALSE(pump.people.seen.running);
    EXPECT_EQ(pump.people.seen.rate, MilliUnitsPerHour{0});
    pump.device.kill_firmware();
    pump.device.run_to(after(1'200));
    pump.device.restart_guardian();
    pump.device.run_to(after(3'000));
    EXPECT_EQ(pump.device.signals().mode, hal::Mode::stopped);
    EXPECT_EQ(pump.device.motor(), stands);
}

TEST(FirmwareOnTheGuardian, AResumeIsHeardOnlyAfterAPressAtThePumpAndAStopOfTheSameSlotGoesBeforeIt) {
    Pump pump;
    const auto wish = [&](std::uint64_t at, std::vector<Wish> wishes) {
        pump.people.at(after(at), [wishes](const PeoplesTurn& turn) {
            for (const Wish w : wishes) turn.wishes.add(w);
        });
    };
    wish(410, {Wish::stop});
    wish(420, {Wish::resume});  // nobody pressed
    wish(440, {Wish::resume, Wish::stop});
    wish(442, {Wish::resume});
    pump.device.run_to(after(430));
    EXPECT_EQ(pump.device.signals().mode, hal::Mode::stopped);
    pump.device.press(after(435), after(436));
    pump.device.run_to(after(441));
    EXPECT_EQ(pump.device.signals().mode, hal::Mode::stopped);
    pump.device.run_to(after(450));
    EXPECT_EQ(pump.device.signals().mode, hal::Mode::normal);
    std::vector<std::pair<Wish, bool>> answers;
    for (const auto& answer : pump.people.answers) answers.emplace_back(answer.wish, answer.accepted);
    EXPECT_EQ(answers, (std::vector<std::pair<Wish, bool>>{{Wish::stop, true},
                                                           {Wish::resume, false},
                                                           {Wish::resume, false},
                                                           {Wish::stop, true},
                                                           {Wish::resume, true}}));
}

}  // namespace
}  // namespace basalt::firmware
