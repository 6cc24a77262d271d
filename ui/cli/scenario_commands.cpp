#include "ui/cli/scenario_commands.h"

#include "scenarios/engine/catalogue.h"
#include "scenarios/engine/outcome.h"
#include "scenarios/report/result_json.h"
#include "scenarios/engine/words.h"
#include "scenarios/report/html.h"
#include "scenarios/report/narrator.h"
#include "scenarios/report/screen.h"
#include "scenarios/report/terminal_text.h"
#include "ui/cli/arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <sys/ioctl.h>

#include <algorithm>
#include <cstdlib>
#include <unistd.h>
#include <utility>

namespace basalt::cli {
namespace {

using Json = nlohmann::ordered_json;
using scenarios::Scenario;

int say(const ScenarioTools& tools, const Error& error) {
    *tools.words << error.what << ' ' << error.next_step << '\n';
    return exit_status(error.code);
}

/// For the terminal: ASCII where it shows nothing else.
std::string shown(const ScenarioTools& tools, std::string_view text) {
    return tools.terminal.unicode ? std::string{text} : scenarios::ascii(text);
}

void print(const ScenarioTools& tools, const Json& json) {
    *tools.out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

std::vector<std::string> requirement_names(const Scenario& scenario) {
    std::vector<std::string> names;
    for (const int r : scenario.requirements) names.push_back(fmt::format("R{}", r));
    return names;
}

/// A report that cannot be written is found out before the run, not after it.
Result<void> can_hold(const std::string& report) {
    if (report.empty()) return {};
    const std::filesystem::path path{report};
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
    std::error_code error;
    const auto there = std::filesystem::status(path, error);
    if (std::filesystem::is_directory(folder, error) &&
        (!std::filesystem::exists(there) || std::filesystem::is_regular_file(there)) && path.has_filename() &&
        ::access(folder.c_str(), W_OK) == 0)
        return {};
    return fail(ErrorCode::io, fmt::format("The report \"{}\" could not be written.", report),
                "Name a file in a folder that exists and can be written to.");
}

/// What is played, and on which pump: said before the lines of the run.
std::string wrapped_title(const Scenario& scenario, const ScenarioRun& run, const ScenarioTools& tools) {
    const scenarios::Text pump =
        run.twin ? scenarios::Text{"The protected pump, as it happens (the unprotected one and both curves follow):",
                                   "La pompe protégée, en direct (la pompe non protégée et les deux courbes suivent) :"}
                 : scenarios::Text{"The pump, as it happens:", "La pompe, en direct :"};
    const auto width = static_cast<std::size_t>(tools.terminal.width);
    return scenarios::wrapped(scenario.title.in(tools.language), width) + "\n" +
           scenarios::wrapped(scenario.story.in(tools.language), width) + "\n" +
           scenarios::wrapped(pump.in(tools.language), width);
}

}  // namespace

void read_environment(ScenarioTools& tools) {
    std::string locale;
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* value = std::getenv(name);
        if (value == nullptr || *value == '\0') continue;
        locale = value;
        break;
    }
    tools.language = scenarios::language_of(locale);
    std::ranges::transform(locale, locale.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    tools.terminal.unicode = locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
    tools.terminal.width = 80;
    tools.terminal.colour = false;
    if (::isatty(STDOUT_FILENO) != 1) return;
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 60)
        tools.terminal.width = std::min<int>(size.ws_col, 120);
    const char* term = std::getenv("TERM");
    const char* no_colour = std::getenv("NO_COLOR");
    tools.terminal.colour =
        (no_colour == nullptr || *no_colour == '\0') && term != nullptr && std::string_view{term} != "dumb";
}

int list_scenarios(const ScenarioTools& tools, bool json) {
    const auto names = scenarios::scenario_names(tools.folder);
    if (!names) return say(tools, names.error());
    Json all = Json::array();
    for (const auto& name : *names) {
        const auto scenario = scenarios::load_scenario(tools.folder, name);
        if (!scenario) return say(tools, scenario.error());
        all.push_back({{"id", name},
                       {"title", scenario->title.in(tools.language)},
                       {"hours", scenario->setting.hours},
                       {"requirements", requirement_names(*scenario)}});
        if (!json)
            *tools.out << shown(tools, fmt::format("{:<24} {:>3} h  {}\n", name, scenario->setting.hours,
                                                   scenario->title.in(tools.language)));
    }
    if (json) print(tools, {{"schema", 1}, {"scenarios", all}});
    return 0;
}

int show_scenario(const ScenarioTools& tools, const std::string& name, bool json) {
    const auto scenario = scenarios::load_scenario(tools.folder, name);
    if (!scenario) return say(tools, scenario.error());
    const auto language = tools.language;
    if (json) {
        Json timeline = Json::array();
        for (const auto& step : scenario->timeline)
            timeline.push_back({{"at_min", step.at.minutes()}, {"text", step.words.in(language)}});
        Json expectations = Json::array();
        for (const auto& e : scenario->expectations)
            expectations.push_back({{"id", e.id}, {"text", e.text.in(language)}});
        print(tools, {{"schema", 1},
                      {"id", scenario->id},
                      {"title", scenario->title.in(language)},
                      {"story", scenario->story.in(language)},
                      {"patient", scenario->setting.patient},
                      {"hours", scenario->setting.hours},
                      {"basal_u_per_h", scenario->setting.basal.count / 1000.0},
                      {"requirements", requirement_names(*scenario)},
                      {"timeline", timeline},
                      {"expectations", expectations}});
        return 0;
    }
    const auto width = static_cast<std::size_t>(tools.terminal.width);
    std::string text = scenarios::wrapped(scenario->title.in(language), width) + "\n" +
                       scenarios::wrapped(scenario->story.in(language), width) + "\n";
    for (const auto& step : scenario->timeline)
        text += scenarios::wrapped(step.words.in(language), width, time_of_day(scenario->setting, step.at) + "  ");
    text += "\n";
    for (const auto& expectation : scenario->expectations)
        text += scenarios::wrapped(expectation.text.in(language), width, "  - ");
    text += fmt::format("\n{}\n", fmt::join(requirement_names(*scenario), ", "));
    *tools.out << shown(tools, text);
    return 0;
}

int run_scenario_command(const ScenarioTools& tools, const ScenarioRun& run) {
    const auto scenario = scenarios::load_scenario(tools.folder, run.name);
    if (!scenario) return say(tools, scenario.error());
    if (const auto room = can_hold(run.report); !room) return say(tools, room.error());
    const auto maker = tools.devices();
    if (!maker) return say(tools, maker.error());

    // What happens is told while it happens, to the words; the result alone goes out.
    *tools.words << shown(tools, wrapped_title(*scenario, run, tools)) << std::endl;
    scenarios::Narrator narrator{scenario->setting, tools.language,
                                 [&tools](std::string_view line) { *tools.words << shown(tools, line) << std::endl; }};
    const auto outcome = scenarios::run_scenario(*scenario, {.twin = run.twin, .seed = run.seed}, **maker, &narrator);
    if (!outcome) return say(tools, outcome.error());

    if (!run.report.empty()) {
        const auto written = scenarios::write_report(run.report, scenarios::html(*scenario, *outcome, tools.language));
        if (!written) return say(tools, written.error());
    }
    *tools.out << (run.json ? scenarios::to_json(*scenario, *outcome, tools.language)
                            : scenarios::screen(*scenario, *outcome, tools.language, tools.terminal));
    tools.out->flush();
    if (!run.report.empty()) {
        const scenarios::Text written{"The report is written. Open it in a web browser: ",
                                      "Le rapport est écrit. Ouvrez-le dans un navigateur : "};
        *tools.words << shown(tools, written.in(tools.language)) << run.report << '\n';
    }
    return outcome->passed() ? 0 : exit_status(ErrorCode::check_failed);
}

void add_scenario_commands(CLI::App& app, ScenarioTools tools, int& exit_status) {
    const auto shared = std::make_shared<const ScenarioTools>(std::move(tools));
    auto* scenario = app.add_subcommand("scenario",
                                        "Example: ./basalt scenario run tampered-firmware --twin\n"
                                        "Attacks and mishaps, played on a virtual patient");
    scenario->require_subcommand(1);
    const auto json = std::make_shared<bool>(false);

    auto* list = scenario->add_subcommand("list", "Example: ./basalt scenario list\nAll scenarios, one a line");
    list->add_flag("--json", *json, "One JSON object instead of lines");
    list->callback([shared, json, &exit_status] { exit_status = list_scenarios(*shared, *json); });

    const auto run = std::make_shared<ScenarioRun>();
    auto* show =
        scenario->add_subcommand("show", "Example: ./basalt scenario show tampered-firmware\nOne scenario's story");
    show->add_option("name", run->name, "Its name, as list shows it")->required();
    show->add_flag("--json", *json, "One JSON object instead of words");
    show->callback([shared, run, json, &exit_status] { exit_status = show_scenario(*shared, run->name, *json); });

    auto* play =
        scenario->add_subcommand("run",
                                 "Example: ./basalt scenario run tampered-firmware --twin --report out.html\n"
                                 "Plays a scenario on a fresh pump and says whether the pump did what it must");
    play->add_option("name", run->name, "Its name, as list shows it")->required();
    play->add_flag("--twin", run->twin,
                   "Also on a pump with the scenario's protections switched off, with the same patient");
    take_word(play->add_option("--report", run->report, "Write a report with plots to this HTML file"));
    take_whole_number(play->add_option("--seed", run->seed, "The same seed gives the same run"), 0, largest_seed)
        ->capture_default_str();
    play->add_flag("--json", *json, "One JSON object instead of the screen");
    play->callback([shared, run, json, &exit_status] {
        run->json = *json;
        exit_status = run_scenario_command(*shared, *run);
    });
}

}  // namespace basalt::cli
