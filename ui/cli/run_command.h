// ui/cli/run_command.h: `./basalt run`: a device and its patient, live.
#pragma once
#include "scenarios/engine/text.h"
#include "ui/cli/places.h"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace basalt::cli {

inline constexpr std::uint64_t standard_seed = 1;

struct RunOptions {
    std::string scenario;               ///< empty: live
    std::string state;                  ///< empty: the default
    std::string replay;                 ///< a run's trace, or empty
    std::optional<std::uint64_t> seed;  ///< none: the trace's, else standard_seed
    double hours = 0;                   ///< 0: until Ctrl-C
    std::optional<double> speed;        ///< simulated seconds a second; 0: as fast as this computer can
    std::string screenshot;             ///< a picture of the console after `hours`, or empty
    bool headless = false;
    bool json = false;
};

/// Returns the exit status.
int run_live(const RunOptions& options, const Places& places, scenarios::Language language);

/// Adds `run`. With --scenario, `play_scenario` is called with the options.
void add_run_command(CLI::App& app, const Places& places, scenarios::Language language,
                     std::function<int(const RunOptions&)> play_scenario, int& exit_status);

}  // namespace basalt::cli
