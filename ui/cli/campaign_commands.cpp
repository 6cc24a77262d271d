#include "ui/cli/campaign_commands.h"

#include "scenarios/campaign/campaign.h"
#include "scenarios/campaign/flips.h"
#include "scenarios/campaign/fuzz.h"
#include "scenarios/campaign/kills.h"
#include "ui/cli/arguments.h"
#include "ui/cli/speak.h"

#include <fmt/ranges.h>

#include <functional>
#include <memory>

namespace basalt::cli {
namespace {

struct Options {
    campaign::Order order;
    std::string shard = "1/1";
    bool json = false;
    std::int64_t hours = 24;
    int seconds = 60;
};

/// Progress and faults to standard error, the counts to standard output.
int tell(const Options& options, const Result<campaign::Outcome>& outcome) {
    if (!outcome) return say(outcome.error());
    if (options.json) {
        fmt::print("{}", campaign::to_json(options.order, *outcome));
    } else {
        for (const auto& [kind, count] : outcome->by_kind())
            fmt::print("{:<24} {:>5} runs, {} with a fault\n", kind, count.n, count.failed);
        for (const auto& run : outcome->runs)
            for (const auto& fault : run.faults) fmt::print("Seed {}: {}\n", run.seed, fault);
        fmt::print("{} runs, {} with a fault.\n", outcome->runs.size(), outcome->failed());
    }
    return outcome->failed() == 0 ? 0 : exit_status(ErrorCode::check_failed);
}

int run(Options& options, const campaign::Play& play) {
    if (auto shard = campaign::read_shard(options.shard, options.order); !shard) return say(shard.error());
    std::uint64_t heard = 0;
    return tell(options, campaign::play(options.order, play, [&heard](const campaign::RunResult& result) {
                    fmt::print(
                        stderr, "{:>5}  seed {}: {}\n", ++heard, result.seed,
                        result.faults.empty() ? "as it must be" : fmt::format("{}", fmt::join(result.faults, " ")));
                }));
}

campaign::DeviceKind ordinary_device(const Places& places) {
    campaign::DeviceKind kind;
    kind.images = places.images();
    kind.dev_keys = places.dev_keys;
    return kind;
}

int kills(Options& options, const Places& places) {
    const auto device = campaign::provision(ordinary_device(places));
    if (!device) return say(device.error());
    return run(options, [&](std::uint64_t seed) {
        auto result = campaign::play_blows(**device, campaign::draw_blows(seed, options.hours), options.hours);
        if (result) result->seed = seed;
        return result;
    });
}

int flips(Options& options, const Places& places) {
    const auto device = campaign::provision(ordinary_device(places));
    if (!device) return say(device.error());
    return run(options, [&](std::uint64_t seed) { return campaign::play_flips(**device, seed); });
}

/// Each target once, or --n times each, with seeds of its own.
int fuzz(Options& options, const Places& places) {
    const auto targets = campaign::fuzz_targets(places.build / "bin");
    if (!targets) return say(targets.error());
    options.order.n *= targets->size();
    return run(options, [&](std::uint64_t seed) {
        const std::uint64_t i = seed - options.order.seed;
        return campaign::play_fuzz((*targets)[i % targets->size()], seed, options.seconds);
    });
}

std::shared_ptr<Options> add_shared(CLI::App& command, std::string_view name) {
    auto options = std::make_shared<Options>();
    options->order.name = name;
    take_whole_number(command.add_option("--n", options->order.n, "How many runs"), 1, 1'000'000)
        ->capture_default_str();
    take_whole_number(command.add_option("--seed", options->order.seed, "Of the first run; run i has this plus i"), 0,
                      largest_seed)
        ->capture_default_str();
    take_whole_number(command.add_option("--jobs", options->order.jobs, "Runs at once"), 1, 64)->capture_default_str();
    command.add_option("--shard", options->shard, "This machine's part, I/N: the I-th of N")->capture_default_str();
    take_word(command.add_option(
        "--results", options->order.results,
        "Keep each result in this file, a line a run; what is there is not played again. Files of the same "
        "campaign are joined with cat"));
    command.add_flag("--json", options->json, "One JSON object instead of lines");
    return options;
}

}  // namespace

void add_campaign_commands(CLI::App& app, const Places& places, int& exit_status) {
    auto* campaign = app.add_subcommand("campaign",
                                        "Example: ./basalt campaign kills --n 200 --seed 1\n"
                                        "Many runs of one kind, each drawn from its seed and judged");
    campaign->require_subcommand(1);

    auto* kill = campaign->add_subcommand("kills",
                                          "Example: ./basalt campaign kills --n 200 --seed 1\n"
                                          "A day of a fresh pump in which its programs are killed or hang");
    const auto killing = add_shared(*kill, "kills");
    take_whole_number(kill->add_option("--hours", killing->hours, "Of each run"), 2, 24)->capture_default_str();
    kill->callback([killing, places, &exit_status] { exit_status = kills(*killing, places); });

    auto* flip = campaign->add_subcommand("flips",
                                          "Example: ./basalt campaign flips --n 1000 --seed 1\n"
                                          "Starts of a fresh pump whose images in flash have a bit flipped");
    const auto flipping = add_shared(*flip, "flips");
    flip->callback([flipping, places, &exit_status] { exit_status = flips(*flipping, places); });

    auto* find = campaign->add_subcommand("fuzz",
                                          "Example: ./basalt campaign fuzz --seconds 600\n"
                                          "Every parser's fuzz target, for as long as you like; --n times each");
    const auto finding = add_shared(*find, "fuzz");
    take_whole_number(find->add_option("--seconds", finding->seconds, "For each target"), 1, 86'400)
        ->capture_default_str();
    find->callback([finding, places, &exit_status] { exit_status = fuzz(*finding, places); });
}

}  // namespace basalt::cli
