// The program basalt: the command line of the simulated pump.
#include "scenarios/bench/device_under_test.h"
#include "ui/cli/bench_commands.h"
#include "ui/cli/campaign_commands.h"
#include "ui/cli/device_commands.h"
#include "ui/cli/evidence_commands.h"
#include "ui/cli/log_commands.h"
#include "ui/cli/places.h"
#include "ui/cli/run_command.h"
#include "ui/cli/scenario_commands.h"
#include "ui/cli/speak.h"
#include "ui/cli/suggest.h"
#include "ui/cli/user_commands.h"

#include <cstdio>
#include <iostream>
#include <system_error>

namespace {
using namespace basalt;

constexpr const char* about =
    "Example: ./basalt run --headless --hours 24\n\n"
    "Basalt: a reference insulin pump to run, attack, defend and retire. Not a medical device.\n"
    "The launcher knows one command more: ./basalt test builds and runs every test.";

const Error no_room_for_output{ErrorCode::io, "Standard output could not be written, so a part of it is missing.",
                               "Look whether its disk is full, then ask again.", 0};

}  // namespace

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(true);
    CLI::App app{about, "basalt"};
    app.require_subcommand(0, 1);
    const cli::Places places = cli::places();
    int exit_status = 0;

    cli::ScenarioTools tools;
    tools.folder = places.source / "scenarios" / "files";
    tools.out = &std::cout;
    tools.words = &std::cerr;
    tools.devices = [&places]() -> Result<std::unique_ptr<scenarios::DeviceMaker>> {
        return std::make_unique<bench::ProcessDeviceMaker>(
            bench::BuiltThings{places.build / "bin", places.images(), places.training_images(), places.dev_keys});
    };
    cli::read_environment(tools);
    const auto play_scenario = [&](const cli::RunOptions& options) {
        cli::ScenarioRun run;
        run.name = options.scenario;
        run.json = options.json;
        run.seed = options.seed.value_or(cli::standard_seed);
        return cli::run_scenario_command(tools, run);
    };
    cli::add_run_command(app, places, tools.language, play_scenario, exit_status);
    cli::add_device_commands(app, places, tools.language, exit_status);
    cli::add_log_commands(app, tools.language, exit_status);
    cli::add_user_commands(app, tools.language, exit_status);
    cli::add_scenario_commands(app, tools, exit_status);
    cli::add_bench_commands(app, places, exit_status);
    cli::add_campaign_commands(app, places, exit_status);
    cli::add_evidence_commands(app, places.source.string(), places.build.string(), exit_status);

    try {
        app.parse(argc, argv);
        if (app.get_subcommands().empty()) std::cout << app.help();
    } catch (const CLI::CallForHelp&) {
        std::cout << app.help();
    } catch (const CLI::ParseError& error) {
        return cli::say(cli::wrong_usage(app, error));
    } catch (const std::system_error&) {
        if (std::ferror(stdout) == 0) throw;  // fmt's print throws when standard output takes no more, and only then
    }
    const bool all_is_out = std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good();
    if (!all_is_out) return cli::say(no_room_for_output);
    return exit_status;
}
