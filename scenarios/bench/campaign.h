// scenarios/bench/campaign.h: many small trials, each decided by its seed alone: run in any order, on several
// computers, and gone on with after a stop.
#pragma once
#include "device/common/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace basalt::bench {

struct Trial {
    std::uint64_t seed = 0;  ///< plays it again: --n 1 --seed SEED
    std::string kind;
    std::string wrong;  ///< whole sentences; empty when everything was as it must be
    bool failed() const noexcept { return !wrong.empty(); }
    friend bool operator==(const Trial&, const Trial&) = default;
};

struct CampaignOrder {
    std::string name;
    std::uint64_t n = 0, seed = 1;        ///< the trials are those with the seeds seed to seed + n - 1
    std::uint64_t shard = 1, shards = 1;  ///< this call runs each shards-th trial, from the shard-th on
    std::filesystem::path results;        ///< folder of the result files
    std::string build;                    ///< what was built: results of another build are not these
};

struct CampaignResult {
    std::uint64_t n = 0;  ///< trials that are done
    std::vector<Trial> failed;
    struct Kind {
        std::uint64_t n = 0, failed = 0;
    };
    std::map<std::string, Kind> by_kind;
};

/// An Error means that the simulator or the machine failed, and ends the campaign; a trial that went wrong is a result.
using RunTrial = std::function<Result<Trial>(std::uint64_t seed)>;

/// The seeds of this call's share that no result file holds yet.
Result<std::vector<std::uint64_t>> seeds_to_do(const CampaignOrder& order);
/// Runs `seeds`, each result on disk before the next begins, until `go_on` says no. Errors: io, and those of trials.
Result<void> run_trials(const CampaignOrder& order, const std::vector<std::uint64_t>& seeds, const RunTrial& run,
                        const std::function<bool(const Trial&)>& go_on);
/// All results in the folder that belong to this campaign's share, whoever ran them.
Result<CampaignResult> gather(const CampaignOrder& order);

/// One object: schema, campaign, n, failed, seeds_failed, by_kind, complete.
std::string as_json(const CampaignOrder& order, const CampaignResult& result);
std::string in_words(const CampaignOrder& order, const CampaignResult& result);

}  // namespace basalt::bench
