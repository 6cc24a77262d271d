// ui/cli/suggest.h: what was probably meant by a command line that cannot be understood.
#pragma once
#include "device/common/result.h"

#include <CLI/CLI.hpp>

namespace basalt::cli {

/// What is wrong with the command line that `app` refused with `error`: the first word that is no command or option
/// there, with the nearest that is. Its code is usage, or missing where the word names a command that is not built yet.
Error wrong_usage(const CLI::App& app, const CLI::ParseError& error);

}  // namespace basalt::cli
