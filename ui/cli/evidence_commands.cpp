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
        "Lists R1 to R64 with the tests that show each and how they ended in the last ./basalt test");
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
        exit_status = gathered->broken == 0 ? 0 : 1;
    });
}

}  // namespace basalt::cli
