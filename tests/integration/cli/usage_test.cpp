// What the command line says to what it does not understand, and how it explains itself.
#include "tests/integration/run/command.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace basalt::test {
namespace {

struct Wrong {
    std::vector<std::string> words;
    std::string nearest;
};

TEST(CommandLine, WhatIsUnknownIsNamedWithTheNearestAndEndsWithTwo) {
    Scratch scratch;
    for (const auto& [words, nearest] :
         std::vector<Wrong>{{{"rnu"}, "'run'"},
                            {{"run", "--hedless"}, "'--headless'"},
                            {{"run", "--sede=3"}, "'--seed'"},
                            {{"device", "statsu"}, "'status'"},
                            {{"device", "init", "--patient", "adult#0x1"}, "'adult#001'"},
                            {{"device", "init", "--sead", "4"}, "'--seed'"},
                            {{"log", "verfiy"}, "'verify'"},
                            {{"log", "shw", "--last", "3"}, "'show'"},
                            {{"scenario", "shwo"}, "'show'"},
                            {{"scenario", "run", "tampered-firmware", "--twins"}, "'--twin'"},
                            {{"evidence", "chek"}, "'check'"},
                            {{"bench", "dayz"}, "'days'"},
                            {{"campaign", "kill"}, "'kills'"},
                            {{"campaign", "kills", "--shart", "1/2"}, "'--shard'"},
                            {{"run", "--headless", "--scenario", "tampered-firmwear"}, "tampered-firmware"}}) {
        const auto ended = run(scratch.path(), words);
        EXPECT_EQ(ended.status, 2) << words[0];
        EXPECT_NE(ended.err.find(nearest), std::string::npos) << ended.err;
        EXPECT_EQ(ended.out, "") << "words go to standard error";
    }
}

TEST(CommandLine, AValueThatCannotBeIsRefusedWithTwo) {
    Scratch scratch;
    for (const auto& words :
         std::vector<std::vector<std::string>>{{"run", "--hours", "soon"},
                                               {"run", "--hours", "nan"},
                                               {"run", "--hours", "inf"},
                                               {"run", "--hours", "0"},
                                               {"run", "--hours", ""},
                                               {"run", "--speed", "-nan"},
                                               {"run", "--speed", "1e400"},
                                               {"run", "--seed", ""},
                                               {"run", "--seed", "1.5"},
                                               {"run", "--seed", "99999999999999999999999"},
                                               {"run", "--seed", "1", "--seed", "2"},
                                               {"run", "--seed"},
                                               {"run", "--state", ""},
                                               {"run", "--scenario", ""},
                                               {"run", "--replay", ""},
                                               {"run", "more"},
                                               {"run", "--headless=maybe"},
                                               {"device", "init", "--seed", "0x1F"},
                                               {"device", "init", "--patient", ""},
                                               {"device", "start", "--speed", "nan"},
                                               {"log", "show", "--last", "-1"},
                                               {"log", "show", "--last", "few"},
                                               {"log", "show", "--write", ""},
                                               {"log", "verify", ""},
                                               {"scenario", "run", "tampered-firmware", "--seed", "-1"},
                                               {"scenario", "run", "tampered-firmware", "--report", ""},
                                               {"scenario", "run", ""},
                                               {"scenario", "run", "../files/tampered-firmware"},
                                               {"scenario", "run"},
                                               {"scenario"},
                                               {"evidence"},
                                               {"campaign"},
                                               {"log"},
                                               {"campaign", "kills", "--n", "1000001"},
                                               {"campaign", "kills", "--seed", "-1"},
                                               {"campaign", "kills", "--jobs", "65"},
                                               {"campaign", "kills", "--hours", "nan"},
                                               {"campaign", "fuzz", "--seconds", "0"},
                                               {"campaign", "flips", "--results", ""},
                                               {""},
                                               {"run", "--hours", "-1"},
                                               {"run", "--speed", "nan"},
                                               {"run", "--seed", "-3"},
                                               {"device"},
                                               {"campaign", "kills", "--n", "0"},
                                               {"campaign", "kills", "--shard", "3/2"},
                                               {"campaign", "kills", "--shard", "1/2x"}}) {
        const auto ended = run(scratch.path(), words);
        EXPECT_EQ(ended.status, 2) << words[0] << " ... " << words.back() << ": " << ended.err;
        EXPECT_TRUE(ended.err.ends_with("--help\n") || ended.err.find("Write I/N") != std::string::npos ||
                    ended.err.find("Did you mean") != std::string::npos)
            << "no remedy: " << ended.err;
        EXPECT_EQ(std::ranges::count(ended.err, '\n'), 1) << ended.err;
        EXPECT_EQ(ended.out, "");
    }
    EXPECT_FALSE(std::filesystem::exists(scratch.path() / "state")) << "nothing was made";
}

TEST(CommandLine, EveryCommandsHelpOpensWithAnExample) {
    Scratch scratch;
    for (const auto& words : std::vector<std::vector<std::string>>{{},
                                                                   {"run"},
                                                                   {"device"},
                                                                   {"device", "init"},
                                                                   {"device", "start"},
                                                                   {"device", "status"},
                                                                   {"device", "stop"},
                                                                   {"log"},
                                                                   {"log", "show"},
                                                                   {"log", "verify"},
                                                                   {"campaign"},
                                                                   {"campaign", "kills"},
                                                                   {"campaign", "flips"},
                                                                   {"campaign", "fuzz"},
                                                                   {"scenario"},
                                                                   {"scenario", "list"},
                                                                   {"scenario", "show"},
                                                                   {"scenario", "run"},
                                                                   {"evidence"},
                                                                   {"evidence", "check"},
                                                                   {"bench"}}) {
        auto asked = words;
        asked.emplace_back("--help");
        const auto help = run(scratch.path(), asked);
        EXPECT_EQ(help.status, 0) << help.err;
        EXPECT_TRUE(help.out.starts_with("Example: ./basalt ")) << help.out;
    }
}

TEST(CommandLine, ANumberIsReadAsItIsWritten) {
    Scratch scratch;
    const auto made = run(scratch.path(), {"device", "init", "--seed", "010"});
    ASSERT_EQ(made.status, 0) << made.err;
    const auto status = run(scratch.path(), {"device", "status", "--json"});
    EXPECT_NE(status.out.find("\"seed\": 10,"), std::string::npos) << status.out;
}

TEST(CommandLine, WhatIsPlannedAndNotThereIsSaidToBeNotBuiltYet) {
    Scratch scratch;
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"patient", "list"}, {"eol", "erase", "--yes"}, {"badge"}, {"campaign", "cuts"}, {"evidence", "report"}}) {
        const auto ended = run(scratch.path(), words);
        EXPECT_EQ(ended.status, 4) << ended.err;
        EXPECT_NE(ended.err.find("is not built yet"), std::string::npos) << ended.err;
        EXPECT_EQ(ended.out, "");
    }
}

TEST(CommandLine, WithoutACommandItHelps) {
    Scratch scratch;
    const auto help = run(scratch.path(), {});
    EXPECT_EQ(help.status, 0);
    EXPECT_TRUE(help.out.starts_with("Example: ./basalt run --headless")) << help.out;
}

}  // namespace
}  // namespace basalt::test
