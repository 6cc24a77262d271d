// tests/unit/therapy/table.h: reads the small comma-separated files of tests/data/therapy.
#pragma once
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace basalt::firmware::test {

/// The rows of tests/data/therapy/`file` without its comments. A missing file fails the test.
inline std::vector<std::vector<std::string>> rows(const std::string& file) {
    std::ifstream in{BASALT_SOURCE_DIR "/tests/data/therapy/" + file};
    EXPECT_TRUE(in) << file;
    std::vector<std::vector<std::string>> all;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.front() == '#') continue;
        std::istringstream cells{line};
        std::vector<std::string>& row = all.emplace_back();
        for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
    }
    return all;
}

}  // namespace basalt::firmware::test
