// scenarios/bench/janitor.h: the process that outlives a killed simulator by a moment and removes its run directory.
#pragma once
#include <string>

namespace basalt::bench {

/// Waits until `until` (the reading end of a pipe) has ended, removes `directory` and all in it, and ends the process.
/// Rely on:  holds no other descriptor, no terminal, no working directory; follows no symbolic link.
[[noreturn]] void be_janitor(int until, const std::string& directory);

}  // namespace basalt::bench
