// ui/cli/evidence_commands.h: `./basalt evidence check`.
#pragma once
#include <CLI/CLI.hpp>

#include <string>

namespace basalt::cli {

/// Adds `evidence check [--json]` to `app`. When it ran, `exit_status` is 0 where every test that a row names ran and
/// passed, 1 where one did not, or what the error's code says. Rows without a test are counted and shown, not failures.
/// `source` is the tree, `build` the folder where ctest left its results.
void add_evidence_commands(CLI::App& app, std::string source, std::string build, int& exit_status);

}  // namespace basalt::cli
