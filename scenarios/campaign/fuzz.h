// scenarios/campaign/fuzz.h: the fuzz targets that were built, each for longer than a test lets it.
#pragma once
#include "scenarios/campaign/campaign.h"

namespace basalt::campaign {

/// The programs fuzz_* of a folder, by name. Errors: missing (none was built).
Result<std::vector<std::filesystem::path>> fuzz_targets(const std::filesystem::path& programs);

/// Runs a target for so many seconds. A find is a fault: how it ended, and the input in hex.
/// Errors: io (no process).
Result<RunResult> play_fuzz(const std::filesystem::path& target, std::uint64_t seed, int seconds);

}  // namespace basalt::campaign
