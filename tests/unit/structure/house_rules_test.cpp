// Rules of docs/coding-rules.md that no compiler knows.
#include "tests/unit/structure/tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <vector>

namespace basalt::test {
namespace {

/// Where `pattern` is found; it is looked for only in lines that hold one of `hints`, because most lines hold none.
void expect_nowhere(const std::regex& pattern, const std::vector<std::string_view>& hints) {
    for (const SourceFile& file : tree()) {
        for (const std::string_view line : file.lines()) {
            const bool maybe =
                std::ranges::any_of(hints, [&](auto hint) { return line.find(hint) != std::string_view::npos; });
            EXPECT_FALSE(maybe && std::regex_search(line.begin(), line.end(), pattern)) << file.path << ": " << line;
        }
    }
}

/// Files longer than 500 lines, each with why it may be.
const std::map<std::string, std::string_view> long_files{
    {"docs/requirements.toml", "one row for each of the 64 recommendations, read row by row"},
};

TEST(HouseRules, NoFileIsLongerThanFiveHundredLinesWithoutAReason) {
    for (const SourceFile& file : tree()) {
        if (file.path.ends_with(".csv") || lies_in(file.folder(), "tests/fuzz/corpus")) continue;
        const bool is_long = file.lines().size() > 500;
        EXPECT_TRUE(!is_long || long_files.contains(file.path))
            << file.path << " has " << file.lines().size() << " lines";
    }
    for (const auto& [path, reason] : long_files) {
        const SourceFile* file = find_file(path);
        EXPECT_TRUE(file != nullptr && file->lines().size() > 500) << path << " is listed and is not that long";
    }
}

/// Folders that need no README of their own: data beside the code that reads it, and tests, which mirror the folder
/// that they are about and share the README of their kind.
bool needs_readme(const std::string& folder) {
    static const std::regex mirror{"tests/(unit|integration|attack|powercut|bench|ui)/.+|tests/fuzz/.+|tests/data"};
    return !folder.empty() && folder != ".ci" && !std::regex_match(folder, mirror);
}

TEST(HouseRules, EveryFolderSaysInAtMostFifteenLinesWhatLivesInIt) {
    std::set<std::string> folders;
    for (const SourceFile& file : tree())
        for (std::string folder = file.folder(); !folder.empty(); folder = SourceFile{folder, ""}.folder())
            folders.insert(folder);
    for (const std::string& folder : folders) {
        if (!needs_readme(folder)) continue;
        const SourceFile* readme = find_file(folder + "/README.md");
        EXPECT_TRUE(readme != nullptr && readme->lines().size() <= 15) << folder << "/README.md is missing or too long";
    }
}

TEST(HouseRules, NoCodeIsChosenByATrainingSwitchOfThePreprocessor) {
    expect_nowhere(std::regex{R"(^\s*#\s*(if|ifdef|ifndef|elif|elifdef)\b.*training)", std::regex::icase}, {"#"});
}

TEST(HouseRules, NothingIsLeftToBeDoneInTheCode) {
    // Spelled in two halves, so that this file passes its own test.
    expect_nowhere(std::regex{"\\b(TO"
                              "DO|FIX"
                              "ME|XX"
                              "X|HA"
                              "CK)\\b"},
                   {"TO"
                    "DO",
                    "FIX"
                    "ME",
                    "XX"
                    "X",
                    "HA"
                    "CK"});
}

TEST(HouseRules, NoFileNamesTheHostOfAPackageRegistry) {
    expect_nowhere(
        std::regex{
            R"(\b(deb|registry|mirrors?|archive|security|pypi|proxy|index|ftp|packages)\.[a-z0-9-]+\.[a-z]{2,4}\b)"},
        {"deb.", "registry.", "mirror.", "mirrors.", "archive.", "security.", "pypi.", "proxy.", "index.", "ftp.",
         "packages."});
}

TEST(HouseRules, EveryHeaderIsIncludedOnlyOnce) {
    for (const SourceFile& file : tree())
        EXPECT_TRUE(!file.path.ends_with(".h") || file.text.find("#pragma once") != std::string::npos) << file.path;
}

TEST(HouseRules, EveryHeaderBeginsBySayingWhatItIs) {
    for (const SourceFile& file : tree()) {
        if (!file.path.ends_with(".h") || lies_in(file.folder(), "tests")) continue;
        EXPECT_EQ(file.text.find("// " + file.path + ": "), 0U) << file.path;
    }
}

}  // namespace
}  // namespace basalt::test
