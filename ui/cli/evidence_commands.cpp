#include "ui/cli/evidence_commands.h"

#include "ui/cli/evidence.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <utility>

namespace basalt::cli {

void add_evidence_commands(CLI::App& app, std::string source, std::string build, int& exit_status) {
    CLI::App* evidence = app.add_subcommand("evidence",
                                            "Example: ./basalt evidence check\n"
                                            "Where the 64 recommendations are shown, and by which tests");
    evidence->require_subcommand(1);
    CLI::App* check = evidence->add_subcommand(
        "check",
        "Example: ./basalt evidence check --json\n"
        "Lists R1 to R64 with the tests that show each and how they ended in the last whole ./basalt test.\n"
        "Exit status: 0 every named test passed, in this build (a row that names none is \"not yet\" and says so);\n"
        "1 a row is broken, or the results are older than the build; 4 the tests were not run here yet");
    auto json = std::make_shared<bool>(false);
    check->add_flag("--json", *json, "One JSON object instead of lines");
    check->callback([json, source = std::move(source), build = std::move(build), &exit_status] {
        const auto gathered = gather_evidence(source, build);
        if (!gathered) {
            fmt::print(stderr, "{} {}\n", gathered.error().what, gathered.error().next_step);
            exit_status = basalt::exit_status(gathered.error().code);
            return;
        }
        fmt::print("{}", *json ? as_json(*gathered) : as_text(*gathered));
        if (gathered->never_run) {
            fmt::print(
                stderr,
                "The tests were not run here yet, so nothing of this is shown. Run ./basalt test, then ask again.\n");
            exit_status = basalt::exit_status(ErrorCode::missing);
            return;
        }
        exit_status = gathered->broken == 0 && !gathered->stale ? 0 : basalt::exit_status(ErrorCode::check_failed);
    });
}

}  // namespace basalt::cli
