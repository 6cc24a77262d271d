// docs/requirements.toml is what `./basalt evidence` reads: here every name in it is held against the tests that there
// are.
#include "tests/unit/structure/tree.h"
#include "ui/cli/evidence.h"

#include <gtest/gtest.h>

namespace basalt::test {
namespace {

std::vector<cli::Requirement> requirements() {
    const SourceFile* file = find_file("docs/requirements.toml");
    if (file == nullptr) return {};
    const auto read = cli::read_requirements(file->text);
    EXPECT_TRUE(read) << read.error().what;
    return read ? *read : std::vector<cli::Requirement>{};
}

TEST(Requirements, TheSixtyFourRowsAreThere) { EXPECT_EQ(requirements().size(), 64U); }

TEST(Requirements, EveryNamedTestExists) {
    const auto known = cli::known_tests(BASALT_SOURCE_DIR);
    int named = 0;
    for (const cli::Requirement& row : requirements())
        for (const std::string& test : row.tests) {
            ++named;
            EXPECT_TRUE(known.contains(test)) << "R" << row.number << " names " << test;
        }
    EXPECT_GT(named, 0);
}

TEST(Requirements, WhatIsMissingStandsWhereTheCountsSeeIt) {
    for (const cli::Requirement& row : requirements())
        EXPECT_EQ(row.shown_by.find("Not yet"), std::string::npos) << "R" << row.number << ": say it under \"missing\"";
}

}  // namespace
}  // namespace basalt::test
