#include "ui/cli/campaign_command.h"

#include "scenarios/bench/flips.h"
#include "scenarios/bench/kills.h"
#include "ui/cli/build_mark.h"
#include "ui/cli/speak.h"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <unistd.h>
#include <vector>

namespace basalt::cli {
namespace {

using bench::CampaignOrder;
using bench::Trial;

struct CampaignOptions {
    std::uint64_t n = 100, seed = 1, jobs = 1;
    std::string shard = "1/1";
    std::string results;
    std::int64_t hours = 24;
    bool json = false;
};

struct Campaign {
    const char* name;
    const char* about;
    bool has_hours;  ///< how long a trial lasts is the caller's to say
    Result<Trial> (*run)(const std::filesystem::path& from, std::uint64_t seed, const CampaignOptions& options);
};
constexpr std::array campaigns{
    Campaign{"kills",
             "Example: ./basalt campaign kills --n 200 --seed 1 --jobs 2\n"
             "Kill or hang each program at a random moment of a day; see that no dose is given twice or lost",
             true,
             [](const std::filesystem::path& from, std::uint64_t seed, const CampaignOptions& options) {
                 return bench::kill_trial(from, seed, options.hours);
             }},
    Campaign{"flips",
             "Example: ./basalt campaign flips --n 1000 --seed 1 --jobs 2\n"
             "Turn one bit of a signed file over before a real start; see that it is refused and insulin goes on",
             false,
             [](const std::filesystem::path& from, std::uint64_t seed, const CampaignOptions&) {
                 return bench::flip_trial(from, seed);
             }},
};

Result<std::pair<std::uint64_t, std::uint64_t>> shard_of(const std::string& text) {
    unsigned long long shard = 0, shards = 0;
    char rest = 0;
    if (std::sscanf(text.c_str(), "%llu/%llu%c", &shard, &shards, &rest) != 2 || shard == 0 || shard > shards)
        return fail(ErrorCode::usage, "'" + text + "' is no shard.", "Say I/N with I from 1 to N, as in: --shard 2/4");
    return std::pair{std::uint64_t{shard}, std::uint64_t{shards}};
}

Result<void> run_here(const Campaign& campaign, const CampaignOrder& order, const CampaignOptions& options,
                      const Places& places) {
    const auto seeds = bench::seeds_to_do(order);
    if (!seeds) return std::unexpected{seeds.error()};
    if (seeds->empty()) return {};
    const auto device =
        bench::trial_template({places.build / "bin", places.images(), places.training_images(), places.dev_keys});
    if (!device) return std::unexpected{device.error()};
    std::size_t done = 0;
    return bench::run_trials(
        order, *seeds, [&](std::uint64_t seed) { return campaign.run((*device)->state().path(), seed, options); },
        [&](const Trial& trial) {
            if (trial.failed()) fmt::print(stderr, "Failed: {}, seed {}. {}\n", trial.kind, trial.seed, trial.wrong);
            if (++done % 20 == 0) fmt::print(stderr, "{} of {} done.\n", done, seeds->size());
            return true;
        });
}

/// Every job is a call of this program with a smaller share. Job j of J of shard I of N runs the shard I + N j of N J.
Result<void> run_in_jobs(const Campaign& campaign, const CampaignOrder& order, const CampaignOptions& options) {
    bool whole = true;
    for (std::uint64_t job = 0; job < options.jobs; ++job) {
        const std::string shard = fmt::format("{}/{}", order.shard + order.shards * job, order.shards * options.jobs);
        std::vector<std::string> words{"basalt",
                                       "campaign",
                                       campaign.name,
                                       "--n",
                                       std::to_string(order.n),
                                       "--seed",
                                       std::to_string(order.seed),
                                       "--shard",
                                       shard,
                                       "--results",
                                       order.results.string()};
        if (campaign.has_hours) words.insert(words.end(), {"--hours", std::to_string(options.hours)});
        const pid_t parent = ::getpid();
        const pid_t pid = ::fork();
        if (pid == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (::getppid() != parent) ::_exit(1);
            ::dup2(2, 1);  // its summary is of its own share alone
            std::vector<char*> argv;
            for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
            argv.push_back(nullptr);
            ::execv("/proc/self/exe", argv.data());
            ::_exit(127);
        }
        if (pid < 0)
            return fail(ErrorCode::io, "No process could be started.", "Close other programs, or use fewer --jobs.");
    }
    for (std::uint64_t job = 0; job < options.jobs; ++job) {
        int status = 0;
        if (::wait(&status) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) > 1) whole = false;
    }
    if (whole) return {};
    return fail(ErrorCode::check_failed, "One of the jobs of this campaign ended early.",
                "See its words above; start it again: it goes on.");
}

int run(const Campaign& campaign, const CampaignOptions& options, const Places& places) {
    const auto shard = shard_of(options.shard);
    if (!shard) return say(shard.error());
    const auto mark = build_mark(places);
    if (!mark) return say(mark.error());
    CampaignOrder order;
    order.name = campaign.name;
    order.n = options.n;
    order.seed = options.seed;
    std::tie(order.shard, order.shards) = *shard;
    order.results = options.results.empty() ? places.build / "campaigns" : std::filesystem::path{options.results};
    order.build = *mark + (campaign.has_hours ? fmt::format("-{}h", options.hours) : "");

    const auto ran =
        options.jobs > 1 ? run_in_jobs(campaign, order, options) : run_here(campaign, order, options, places);
    if (!ran) return say(ran.error());
    const auto result = bench::gather(order);
    if (!result) return say(result.error());
    fmt::print("{}", options.json ? bench::as_json(order, *result) : bench::in_words(order, *result));
    return result->failed.empty() ? 0 : exit_status(ErrorCode::check_failed);
}

}  // namespace

void add_campaign_commands(CLI::App& app, const Places& places, int& exit_status) {
    auto* command = app.add_subcommand(
        "campaign",
        "Example: ./basalt campaign kills --n 200 --seed 1\nMany trials; a stopped campaign goes on where it was");
    command->require_subcommand(1);
    for (const Campaign& campaign : campaigns) {
        auto* one = command->add_subcommand(campaign.name, campaign.about);
        const auto options = std::make_shared<CampaignOptions>();
        one->add_option("--n", options->n, "How many trials")->check(CLI::Range(1, 10'000'000))->capture_default_str();
        one->add_option("--seed", options->seed, "The first trial's seed; the others follow")->capture_default_str();
        one->add_option("--jobs", options->jobs, "How many at once")->check(CLI::Range(1, 256))->capture_default_str();
        one->add_option("--shard", options->shard,
                        "I/N: only the I-th of N shares; copy the result files together to merge")
            ->capture_default_str();
        one->add_option("--results", options->results, "Folder of the result files (default: campaigns/ in the build)");
        if (campaign.has_hours)
            one->add_option("--hours", options->hours, "How long each trial lasts")
                ->check(CLI::Range(2, 72))
                ->capture_default_str();
        one->add_flag("--json", options->json, "One JSON object; words go to standard error");
        one->callback([=, &campaign, &exit_status] { exit_status = run(campaign, *options, places); });
    }
}

}  // namespace basalt::cli
