// ui/cli/log_commands.h: `./basalt log show|verify`: what the device has on record, and whether it was changed.
#pragma once
#include "scenarios/engine/text.h"
#include "ui/cli/places.h"

#include <CLI/CLI.hpp>

namespace basalt::cli {

/// Adds `log` with its two commands to `app`; when one of them ran, `exit_status` holds its status.
void add_log_commands(CLI::App& app, scenarios::Language language, int& exit_status);

}  // namespace basalt::cli
