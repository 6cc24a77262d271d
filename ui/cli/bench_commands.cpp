#include "ui/cli/bench_commands.h"

#include "scenarios/measure/access.h"
#include "scenarios/measure/days.h"
#include "scenarios/measure/link.h"
#include "scenarios/measure/patient.h"
#include "scenarios/measure/start.h"
#include "ui/cli/arguments.h"
#include "ui/cli/speak.h"
#include "ui/console/measure.h"

#include <memory>

namespace basalt::cli {
namespace {

constexpr int rounds = 5;

struct BenchOptions {
    std::string name;
    bool json = false;
};

int run_bench(const BenchOptions& options, const Places& places) {
    const bench::BuiltThings built{places.build / "bin", places.images(), places.training_images(), places.dev_keys};
    // The launcher knows the release build alone: measured from another one, it would build that one first.
    const auto launcher =
        places.build == places.source / "build" / "release" ? places.source / "basalt" : std::filesystem::path{};
    measure::Figures all;
    const auto add = [&](Result<measure::Figures> found) -> Result<void> {
        if (!found) return std::unexpected{found.error()};
        all.figures.insert(all.figures.end(), found->figures.begin(), found->figures.end());
        all.left_out.insert(all.left_out.end(), found->left_out.begin(), found->left_out.end());
        return {};
    };
    const auto wanted = [&](std::string_view name) {
        const bool yes = options.name.empty() || options.name == name;
        if (yes) fmt::print(stderr, "Measuring: {}, {} rounds ...\n", name, rounds);
        return yes;
    };
    if (wanted("days"))
        if (auto added = add(measure::measure_days(built, {.rounds = rounds})); !added) return say(added.error());
    if (wanted("start"))
        if (auto added = add(measure::measure_start(built, {rounds, launcher, places.build / "bin" / "basalt"}));
            !added)
            return say(added.error());
    if (wanted("patient"))
        if (auto added = add(measure::measure_patient(rounds)); !added) return say(added.error());
    if (wanted("access"))
        if (auto added = add(measure::measure_access(rounds)); !added) return say(added.error());
    if (wanted("link"))
        if (auto added = add(measure::measure_link(rounds, places.build / "bin" / "basalt-gateway")); !added)
            return say(added.error());
    if (wanted("console"))
        if (auto added = add(console::measure_console(rounds, built)); !added) return say(added.error());
    fmt::print("{}", options.json ? measure::as_json(all) : measure::as_table(all));
    return 0;
}

}  // namespace

void add_bench_commands(CLI::App& app, const Places& places, int& exit_status) {
    auto* bench =
        app.add_subcommand("bench",
                           "Example: ./basalt bench days\n"
                           "What security costs: each figure beside a peer of the same run. A ratio says how many\n"
                           "times as long as the peer it takes");
    auto options = std::make_shared<BenchOptions>();
    take_name(bench->add_option("NAME", options->name, "Only this one; without it: all"),
              {"days", "start", "patient", "access", "link", "console"});
    bench->add_flag("--json", options->json, "One JSON object; words go to standard error");
    bench->callback([options, places, &exit_status] { exit_status = run_bench(*options, places); });
}

}  // namespace basalt::cli
