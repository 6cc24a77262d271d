#include "device/firmware/therapy/dose_room.h"

#include "device/firmware/therapy/refusal_words.h"
#include "device/guardian/dose_window.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <utility>

namespace basalt::firmware {
namespace {
using enum hal::DoseVerdict;

constexpr KnownLimits limits{10_U, 15_U, 12_U, 60_U, 24};
constexpr Tick now{300'000};  // a slot begins at it
constexpr PastDose bolus(Tick at, MilliUnits amount) {
    return {.at = at, .amount = amount, .moved = amount, .bolus = true};
}
DoseRoom room_after(const std::vector<PastDose>& given, MilliUnits basal_slot = 0_mU) {
    return DoseRoom{limits, given, now, {.most = basal_slot}};
}

/// The guardian itself, as far as doses go: its ring, its windows, its rules.
class TheGuardian {
  public:
    explicit TheGuardian(const KnownLimits& known)
        : limits_{known.per_dose, known.per_hour, known.beyond_profile_in_4_h, known.per_day, known.doses_per_hour} {}
    hal::DoseVerdict ask(Tick at, MilliUnits amount, MilliUnits of_profile, bool is_bolus) {
        if (amount == 0_mU && !is_bolus) return accepted;
        const auto verdict =
            guardian::allow({amount, of_profile, is_bolus}, limits_, guardian::delivered(*ring_, at, 0_mU));
        if (verdict == accepted) give(at, amount, of_profile, is_bolus);
        return verdict;
    }
    const std::vector<PastDose>& given() const { return given_; }

  private:
    void give(Tick at, MilliUnits amount, MilliUnits of_profile, bool is_bolus) {
        guardian::SlotDetail detail;
        if (!is_bolus) detail = {static_cast<std::uint32_t>(at.seconds / hal::basal_slot_s), of_profile, 0, 0};
        hal::RingEntry entry;
        entry.seq = ++ring_->newest;
        entry.tick = at;
        entry.kind = hal::RingKind::dose;
        entry.amount = amount;
        entry.detail = guardian::as_detail(detail);
        ring_->at(entry.seq) = entry;
        given_.push_back({at, amount, amount, of_profile, of_profile, is_bolus});
    }
    guardian::DoseLimits limits_;
    std::unique_ptr<guardian::Ring> ring_ = std::make_unique<guardian::Ring>();
    std::vector<PastDose> given_;
};

TEST(DoseRoom, WhatItLeavesTheGuardianAcceptsAndNoBasalDoseBreaksAHardLimitAfterwards) {
    int boluses = 0, full = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937_64 rng{seed};
        const auto between = [&](std::int32_t least, std::int32_t most) {
            return MilliUnits{least + static_cast<std::int32_t>(rng() % static_cast<std::uint64_t>(most - least + 1))};
        };
        KnownLimits some{};
        some.per_dose = between(500, 12'000);
        some.doses_per_hour = static_cast<std::uint8_t>(12 + rng() % 19);
        some.per_hour = some.per_dose + between(0, 6'000);
        some.per_day = some.per_hour + between(0, 50'000);
        some.beyond_profile_in_4_h = between(0, some.per_day.count);
        // A plan that fits the limits by itself, as every profile does.
        const MilliUnits slot = between(0, std::min(some.per_hour.count / 14, some.per_day.count / 290));
        const MilliUnits extra =
            between(0, std::min(slot.count, std::max(0, some.beyond_profile_in_4_h.count / 50 - 1)));
        TheGuardian pump{some};
        std::uint64_t served_at = 0;
        for (std::uint64_t t = 0; t < 30 * 3'600; t += 30) {
            // A slot is served at any tick of it: as a rule its first.
            if (t % 300 == 0) served_at = t + (rng() % 4 == 0 ? 30 * (rng() % 10) : 0);
            if (t == served_at) {
                const MilliUnits amount = rng() % 3 == 0 ? between(0, slot.count) : slot;
                const MilliUnits profile = std::max(0_mU, amount - (rng() % 3 == 0 ? between(0, extra.count) : extra));
                EXPECT_EQ(pump.ask({t}, amount, profile, false), accepted) << "at " << t;
            }
            if (rng() % 40 != 0) continue;
            const DoseRoom dose_room{some, pump.given(), {t}, {slot, t < served_at, extra, {UINT64_MAX}}};
            const MilliUnits most_now = most(dose_room.room());
            if (most_now == 0_mU) {
                ++full;
                continue;
            }
            const MilliUnits amount = rng() % 2 == 0 ? most_now : between(1, most_now.count);
            EXPECT_EQ(verdict_for(amount, dose_room.room()), accepted);
            EXPECT_EQ(pump.ask({t}, amount, 0_mU, true), accepted) << amount.count << " at " << t;
            ++boluses;
        }
    }
    EXPECT_GT(boluses, 500);  // it does leave room: refusing everything would be no use
    EXPECT_GT(full, 500);     // and it does become full
}

TEST(DoseRoom, EachLimitIsReachedExactlyAndPassedByNothing) {
    EXPECT_EQ(most(room_after({}).room()), 10_U);
    EXPECT_EQ(verdict_for(10'001_mU, room_after({}).room()), over_dose);
    const auto hour = room_after({bolus(now, 6_U)});
    EXPECT_EQ(hour.room().hour, 9_U);
    EXPECT_EQ(verdict_for(9'001_mU, hour.room()), over_hour);
    EXPECT_EQ(most(hour.room()), 6_U);  // the cap of four hours
    EXPECT_EQ(verdict_for(6_U, hour.room()), accepted);
    EXPECT_EQ(verdict_for(6'001_mU, hour.room()), over_cap);
    EXPECT_EQ(verdict_for(0_mU, hour.room()), not_positive);
    EXPECT_EQ(verdict_for({INT32_MIN}, hour.room()), not_positive);
    EXPECT_EQ(room_after({bolus({now.seconds - 3'599}, 6_U)}).room().hour, 9_U);
    EXPECT_EQ(room_after({bolus({now.seconds - 3'600}, 6_U)}).room().hour, 15_U);
    const std::vector<PastDose> day(6, bolus({now.seconds - 80'000}, 9'500_mU));
    EXPECT_EQ(most(room_after(day).room()), 3_U);
    EXPECT_EQ(verdict_for(3'001_mU, room_after(day).room()), over_day);
    const std::vector<PastDose> many(12, bolus(now, 50_mU));
    EXPECT_EQ(most(room_after(many).room()), 0_mU);
    EXPECT_EQ(verdict_for(50_mU, room_after(many).room()), too_many);
}

TEST(DoseRoom, KeepsTheBasalInsulinOfTheHourFree) {
    // From the next slot on twelve slots of 100 mU begin within the hour that a bolus is in.
    EXPECT_EQ(room_after({}, 100_mU).room().hour, 13'900_mU);  // eleven slots begin before it leaves the hour
    EXPECT_EQ((DoseRoom{limits, {}, now, {100_mU, true, 0_mU, {}}}).room().hour, 13'800_mU);
    // A slot that is served late, and the twelfth after it served early, stand in one hour.
    EXPECT_EQ((DoseRoom{limits, {}, now + 30, {100_mU, true, 0_mU, {}}}).room().hour, 13'700_mU);
    // Beyond the profile: four hours of slots, as long as a higher rate lasts, and 1 mU for the rounding of each.
    const auto beyond = [](Tick until) {
        return DoseRoom{limits, {}, now, {100_mU, false, 30_mU, until}}.room().beyond;
    };
    EXPECT_EQ(beyond(now), MilliUnits{12'000 - 47});
    EXPECT_EQ(beyond(now + 3'599), MilliUnits{12'000 - 47 - 11 * 30});
    EXPECT_EQ(beyond({UINT64_MAX}), MilliUnits{12'000 - 47 - 47 * 30});
}

TEST(DoseRoom, SaysWhenAnAmountFitsAndWhenNever) {
    EXPECT_EQ(room_after({}).fits_in(10_U), 0U);
    EXPECT_EQ(room_after({}).fits_in(10'001_mU), std::nullopt);
    // 6 U an hour ago less ten minutes, 6 U now: the hour has room at once, the four hours only when the first has
    // left.
    const auto room = room_after({bolus({now.seconds - 3'000}, 6_U), bolus(now, 4_U)});
    EXPECT_EQ(room.fits_in(2_U), 0U);
    EXPECT_EQ(room.fits_in(6_U), 14'400U - 3'000U);
    EXPECT_EQ(room_after(std::vector<PastDose>(12, bolus(now, 50_mU))).fits_in(50_mU), 3'600U);
    for (const std::int32_t amount :
         {500, 2'000, 5'000, 9'000}) {  // and then it does fit, and five minutes before it did not
        const auto wait = room.fits_in({amount});
        ASSERT_TRUE(wait);
        EXPECT_EQ(verdict_for({amount}, room.room(now + *wait)), accepted);
        if (*wait == 0) continue;
        EXPECT_NE(verdict_for({amount}, room.room(now + (*wait - 300))), accepted);
    }
}

TEST(DoseRoom, BadAmountsAndTimesNeverMakeMoreRoom) {
    EXPECT_EQ(most(room_after({bolus(now, {INT32_MIN})}).room()), 10_U);
    EXPECT_EQ(most(room_after(std::vector<PastDose>(3, bolus(now, {INT32_MAX}))).room()), 0_mU);
    EXPECT_EQ(room_after({bolus({UINT64_MAX}, 6_U)}).room().hour, 9_U);  // from the future: given now
    EXPECT_EQ(most(DoseRoom{{}, {}, now, {100_mU, true, 0_mU, {}}}.room()),
              0_mU);  // limits that are not known leave nothing
    EXPECT_EQ(most(DoseRoom{limits, {}, {10}, {}}.room()), 10_U);
}

TEST(RefusalWords, SayWhatWasAskedWhatIsAllowedNowAndWhenMoreWillBe) {
    const auto room = room_after({bolus({now.seconds - 3'000}, 6_U), bolus(now, 4_U)});
    const Sentence words = explain_refusal(over_cap, 6_U, room);
    EXPECT_EQ(
        words.english,
        "Asked for: 6 units; nothing of it is given. Any four hours may hold at most 12 units beyond the "
        "programmed "
        "rates. Now a bolus can be at most 2 units. So much will be possible in 3 hours 10 minutes, if nothing else is "
        "given. Measure the glucose first.");
    EXPECT_EQ(
        words.french,
        "Demandé : 6 unités ; rien n'en est donné. Quatre heures peuvent contenir au plus 12 unités au-delà des débits "
        "programmés. Un bolus peut être maintenant de 2 unités au plus. Cette quantité sera possible dans 3 heures 10 "
        "minutes, si rien d'autre n'est donné. Mesurez d'abord la glycémie.");
    EXPECT_NE(explain_refusal(over_dose, 11_U, room).english.find("will not be possible at once"), std::string::npos);
    const auto full = room_after(std::vector<PastDose>(12, bolus(now, 50_mU)));
    EXPECT_NE(explain_refusal(too_many, 1_U, full)
                  .english.find("Now no bolus can be given. So much will be possible in 1 hour"),
              std::string::npos);
}

TEST(RefusalWords, DoNotSpeakOfAmountsWhereASmallerOneWouldBeRefusedToo) {
    EXPECT_EQ(explain_refusal(wrong_mode, 1_U, room_after({})).english,
              "Asked for: 1 unit; nothing of it is given. The pump is not in normal mode, so it gives no bolus that is "
              "asked for here. Look at its alarms.");
}

TEST(RefusalWords, EveryVerdictHasWordsInBothLanguages) {
    const auto room = room_after({});
    for (std::uint8_t v = 0; hal::is_known(static_cast<hal::DoseVerdict>(v)); ++v) {
        const Sentence words = explain_refusal(static_cast<hal::DoseVerdict>(v), 2'500_mU, room);
        EXPECT_TRUE(words.english.starts_with("Asked for: 2.5 units;"));
        EXPECT_TRUE(words.french.starts_with("Demandé : 2,5 unités"));
        EXPECT_TRUE(words.english.ends_with('.') && words.french.ends_with('.'));
        EXPECT_EQ(words.english.find("{}"), std::string::npos);
        EXPECT_EQ(words.french.find("{}"), std::string::npos);
    }
}

}  // namespace
}  // namespace basalt::firmware
