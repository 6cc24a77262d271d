#include "device/guardian/dose_window.h"

#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

namespace basalt::guardian {
namespace {

struct Given {
    std::uint64_t tick;
    std::int32_t amount, of_profile;
    bool bolus;
};

// The definition, spelled out: a dose is in a window of N seconds for N seconds.
Delivered by_definition(const std::vector<Given>& all, std::uint64_t now) {
    Delivered sum;
    for (const Given& g : all) {
        if (g.tick + 3600 > now) sum.last_hour += {g.amount};
        if (g.tick + 86'400 > now) sum.last_day += {g.amount};
        if (g.tick + 14'400 > now) sum.beyond_profile_in_4_h += {std::max(0, g.amount - g.of_profile)};
        if (g.bolus && g.tick + 3600 > now) ++sum.boluses_last_hour;
    }
    return sum;
}

void put(Ring& ring, const Given& g) {
    hal::RingEntry entry;
    entry.seq = ++ring.newest;
    entry.tick = {g.tick};
    entry.kind = hal::RingKind::dose;
    entry.amount = {g.amount};
    entry.detail = as_detail(
        SlotDetail{g.bolus ? SlotDetail::no_slot : static_cast<std::uint32_t>(g.tick / 300), {g.of_profile}, 0, 0});
    ring.at(entry.seq) = entry;
}

void expect_same(const Ring& ring, const std::vector<Given>& all, std::uint64_t now) {
    const auto is = delivered(ring, {now}, 0_mU), must = by_definition(all, now);
    ASSERT_EQ(is.last_hour, must.last_hour) << now;
    ASSERT_EQ(is.last_day, must.last_day) << now;
    ASSERT_EQ(is.beyond_profile_in_4_h, must.beyond_profile_in_4_h) << now;
    ASSERT_EQ(is.boluses_last_hour, must.boluses_last_hour) << now;
}

TEST(DoseWindow, EveryPlacementOfThreeDosesAroundEveryEdgeCountsExactly) {
    // Small constants would be other constants; the edges are where a window can be wrong, so all of them are tried.
    std::vector<std::uint64_t> moments;
    for (const std::uint64_t edge : {100'000U, 100'000U - 3600U, 100'000U - 14'400U, 100'000U - 86'400U})
        for (const int off : {-1, 0, 1}) moments.push_back(edge + static_cast<std::uint64_t>(off));
    for (const auto a : moments)
        for (const auto b : moments)
            for (const auto c : moments) {
                const std::vector<Given> all{{a, 1, 0, true}, {b, 10, 4, false}, {c, 100, 300, false}};
                Ring ring;
                for (const auto& g : all) put(ring, g);
                expect_same(ring, all, 100'000);
            }
}

TEST(DoseWindow, EqualsItsDefinitionThroughRandomDays) {
    for (const std::uint64_t seed : test::seeds(20)) {
        SCOPED_TRACE(seed);
        test::Rng rng{seed};
        Ring ring;
        std::vector<Given> all;
        std::uint64_t now = 86'400;
        for (int i = 0; i < 1500; ++i) {
            now += static_cast<std::uint64_t>(rng.between(90, 400));
            all.push_back({now, static_cast<std::int32_t>(rng.between(0, 5000)),
                           static_cast<std::int32_t>(rng.between(0, 420)), rng.one_in(3)});
            put(ring, all.back());
            if (i % 10 == 0) expect_same(ring, all, now + static_cast<std::uint64_t>(rng.between(0, 4000)));
        }
    }
}

TEST(DoseWindow, ADoseBeforeABolusThatWasTakenBackIsStillTheOldestUnfinished) {
    Ring ring;
    const auto add = [&ring](std::uint64_t tick, hal::RingKind kind, std::int64_t target) {
        hal::RingEntry entry{.seq = ++ring.newest,
                             .tick = {tick},
                             .kind = kind,
                             .code = 1,
                             .amount = {},
                             .target = {target},
                             .detail = {}};
        ring.at(entry.seq) = entry;
    };
    add(300, hal::RingKind::dose, 100);
    add(310, hal::RingKind::dose, 2'100);
    add(320, hal::RingKind::correction, 100);  // the bolus is taken back
    EXPECT_EQ(oldest_unfinished(ring, {40}, {330}), Tick{300});
    EXPECT_EQ(oldest_unfinished(ring, {100}, {330}), Tick{330});
    add(600, hal::RingKind::dose, 183);
    EXPECT_EQ(oldest_unfinished(ring, {100}, {603}), Tick{600})
        << "the bolus is over once the motor stands where it ended";
}

TEST(DoseWindow, SumsSaturateInsteadOfWrapping) {
    Ring ring;
    for (int i = 0; i < 3; ++i) put(ring, {1000, INT32_MAX, 0, true});
    EXPECT_EQ(delivered(ring, {1000}, 0_mU).last_hour, MilliUnits{INT32_MAX});
}

TEST(DoseWindow, ADayAtTheMostDosesFitsTheRingBesideAllEvents) {
    EXPECT_LE(24U * most_doses_per_hour + corrections_a_day, layout::ring_entries - 1);
    EXPECT_LT(events_a_day, latched_events_a_day);
    EXPECT_LE(latched_events_a_day + trigger_count, corrections_a_day);
}

}  // namespace
}  // namespace basalt::guardian
