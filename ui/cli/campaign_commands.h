// ui/cli/campaign_commands.h: `./basalt campaign kills|flips|fuzz`: many runs, each from its seed, each judged.
#pragma once
#include "ui/cli/places.h"

#include <CLI/CLI.hpp>

namespace basalt::cli {

/// Adds `campaign` to `app`; when one ran, `exit_status` holds its status: 0; 1 a run showed a fault; or the error's.
void add_campaign_commands(CLI::App& app, const Places& places, int& exit_status);

}  // namespace basalt::cli
