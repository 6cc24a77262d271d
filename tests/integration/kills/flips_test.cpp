// Real boots with a bit flipped at random in what they would run.
#include "scenarios/campaign/flips.h"

#include "tests/integration/kills/built.h"

#include <gtest/gtest.h>

namespace basalt::campaign {
namespace {

class Flips : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Flips, AFlippedImageIsRefusedBeforeAnythingOfItRunsAndInsulinGoesOn) {
    for (std::uint64_t seed = GetParam(); seed < GetParam() + 4; ++seed) {
        const auto result = play_flips(test::fresh_device(), seed);
        ASSERT_TRUE(result) << result.error().what << ' ' << result.error().next_step;
        for (const std::string& fault : result->faults) ADD_FAILURE() << "Seed " << seed << ": " << fault;
    }
}

INSTANTIATE_TEST_SUITE_P(TwentyBoots, Flips, testing::Values(0, 4, 8, 12, 16),
                         [](const auto& seed) { return "From" + std::to_string(seed.param); });

TEST(DrawnFlips, TouchEveryImageAndOneOfFourLiesInTheHeader) {
    const auto flash = test::fresh_device().flash();
    std::size_t in_head = 0, all = 0;
    std::set<std::string> images;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        const auto flips = draw_flips(seed, flash);
        ASSERT_TRUE(flips) << flips.error().what;
        for (const Flip& flip : *flips) {
            ++all;
            in_head += flip.bit < 4'096 ? 1U : 0U;
            images.insert(flip.image);
        }
    }
    EXPECT_EQ(images.size(), 3U);
    EXPECT_GT(in_head * 6, all);
    EXPECT_LT(in_head * 3, all);
}

}  // namespace
}  // namespace basalt::campaign
