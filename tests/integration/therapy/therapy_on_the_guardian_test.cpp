// Boluses and temporary rates as the real guardian takes them: its turn, its limits, its motor, its restarts.
#include "device/firmware/therapy/typed_number.h"
#include "tests/integration/therapy/small_firmware.h"

#include <random>

namespace basalt::firmware {
namespace {
using guardian::Trigger;
using guardian::test::World;
using test::SmallFirmware;

struct Pump {
    World world;
    SmallFirmware firmware;
    explicit Pump(const guardian::Profile& profile = guardian::test::some_profile())
        : world(profile), firmware(profile, rates_of(profile)) {
        world.firmware = [this](World& w, const hal::FirmwareTick& tick) { firmware.slot(w, tick); };
    }
    static BasalRates rates_of(const guardian::Profile& profile) {
        BasalRates rates{};
        for (std::size_t i = 0; i < rates.size(); ++i) rates[i] = profile.rates[i / 2];
        return rates;
    }
    /// A person orders and confirms, in the tick that was played last; the next one is to be played at once.
    bool order(MilliUnits amount) {
        const auto proposed = propose(firmware.bolus, {.amount = amount, .who = "patient"}, 30_U, firmware.moment);
        if (!proposed) return false;
        const auto confirmed = confirm(*proposed, amount, "patient", firmware.moment);
        if (!confirmed) return false;
        firmware.bolus = *confirmed;
        firmware.kept = to_text(*confirmed);
        return true;
    }
    bool run_for(std::uint64_t seconds) {
        const Tick until = world.now + seconds;
        // What a person did is outside of any slot: the device plays the next tick for it, as for any frame of the
        // link.
        if (!is_over(firmware.bolus)) world.next = std::min(world.next, world.now + 1);
        return world.run_to(until);
    }
    /// What the ring says of boluses: doses, less what a halted motor did not move of them.
    std::int64_t bolus_doses() const {
        std::int64_t sum = 0;
        const auto kept = world.kept();
        for (const auto& entry : kept->ring.entries)
            if (entry.seq != 0 && entry.kind == hal::RingKind::dose &&
                entry.code == static_cast<std::uint8_t>(hal::DoseSource::firmware_bolus))
                sum += entry.amount.count;
        return sum;
    }
};

TEST(TherapyOnTheGuardian, ABolusIsGivenExactlyWhileTheBasalGoesOn) {
    Pump pump;
    pump.world.become_normal();
    pump.run_for(600);
    ASSERT_TRUE(pump.order(3'500_mU));
    pump.run_for(900);
    EXPECT_EQ(pump.firmware.bolus.state, BolusState::done);
    EXPECT_EQ(given(pump.firmware.bolus), 3'500_mU);
    EXPECT_EQ(pump.bolus_doses(), 3'500);
    EXPECT_EQ(pump.firmware.portions_asked, 7);  // half of eighteen requests would be finer: none is below 0.5 U
    EXPECT_EQ(pump.world.motor, pump.world.on_record());
    EXPECT_EQ(pump.world.signals.alarms, 0U);
    EXPECT_EQ(pump.firmware.refused, 0);
}

TEST(TherapyOnTheGuardian, ACancelledBolusAsksForNothingMoreAndWhatItSaysIsWhatMoved) {
    for (std::uint64_t wait = 1; wait < 190; wait += 3) {
        SCOPED_TRACE(wait);
        Pump pump;
        pump.world.become_normal();
        pump.run_for(350);
        const auto before = pump.world.motor;
        ASSERT_TRUE(pump.order(4_U));
        pump.run_for(wait);
        const auto cancelled = cancel(pump.firmware.bolus, "nurse-2", pump.world.now);
        if (!cancelled) continue;  // it was done before
        pump.firmware.bolus = *cancelled;
        const int asked = pump.firmware.portions_asked;
        const auto told = given(*cancelled).count;
        const std::uint64_t slots = (pump.world.now.seconds + 100) / 300 - (pump.world.now.seconds - wait) / 300;
        pump.run_for(100);
        EXPECT_EQ(pump.firmware.portions_asked, asked);
        EXPECT_EQ(given(pump.firmware.bolus).count, told);
        EXPECT_EQ(pump.bolus_doses(), told);
        EXPECT_LE(told, 4'000);
        EXPECT_LE(pump.world.motor - before - told, static_cast<std::int64_t>(slots) * 84);  // and basal
    }
}

TEST(TherapyOnTheGuardian, AStoppedPumpHaltsTheBolusAndItsRecordSaysWhatWasGiven) {
    for (std::uint64_t wait = 1; wait < 190; wait += 7) {
        SCOPED_TRACE(wait);
        Pump pump;
        pump.world.become_normal();
        pump.run_for(350);
        const auto before = pump.world.motor;
        ASSERT_TRUE(pump.order(4_U));
        pump.run_for(wait);
        pump.world.board.button_down = true;
        pump.world.play(pump.world.now + 1);
        pump.run_for(4);
        pump.world.board.button_down = false;
        ASSERT_EQ(pump.world.mode(), hal::Mode::stopped);
        pump.run_for(3'000);
        EXPECT_TRUE(is_over(pump.firmware.bolus));
        // No basal slot began in between: all that moved is the bolus.
        EXPECT_EQ(pump.world.motor - before, given(pump.firmware.bolus).count);
        EXPECT_EQ(pump.world.motor, pump.world.on_record());
    }
}

TEST(TherapyOnTheGuardian, APowerCutAtAnyWriteNeverGivesMoreAndNeverTheRest) {
    int interrupted = 0;
    for (std::size_t cut = 0; cut < 160; ++cut) {
        SCOPED_TRACE(cut);
        Pump pump;
        pump.world.become_normal();
        pump.run_for(350);
        ASSERT_TRUE(pump.order(1'500_mU));
        pump.world.cut_after = cut;
        if (pump.run_for(120)) break;  // the bolus was over before this write
        const int asked = pump.firmware.portions_asked;
        pump.world.now = pump.world.now + 30;
        pump.firmware.begin_again(pump.world.now);
        pump.world.start();
        pump.world.next = pump.world.now;
        pump.world.run_to({(pump.world.now.seconds / 300 + 7) * 300 + 150});  // when the last basal dose has moved
        ASSERT_EQ(pump.world.mode(), hal::Mode::normal);
        const Bolus& bolus = pump.firmware.bolus;
        EXPECT_TRUE(is_over(bolus));
        EXPECT_EQ(pump.firmware.portions_asked, asked);
        EXPECT_EQ(given(bolus).count, pump.bolus_doses());
        EXPECT_LE(given(bolus), 1'500_mU);
        EXPECT_TRUE(bolus.exact);
        EXPECT_EQ(pump.world.motor, pump.world.on_record());
        interrupted += bolus.state == BolusState::interrupted ? 1 : 0;
    }
    EXPECT_GT(interrupted, 10);
}

TEST(TherapyOnTheGuardian, WhateverPeopleOrderTheFirmwareIsNeverTakenForAnAttacker) {
    int done = 0, refused = 0, temporary = 0;
    for (const std::uint64_t seed : guardian::test::seeds(12)) {
        SCOPED_TRACE(seed);
        std::mt19937_64 rng{seed};
        guardian::Profile profile = guardian::test::some_profile();
        for (auto& rate : profile.rates) rate = {static_cast<std::int32_t>(rng() % 30) * 50};
        profile.limits.doses_per_hour = static_cast<std::uint8_t>(16 + rng() % 15);
        profile.limits.per_day = {30'000 + static_cast<std::int32_t>(rng() % 20'000)};
        if (rng() % 2 == 0) profile.limits.beyond_profile_in_4_h = profile.limits.per_day;
        Pump pump{profile};
        pump.world.become_normal();
        for (int i = 0; i < 150; ++i) {
            pump.run_for(1 + rng() % 1'200);
            const MilliUnits room = most(pump.firmware.moment.room);
            const MilliUnits step = bolus_step;
            const MilliUnits amount = rng() % 3 == 0
                                          ? MilliUnits{step.count * static_cast<std::int32_t>(1 + rng() % 160)}
                                          : MilliUnits{room.count / step.count * step.count};
            if (is_over(pump.firmware.bolus)) (pump.order(amount) ? done : refused) += 1;
            if (rng() % 8 == 0 && !is_over(pump.firmware.bolus))
                pump.firmware.bolus = *cancel(pump.firmware.bolus, "nurse-2", pump.world.now);
            if (rng() % 6 == 0) {
                const TemporaryBasal other{rng() % 2 == 0 ? 30 : -50, pump.world.now, pump.world.now + 3'600, {}};
                const auto wanted = set_temporary(other.percent, 3'600, "nurse-2", pump.world.now, pump.world.mode(),
                                                  pump.firmware.room_with(other));
                if (wanted) {
                    pump.firmware.temporary = *wanted;
                    ++temporary;
                }
            }
            ASSERT_EQ(pump.world.mode(), hal::Mode::normal) << "after order " << i;
            ASSERT_FALSE(pump.world.shows(Trigger::dose_over_limit));
            ASSERT_FALSE(pump.world.shows(Trigger::dose_over_cap));
        }
        EXPECT_EQ(pump.world.resets, 1U);
    }
    EXPECT_GT(done, 300);
    EXPECT_GT(refused, 300);
    EXPECT_GT(temporary, 100);
}

}  // namespace
}  // namespace basalt::firmware
