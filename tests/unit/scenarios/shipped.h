// tests/unit/scenarios/shipped.h: the scenario files of this repository.
#pragma once
#include "scenarios/engine/catalogue.h"

#include <gtest/gtest.h>

namespace basalt::scenarios::test {

inline std::filesystem::path shipped_folder() {
    return std::filesystem::path{BASALT_SOURCE_DIR} / "scenarios" / "files";
}

/// The scenario of this name; a fault in it fails the test and is printed.
inline Scenario shipped(std::string_view name) {
    auto scenario = load_scenario(shipped_folder(), name);
    EXPECT_TRUE(scenario) << (scenario ? "" : scenario.error().what);
    return scenario ? *scenario : Scenario{};
}

}  // namespace basalt::scenarios::test
