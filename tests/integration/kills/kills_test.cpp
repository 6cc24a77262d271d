// Five of each kind of death, drawn from seeds, in days of real devices.
#include "scenarios/campaign/kills.h"

#include "tests/integration/kills/built.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace basalt::campaign {
namespace {

using bench::Part;

void expect_no_fault(const std::vector<Blow>& blows, std::int64_t hours) {
    const auto result = play_blows(test::fresh_device(), blows, hours);
    ASSERT_TRUE(result) << result.error().what << ' ' << result.error().next_step;
    for (const std::string& fault : result->faults) ADD_FAILURE() << fault;
}

std::vector<Blow> at_random(std::uint64_t seed, std::vector<Blow> blows, std::int64_t first_s, std::int64_t last_s) {
    std::mt19937_64 rng{seed};
    for (Blow& blow : blows) {
        blow.at = {first_s + static_cast<std::int64_t>(rng() % static_cast<std::uint64_t>(last_s - first_s))};
        blow.frame = static_cast<int>(1 + rng() % 12);
    }
    std::ranges::stable_sort(blows, {}, &Blow::at);
    return blows;
}

class Kills : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Kills, WhoeverDiesOrHangsInADayNoDoseIsGivenTwiceOrLostAndNormalModeComesBack) {
    const std::vector<Blow> one_of_each{
        {{}, Part::guardian, How::killed}, {{}, Part::guardian, How::hung},  {{}, Part::guardian, How::cut_in_tick},
        {{}, Part::boot, How::killed},     {{}, Part::boot, How::hung},      {{}, Part::firmware, How::killed},
        {{}, Part::firmware, How::hung},   {{}, Part::gateway, How::killed}, {{}, Part::gateway, How::hung}};
    expect_no_fault(at_random(GetParam(), one_of_each, 0, 80'000), 24);
}

TEST_P(Kills, ADeadTpmEndsInFailsafeAndEveryDoseIsGiven) {
    expect_no_fault(at_random(GetParam(), {{{}, Part::tpm, How::killed}}, 0, 3'000), 3);
}

TEST_P(Kills, ATpmThatHangsEndsInFailsafeAndEveryDoseIsGiven) {
    expect_no_fault(at_random(GetParam(), {{{}, Part::tpm, How::hung}}, 0, 3'000), 3);
}

TEST_P(Kills, NoDeathOnTheNetworkSideChangesTheMode) {
    std::vector<Blow> blows(20, {{}, Part::gateway, How::killed});
    for (std::size_t i = 0; i < blows.size(); i += 2) blows[i].how = How::hung;
    expect_no_fault(at_random(GetParam(), blows, 700, 10'000), 4);
}

// Once a header was written that already knew of the dose behind it, and the cut fell between the two (kills, seed
// 1000).
TEST(CutGuardian, InTheTickThatPullsTheResetLineAndGivesADoseLeavesAWholeRingWhereverItIsCut) {
    for (int frame = 1; frame <= 8; ++frame) {
        SCOPED_TRACE(frame);
        expect_no_fault({{{11'925}, Part::boot, How::hung}, {{11'956}, Part::guardian, How::cut_in_tick, frame}}, 4);
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Kills, testing::Range<std::uint64_t>(1, 6),
                         [](const auto& seed) { return "Seed" + std::to_string(seed.param); });

TEST(DrawnBlows, AreTheSameForTheSameSeedAndReachEveryPart) {
    std::set<std::string> kinds;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        const auto blows = draw_blows(seed, 24);
        EXPECT_EQ(blows, draw_blows(seed, 24));
        EXPECT_TRUE(std::ranges::is_sorted(blows, {}, &Blow::at));
        for (const Blow& blow : blows) kinds.insert(name_of(blow));
    }
    EXPECT_EQ(kinds.size(), 11U);
}

}  // namespace
}  // namespace basalt::campaign
