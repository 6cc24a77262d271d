// ui/cli/bench_commands.h: `./basalt bench`.
#pragma once
#include "ui/cli/places.h"

#include <CLI/CLI.hpp>

namespace basalt::cli {

/// Adds `bench [NAME] [--json]` to `app`: days, start, patient, access, link, or all. When it ran, `exit_status` is 0 whether
/// goals were met or not (the time of one machine is no check), or what the error's code says.
void add_bench_commands(CLI::App& app, const Places& places, int& exit_status);

}  // namespace basalt::cli
