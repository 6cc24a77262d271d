// device/factory/commands.h: the subcommands of basalt-factory. Each adds itself and runs when it is the one named.
// One that fails throws CLI::RuntimeError with the exit status, after it has said why on standard error.
#pragma once
#include "device/common/result.h"

#include <CLI/CLI.hpp>

namespace basalt::factory {

/// keys --dir DIR: makes the development keys of both variants, where they are not there yet.
void add_keys_command(CLI::App& app);
/// image --kind firmware --program PATH --variant production --keys DIR --version 1 --out FILE [--also LIBRARY]...
void add_image_command(CLI::App& app);
/// init --state DIR --images DIR --keys DIR [--variant training --without sealing] [--seed N]: makes a device.
void add_init_command(CLI::App& app);

/// Says the error on standard error and ends the command with its exit status.
[[noreturn]] void give_up(const Error& error);

}  // namespace basalt::factory
