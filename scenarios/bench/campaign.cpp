#include "scenarios/bench/campaign.h"

#include "scenarios/bench/kept_record.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <fstream>
#include <optional>
#include <set>

namespace basalt::bench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using nlohmann::ordered_json;

bool in_share(const CampaignOrder& order, std::uint64_t seed) {
    return seed >= order.seed && seed - order.seed < order.n && (seed - order.seed) % order.shards == order.shard - 1;
}

std::uint64_t share_of(const CampaignOrder& order) {
    return order.n / order.shards + (order.n % order.shards >= order.shard ? 1 : 0);
}

// One line a trial. A line that was cut when its writer was killed is no trial: it is run again.
std::optional<Trial> trial_in(const std::string& line, const CampaignOrder& order) {
    const json object = json::parse(line, nullptr, false);
    if (!object.is_object() || object.value("build", "") != order.build || object.value("campaign", "") != order.name)
        return std::nullopt;
    if (!object.value("seed", json{}).is_number_unsigned() || !object.value("kind", json{}).is_string() ||
        !object.value("wrong", json{}).is_string())
        return std::nullopt;
    return Trial{object["seed"].get<std::uint64_t>(), object["kind"].get<std::string>(),
                 object["wrong"].get<std::string>()};
}

std::string line_of(const Trial& trial, const CampaignOrder& order) {
    return ordered_json{{"campaign", order.name},
                        {"build", order.build},
                        {"seed", trial.seed},
                        {"kind", trial.kind},
                        {"wrong", trial.wrong}}
               .dump(-1, ' ', false, ordered_json::error_handler_t::replace) +
           "\n";
}

std::map<std::uint64_t, Trial> trials_on_disk(const CampaignOrder& order) {
    std::map<std::uint64_t, Trial> trials;
    std::error_code none_yet;
    for (const auto& entry : fs::directory_iterator{order.results, none_yet}) {
        if (entry.path().extension() != ".jsonl") continue;
        std::ifstream in{entry.path()};
        for (std::string line; std::getline(in, line);)
            if (auto trial = trial_in(line, order); trial && in_share(order, trial->seed)) trials[trial->seed] = *trial;
    }
    return trials;
}

}  // namespace

Result<std::vector<std::uint64_t>> seeds_to_do(const CampaignOrder& order) {
    const auto done = trials_on_disk(order);
    std::vector<std::uint64_t> seeds;
    for (std::uint64_t seed = order.seed + order.shard - 1; in_share(order, seed); seed += order.shards)
        if (!done.contains(seed)) seeds.push_back(seed);
    return seeds;
}

Result<void> run_trials(const CampaignOrder& order, const std::vector<std::uint64_t>& seeds, const RunTrial& run,
                        const std::function<bool(const Trial&)>& go_on) {
    if (seeds.empty()) return {};
    std::error_code error;
    fs::create_directories(order.results, error);
    const fs::path file = order.results / fmt::format("{}-{}-of-{}.jsonl", order.name, order.shard, order.shards);
    std::ofstream out{file, std::ios::app};
    out << '\n';  // behind a line that was cut
    for (const std::uint64_t seed : seeds) {
        const auto trial = run(seed);
        if (!trial) return std::unexpected{trial.error()};
        out << line_of(*trial, order) << std::flush;
        if (!out) return std::unexpected{cannot("The campaign's results cannot be written:", file.string(), errno)};
        if (!go_on(*trial)) break;
    }
    return {};
}

Result<CampaignResult> gather(const CampaignOrder& order) {
    CampaignResult result;
    for (const auto& [seed, trial] : trials_on_disk(order)) {
        ++result.n;
        auto& kind = result.by_kind[trial.kind];
        ++kind.n;
        if (!trial.failed()) continue;
        ++kind.failed;
        result.failed.push_back(trial);
    }
    return result;
}

std::string as_json(const CampaignOrder& order, const CampaignResult& result) {
    ordered_json seeds = ordered_json::array();
    for (const Trial& trial : result.failed) seeds.push_back(trial.seed);
    ordered_json kinds = ordered_json::object();
    for (const auto& [name, kind] : result.by_kind) kinds[name] = {{"n", kind.n}, {"failed", kind.failed}};
    return ordered_json{{"schema", 1},
                        {"campaign", order.name},
                        {"n", result.n},
                        {"failed", result.failed.size()},
                        {"seeds_failed", seeds},
                        {"by_kind", kinds},
                        {"complete", result.n == share_of(order)}}
               .dump(2) +
           "\n";
}

std::string in_words(const CampaignOrder& order, const CampaignResult& result) {
    std::string text;
    for (const auto& [name, kind] : result.by_kind)
        text += fmt::format("{:<24} {:>6} trials, {} failed\n", name, kind.n, kind.failed);
    for (const Trial& trial : result.failed)
        text += fmt::format("Failed: {} (again with: basalt campaign {} --n 1 --seed {}). {}\n", trial.kind, order.name,
                            trial.seed, trial.wrong);
    text += fmt::format("{} of {} trials are done, {} failed.\n", result.n, share_of(order), result.failed.size());
    return text;
}

}  // namespace basalt::bench
