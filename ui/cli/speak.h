// ui/cli/speak.h: how the command line says that something did not work.
#pragma once
#include "device/common/result.h"

#include <fmt/format.h>

#include <cstdio>

namespace basalt::cli {

/// Cause and next step to standard error. Returns the exit status that belongs to the error.
inline int say(const Error& error) {
    fmt::print(stderr, "{} {}\n", error.what, error.next_step);
    return exit_status(error.code);
}

}  // namespace basalt::cli
