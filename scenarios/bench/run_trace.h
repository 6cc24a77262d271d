// scenarios/bench/run_trace.h: what a seed does not decide in a run: the slots that this computer was too slow for.
// With the trace the run can be played again. Page: docs/formats/run-trace.md.
#pragma once
#include "scenarios/bench/device_processes.h"

#include <filesystem>
#include <vector>

namespace basalt::bench {

struct RunTrace {
    std::uint64_t seed = 1;
    std::vector<Overrun> overruns;
    friend bool operator==(const RunTrace&, const RunTrace&) = default;
};

std::string to_text(const RunTrace& trace);
/// Errors: unreadable; names the line and what was expected.
Result<RunTrace> parse_trace(std::string_view text);

/// Errors: io, unreadable.
Result<RunTrace> read_trace(const std::filesystem::path& file);
Result<void> write_trace(const std::filesystem::path& file, const RunTrace& trace);

}  // namespace basalt::bench
