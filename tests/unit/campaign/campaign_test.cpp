#include "scenarios/campaign/campaign.h"

#include "tests/support/scratch.h"

#include <gtest/gtest.h>

#include <fstream>
#include <unistd.h>

namespace basalt::campaign {
namespace {

/// Every third run has a fault.
Result<RunResult> some_run(std::uint64_t seed) {
    RunResult run{seed, {seed % 2 == 0 ? "even" : "odd"}, {}};
    if (seed % 3 == 0) run.faults.emplace_back("It divides by three.");
    return run;
}
Order order_of(std::uint64_t n, const std::filesystem::path& results = {}) {
    Order order;
    order.name = "some";
    order.n = n;
    order.seed = 10;
    order.jobs = 3;
    order.results = results;
    return order;
}
void nobody(const RunResult&) {}

TEST(Campaign, CountsRunsFaultsAndKindsWhateverTheNumberOfJobs) {
    Order order = order_of(20);
    const auto three = play(order, some_run, nobody);
    order.jobs = 1;
    const auto one = play(order, some_run, nobody);
    ASSERT_TRUE(three && one);
    EXPECT_EQ(three->runs, one->runs);
    EXPECT_EQ(three->runs.size(), 20U);
    EXPECT_EQ(three->failed(), 6U);  // 12, 15, 18, 21, 24, 27
    EXPECT_EQ(three->by_kind().at("even").n, 10U);
    EXPECT_EQ(three->by_kind().at("odd").failed, 3U);
    EXPECT_NE(to_json(order, *one).find("\"seeds_failed\""), std::string::npos);
}

TEST(Campaign, GoesOnWhereItStoppedAndPlaysNothingTwice) {
    test::Scratch scratch;
    const auto file = scratch.path() / "results";
    ASSERT_TRUE(play(order_of(5, file), some_run, nobody));
    std::ofstream{file, std::ios::app} << R"({"campaign":"some","se)";  // the power went
    int heard = 0;
    const auto all = play(order_of(8, file), some_run, [&heard](const RunResult&) { ++heard; });
    ASSERT_TRUE(all) << all.error().what;
    EXPECT_EQ(heard, 3);
    EXPECT_EQ(all->runs.size(), 8U);
    const auto again = play(order_of(8, file), some_run, [&heard](const RunResult&) { ++heard; });
    ASSERT_TRUE(again);
    EXPECT_EQ(heard, 3);
}

TEST(Campaign, ShardsTogetherAreTheWholeAndTheirFilesAreJoinedByTheirLines) {
    test::Scratch scratch;
    std::string joined;
    for (const char* shard : {"1/3", "2/3", "3/3"}) {
        Order order = order_of(20, scratch.path() / "part");
        ASSERT_TRUE(read_shard(shard, order));
        ASSERT_TRUE(play(order, some_run, nobody));
        std::ifstream in{order.results};
        joined += std::string{std::istreambuf_iterator<char>{in}, {}};
        std::filesystem::remove(order.results);
    }
    std::ofstream{scratch.path() / "all"} << joined;
    int heard = 0;
    const auto all = play(order_of(20, scratch.path() / "all"), some_run, [&heard](const RunResult&) { ++heard; });
    ASSERT_TRUE(all);
    EXPECT_EQ(heard, 0);
    EXPECT_EQ(all->runs.size(), 20U);
}

TEST(Campaign, WhatMakesNoSenseIsRefusedInWords) {
    Order order = order_of(1);
    for (const char* shard : {"", "3", "0/2", "3/2", "1/0", "a/b", "1/2/3"})
        EXPECT_FALSE(read_shard(shard, order)) << shard;
    test::Scratch scratch;
    const auto file = scratch.path() / "results";
    ASSERT_TRUE(play(order_of(2, file), some_run, nobody));
    Order other = order_of(2, file);
    other.name = "other";
    EXPECT_EQ(play(other, some_run, nobody).error().code, ErrorCode::usage);
    std::ofstream{file} << "no result\n{}\n";
    EXPECT_EQ(play(order_of(2, file), some_run, nobody).error().code, ErrorCode::unreadable);
}

TEST(Campaign, ARunThatCannotBePlayedEndsItWithItsErrorAndOneThatCrashesIsSaid) {
    const auto failed = play(
        order_of(4),
        [](std::uint64_t) -> Result<RunResult> { return fail(ErrorCode::missing, "Nothing is there.", "Bring it."); },
        nobody);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ErrorCode::missing);
    const auto crashed = play(order_of(4), [](std::uint64_t) -> Result<RunResult> { ::_exit(7); }, nobody);
    ASSERT_FALSE(crashed);
    EXPECT_EQ(crashed.error().code, ErrorCode::check_failed);
}

}  // namespace
}  // namespace basalt::campaign
