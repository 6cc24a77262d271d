// ui/cli/user_commands.h: `./basalt user matrix`: who may do what on the pump.
#pragma once
#include "scenarios/engine/text.h"

#include <CLI/CLI.hpp>

namespace basalt::cli {

/// Adds `user` with its command to `app`; when it ran, `exit_status` holds its status.
void add_user_commands(CLI::App& app, scenarios::Language language, int& exit_status);

}  // namespace basalt::cli
