#include "scenarios/campaign/campaign.h"

#include "tests/support/page.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
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

TEST(CampaignResultsPage, TheExampleIsWhatIsReadAndWritten) {
    const auto blocks = test::example_texts("campaign-results.md");
    ASSERT_EQ(blocks.size(), 1U);
    std::istringstream lines{blocks[0]};
    std::string line, written;
    std::vector<RunResult> runs;
    while (std::getline(lines, line)) {
        const auto run = parse_line("kills", line);
        ASSERT_TRUE(run) << line;
        runs.push_back(*run);
        written += to_line("kills", *run) + "\n";
    }
    EXPECT_EQ(written, blocks[0]);
    EXPECT_EQ(runs, (std::vector<RunResult>{{1, {"firmware killed", "normal"}, {}},
                                            {2, {"guardian hangs"}, {"The motor moved 0.05 U more than is on record."}},
                                            {3, {}, {}}}));
}

TEST(CampaignResultsPage, WhatThePageSaysOfJoinedAndForeignLinesHolds) {
    test::Scratch scratch;
    const auto file = scratch.path() / "results";
    const auto reads = [&](const std::string& text, std::uint64_t n = 2) {
        std::ofstream{file, std::ios::trunc} << text;
        Order order;
        order.name = "kills";
        order.n = n;
        order.results = file;
        return play(order, [](std::uint64_t seed) { return Result<RunResult>{{seed, {"played"}, {}}}; }, nobody);
    };
    const std::string first = R"({"faults":["Old."],"kinds":[],"more":1,"seed":1,"campaign":"kills"})"
                              "\n";
    const std::string again = R"({"campaign":"kills","seed":1,"kinds":["new"],"faults":[]})"
                              "\n";
    const std::string outside = R"({"campaign":"kills","seed":9,"kinds":[],"faults":["Not asked for."]})"
                                "\n";
    const auto joined = reads(first + "\n" + outside + again);
    ASSERT_TRUE(joined) << joined.error().what;
    EXPECT_EQ(joined->runs, (std::vector<RunResult>{{1, {"new"}, {}}, {2, {"played"}, {}}}));
    const auto cut = reads(again + R"({"campaign":"kills","seed":2,"ki)");
    ASSERT_TRUE(cut) << cut.error().what;
    EXPECT_EQ(cut->runs.back(), (RunResult{2, {"played"}, {}}));
    for (const char* foreign : {"no object\n",
                                R"({"campaign":"flips","seed":2,"kinds":[],"faults":[]})"
                                "\n",
                                R"({"campaign":"kills","seed":-2,"kinds":[],"faults":[]})"
                                "\n",
                                R"({"campaign":"kills","seed":2,"kinds":[1],"faults":[]})"
                                "\n"}) {
        const auto refused = reads(again + foreign);
        ASSERT_FALSE(refused) << foreign;
        EXPECT_NE(refused.error().what.find("line 2"), std::string::npos) << refused.error().what;
        EXPECT_EQ(std::filesystem::file_size(file), again.size() + std::string{foreign}.size()) << "nothing is changed";
    }
}

}  // namespace
}  // namespace basalt::campaign
