// scenarios/campaign/campaign.h: many runs of one kind, each from its own seed: dealt out to shards and jobs, written
// down one by one, counted at the end. What a run does comes in as a function.
#pragma once
#include "device/common/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace basalt::campaign {

/// What one run showed.
struct RunResult {
    std::uint64_t seed = 0;
    std::vector<std::string> kinds;   ///< what happened in it, for by_kind; each name once
    std::vector<std::string> faults;  ///< whole sentences; empty: everything was as it must be
    friend bool operator==(const RunResult&, const RunResult&) = default;
};

/// Which runs. Run i (0 to n - 1) has seed `seed` + i, so `--seed S --n 1` plays any of them alone.
struct Order {
    std::string name;                ///< of the campaign: a file of another one is refused
    std::uint64_t n = 1;             ///< >= 1
    std::uint64_t seed = 1;          ///< of the first run
    unsigned jobs = 1;               ///< processes at once, 1 to 64
    unsigned shard = 1, shards = 1;  ///< this machine's part: those i with i % shards == shard - 1
    std::filesystem::path results;   ///< kept here, a line a run; empty: nowhere
};

/// Plays one run. Called in a process of its own job, from its main thread.
using Play = std::function<Result<RunResult>(std::uint64_t seed)>;
/// Hears each result as it comes.
using Heard = std::function<void(const RunResult&)>;

struct Count {
    std::uint64_t n = 0, failed = 0;
};
struct Outcome {
    std::vector<RunResult> runs;  ///< of this order and shard, by seed; those of an earlier call too
    std::uint64_t failed() const;
    std::map<std::string, Count> by_kind() const;
};

/// Plays what is not yet in the results' file, and gives all.
/// Errors:  usage (an order that makes no sense, results of another campaign), io, unreadable, and the first error of a
///          run that could not be played; what was played until then is in the file.
/// Rely on: every run's processes end with their job, and every job with this process. Two files of the same campaign
///          are joined by joining their lines.
Result<Outcome> play(const Order& order, const Play& run, const Heard& heard);

/// One line of the results' file, without its end: a JSON object.
std::string to_line(std::string_view campaign, const RunResult& run);
/// Errors: unreadable; usage (another campaign's).
Result<RunResult> parse_line(std::string_view campaign, std::string_view line);

/// The whole outcome as one JSON object: schema, campaign, seed, n, failed, seeds_failed, by_kind, faults.
std::string to_json(const Order& order, const Outcome& outcome);

/// "2/5": the second of five. Errors: usage.
Result<void> read_shard(std::string_view text, Order& order);

}  // namespace basalt::campaign
