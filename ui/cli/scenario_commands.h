// ui/cli/scenario_commands.h: `./basalt scenario list|show|run`.
#pragma once
#include "scenarios/engine/device_under_test.h"
#include "scenarios/engine/text.h"
#include "scenarios/report/terminal_plot.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

namespace basalt::cli {

/// Where the commands find things. Nothing of it is touched before a command needs it.
struct ScenarioTools {
    std::filesystem::path folder;  ///< of the scenario files
    /// Makes the devices to play on; called by `run` alone, because it may find that the machine lacks something.
    std::function<Result<std::unique_ptr<scenarios::DeviceMaker>>()> devices;
    std::ostream* out = nullptr;    ///< results; outlives the commands
    std::ostream* words = nullptr;  ///< progress and errors
    scenarios::Language language = scenarios::Language::english;
    scenarios::Terminal terminal;
};

/// Language and terminal from the environment: LC_ALL, LC_MESSAGES, LANG; COLUMNS; NO_COLOR, TERM, and whether standard
/// output is a terminal. Away from a terminal it is 80 columns without colour, so that the same seed prints the same
/// bytes.
void read_environment(ScenarioTools& tools);

struct ScenarioRun {
    std::string name;
    bool twin = false;
    bool json = false;
    std::string report;  ///< file, or empty
    std::uint64_t seed = 1;
};

// Each returns the exit status: 0; 1 a scenario did not show what it must; or the error's.
int list_scenarios(const ScenarioTools& tools, bool json);
int show_scenario(const ScenarioTools& tools, const std::string& name, bool json);
int run_scenario_command(const ScenarioTools& tools, const ScenarioRun& run);

/// Adds `scenario` with its three commands to `app`; when one of them ran, `exit_status` holds its status.
void add_scenario_commands(CLI::App& app, ScenarioTools tools, int& exit_status);

}  // namespace basalt::cli
