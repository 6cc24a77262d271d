// ui/cli/suggest.h: what was probably meant by a command line that cannot be understood.
#pragma once
#include <CLI/CLI.hpp>

#include <string>

namespace basalt::cli {

/// One sentence about the first word that is no command or option here, with the nearest that is.
std::string wrong_usage(const CLI::App& app, const CLI::ParseError& error);

}  // namespace basalt::cli
