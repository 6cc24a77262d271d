// ui/cli/campaign_command.h: `./basalt campaign NAME`: what is too long for `test`.
#pragma once
#include "ui/cli/places.h"

#include <CLI/CLI.hpp>

namespace basalt::cli {

/// Adds `campaign` with one command for each campaign to `app`; when one ran, `exit_status` holds its status: 0 every
/// trial was as it must be, 1 one was not.
void add_campaign_commands(CLI::App& app, const Places& places, int& exit_status);

}  // namespace basalt::cli
