// scenarios/engine/catalogue.h: the scenario files of a folder.
#pragma once
#include "scenarios/engine/scenario.h"

#include <filesystem>

namespace basalt::scenarios {

/// The names of all scenario files of `folder`, without ".toml", sorted.
Result<std::vector<std::string>> scenario_names(const std::filesystem::path& folder);

/// Reads `name` from `folder`. An unknown name is a usage error that suggests the nearest; a path is no name.
Result<Scenario> load_scenario(const std::filesystem::path& folder, std::string_view name);

}  // namespace basalt::scenarios
