#include "scenarios/bench/campaign.h"

#include "tests/support/scratch.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <set>

namespace basalt::bench {
namespace {

struct CampaignTest : ::testing::Test {
    CampaignOrder order(std::uint64_t n, std::uint64_t shard = 1, std::uint64_t shards = 1) const {
        return {"sums", n, 10, shard, shards, scratch.path() / "results", "abc"};
    }
    // Every third seed goes wrong.
    static Result<Trial> run(std::uint64_t seed) {
        return Trial{seed, seed % 2 == 0 ? "even" : "odd", seed % 3 == 0 ? "It is a third." : ""};
    }
    static bool always(const Trial&) { return true; }
    std::vector<std::uint64_t> left(const CampaignOrder& one) const { return *seeds_to_do(one); }
    basalt::test::Scratch scratch;
};

TEST_F(CampaignTest, CountsEachTrialOnceByItsKind) {
    ASSERT_TRUE(run_trials(order(6), left(order(6)), run, always));
    const auto result = gather(order(6));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->n, 6U);
    ASSERT_EQ(result->failed.size(), 2U);
    EXPECT_EQ(result->failed[0].seed, 12U);
    EXPECT_EQ(result->by_kind.at("even").n, 3U);
    EXPECT_EQ(result->by_kind.at("even").failed, 1U);
    const auto json = nlohmann::json::parse(as_json(order(6), *result));
    EXPECT_EQ(json["n"], 6);
    EXPECT_EQ(json["failed"], 2);
    EXPECT_EQ(json["seeds_failed"], nlohmann::json::array({12, 15}));
    EXPECT_EQ(json["complete"], true);
}

TEST_F(CampaignTest, GoesOnWhereItWasStopped) {
    int ran = 0;
    ASSERT_TRUE(run_trials(order(6), left(order(6)), run, [&](const Trial&) { return ++ran < 2; }));
    EXPECT_EQ(left(order(6)), (std::vector<std::uint64_t>{12, 13, 14, 15}));
    EXPECT_EQ(nlohmann::json::parse(as_json(order(6), *gather(order(6))))["complete"], false);
    ASSERT_TRUE(run_trials(order(6), left(order(6)), run, always));
    EXPECT_EQ(gather(order(6))->n, 6U);
    EXPECT_TRUE(left(order(6)).empty());
}

TEST_F(CampaignTest, SharesTogetherAreTheWholeAndApartHaveNothingInCommon) {
    std::set<std::uint64_t> all;
    for (std::uint64_t shard = 1; shard <= 3; ++shard) {
        const auto seeds = left(order(10, shard, 3));
        for (const auto seed : seeds) EXPECT_TRUE(all.insert(seed).second) << seed;
        ASSERT_TRUE(run_trials(order(10, shard, 3), seeds, run, always));
    }
    EXPECT_EQ(all.size(), 10U);
    EXPECT_EQ(gather(order(10))->n, 10U) << "their files lie together: that is the merge";
}

TEST_F(CampaignTest, AResultThatWasCutOrIsOfAnotherBuildIsNone) {
    ASSERT_TRUE(run_trials(order(2), left(order(2)), run, always));
    auto other = order(2);
    other.build = "another";
    EXPECT_EQ(left(other).size(), 2U);
    const auto file = scratch.path() / "results" / "sums-1-of-1.jsonl";
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 5);
    EXPECT_EQ(left(order(2)), (std::vector<std::uint64_t>{11}));
    ASSERT_TRUE(run_trials(order(2), left(order(2)), run, always));
    EXPECT_EQ(gather(order(2))->n, 2U) << "the cut line does not spoil the one behind it";
}

TEST_F(CampaignTest, AMachineThatFailsIsNoResult) {
    const auto ended = run_trials(
        order(2), left(order(2)),
        [](std::uint64_t) -> Result<Trial> { return fail(ErrorCode::io, "The disk is full.", "Make room."); }, always);
    ASSERT_FALSE(ended);
    EXPECT_EQ(left(order(2)).size(), 2U);
}

}  // namespace
}  // namespace basalt::bench
