// ui/cli/device_commands.h: `./basalt device init|start|status|stop`: the user's own device.
#pragma once
#include "scenarios/engine/text.h"
#include "ui/cli/places.h"

#include <CLI/CLI.hpp>

namespace basalt::cli {

/// Adds `device` with its four commands to `app`; when one of them ran, `exit_status` holds its status.
void add_device_commands(CLI::App& app, const Places& places, scenarios::Language language, int& exit_status);

}  // namespace basalt::cli
