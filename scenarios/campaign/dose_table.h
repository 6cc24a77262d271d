// scenarios/campaign/dose_table.h: the firmware's own table of doses, asked for over the network as any client does.
#pragma once
#include "scenarios/bench/simulation.h"

#include <optional>

namespace basalt::campaign {

struct DoseRow {
    std::int64_t amount_mu = 0;
    std::int64_t target_mu = 0;
    std::string origin;
};

/// Plays on for as long as the answer takes, a slot for each 100 rows or so. Nothing: no answer came (no
/// open records).
Result<std::optional<std::vector<DoseRow>>> read_dose_table(bench::Simulation& simulation);

}  // namespace basalt::campaign
