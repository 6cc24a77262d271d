// tests/unit/pump_model/rows.h: reads the small comma-separated files of tests/data/glucose.
#pragma once
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace basalt::pump_model::test {

using Row = std::vector<std::string>;

/// The rows of tests/data/glucose/`file` without its comments. A missing file fails the test.
inline std::vector<Row> rows(const std::string& file) {
    std::ifstream in{std::string{BASALT_SOURCE_DIR} + "/tests/data/glucose/" + file};
    EXPECT_TRUE(in) << file;
    std::vector<Row> all;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.front() == '#') continue;
        std::istringstream cells{line};
        Row row;
        for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
        all.push_back(row);
    }
    return all;
}

inline double number(const std::string& cell) { return std::stod(cell); }

}  // namespace basalt::pump_model::test
