// scenarios/bench/flips.h: one bit of what the device trusts by a signature is turned over while it is off. At the next
// real start it must be refused before anything of it runs, insulin must go on as the design says, and the reason must
// stand in the guardian's memory.
#pragma once
#include "scenarios/bench/campaign.h"
#include "scenarios/bench/trial_device.h"

namespace basalt::bench {

extern const std::uint64_t kinds_of_flips;
std::string kind_of_flip(std::uint64_t seed);

/// Starts a copy of `from` with the flip that `seed` decides and plays half an hour of it. Errors: the machine's alone.
Result<Trial> flip_trial(const std::filesystem::path& from, std::uint64_t seed);

}  // namespace basalt::bench
