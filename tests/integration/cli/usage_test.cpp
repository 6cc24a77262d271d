// What the command line says to what it does not understand, and how it explains itself.
#include "tests/integration/run/command.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>

namespace basalt::test {
namespace {

struct Wrong {
    std::vector<std::string> words;
    std::string nearest;
};

TEST(CommandLine, DISABLED_WhatIsUnknownIsNamedWithTheNearestAndEndsWithTwo) {
    Scratch scratch;
    for (const auto& [words, nearest] :
         std::vector<Wrong>{{{"rnu"}, "'run'"},
                            {{"run", "--hedless"}, "'--headless'"},
                            {{"run", "--sede=3"}, "'--seed'"},
                            {{"device", "statsu"}, "'status'"},
                            {{"device", "init", "--patient", "adult#0x1"}, "'adult#001'"},
                            {{"device", "init", "--sead", "4"}, "'--seed'"},
                            {{"log", "verfiy"}, "'verify'"},
                            {{"campaign", "kill"}, "'kills'"},
                            {{"campaign", "kills", "--shart", "1/2"}, "'--shard'"},
                            {{"run", "--headless", "--scenario", "tampered-firmwear"}, "tampered-firmware"}}) {
        const auto ended = run(scratch.path(), words);
        EXPECT_EQ(ended.status, 2) << words[0];
        EXPECT_NE(ended.err.find(nearest), std::string::npos) << ended.err;
        EXPECT_EQ(ended.out, "") << "words go to standard error";
    }
}

TEST(CommandLine, DISABLED_AValueThatCannotBeIsRefusedWithTwo) {
    Scratch scratch;
    for (const auto& words : std::vector<std::vector<std::string>>{{"run", "--hours", "soon"},
                                                                   {"run", "--hours", "-1"},
                                                                   {"run", "--speed", "nan"},
                                                                   {"run", "--seed", "-3"},
                                                                   {"device"},
                                                                   {"campaign", "kills", "--n", "0"},
                                                                   {"campaign", "kills", "--shard", "3/2"},
                                                                   {"campaign", "kills", "--shard", "1/2x"}}) {
        const auto ended = run(scratch.path(), words);
        EXPECT_EQ(ended.status, 2) << words.back() << ": " << ended.err;
        EXPECT_NE(ended.err, "");
        EXPECT_EQ(ended.out, "");
    }
    EXPECT_FALSE(std::filesystem::exists(scratch.path() / "state")) << "nothing was made";
}

TEST(CommandLine, DISABLED_EveryCommandsHelpOpensWithAnExample) {
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
                                                                   {"bench"}}) {
        auto asked = words;
        asked.emplace_back("--help");
        const auto help = run(scratch.path(), asked);
        EXPECT_EQ(help.status, 0) << help.err;
        EXPECT_TRUE(help.out.starts_with("Example: ./basalt ")) << help.out;
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
