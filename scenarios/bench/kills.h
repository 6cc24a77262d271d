// scenarios/bench/kills.h: each program of the device, and its TPM, killed or hung at a random moment of a run. What
// must follow is the table "dies or hangs" of the design: the mode, who comes back, and above all the insulin: no dose
// twice, none missing, and what the motor moved is what is on record.
#pragma once
#include "scenarios/bench/campaign.h"
#include "scenarios/bench/trial_device.h"

namespace basalt::bench {

/// How many kinds of trials there are; a seed's kind is its remainder.
extern const std::uint64_t kinds_of_kills;
/// The kind's name, as "kill_firmware".
std::string kind_of_kill(std::uint64_t seed);

/// Plays `hours` (2 or more) of a copy of `from`, with the kill or hang that `seed` decides.
/// Errors: the machine's alone.
Result<Trial> kill_trial(const std::filesystem::path& from, std::uint64_t seed, std::int64_t hours);

}  // namespace basalt::bench
