#include "ui/cli/scenario_commands.h"

#include "tests/unit/scenarios/fake_device.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>
#include <unistd.h>

namespace basalt::cli {
namespace {

struct Cli {
    std::ostringstream out, words;
    int made = 0;
    bool lacking = false;
    scenarios::test::Faults faults;
    int status = -1;

    /// What a shell would give back, with the parser's own status where it refuses the line.
    int run(std::vector<std::string> arguments) {
        ScenarioTools tools;
        tools.folder = std::filesystem::path{BASALT_SOURCE_DIR} / "scenarios" / "files";
        tools.out = &out;
        tools.words = &words;
        tools.devices = [this]() -> Result<std::unique_ptr<scenarios::DeviceMaker>> {
            ++made;
            if (lacking) return fail(ErrorCode::missing, "There is no software TPM.", "Install swtpm.");
            return std::make_unique<scenarios::test::FakeMaker>(faults);
        };
        CLI::App app{"basalt"};
        add_scenario_commands(app, tools, status);
        std::ranges::reverse(arguments);
        try {
            app.parse(arguments);
        } catch (const CLI::ParseError& error) {
            return error.get_exit_code() == 0 ? 0 : 2;
        }
        return status;
    }
};

TEST(ScenarioCommands, ListShowsEachScenarioAndMakesNoDevice) {
    Cli cli;
    EXPECT_EQ(cli.run({"scenario", "list"}), 0);
    EXPECT_NE(cli.out.str().find("tampered-firmware"), std::string::npos);
    Cli json;
    EXPECT_EQ(json.run({"scenario", "list", "--json"}), 0);
    EXPECT_EQ(nlohmann::json::parse(json.out.str())["schema"], 1);
    EXPECT_EQ(cli.made + json.made, 0);
}

TEST(ScenarioCommands, ShowTellsTheStory) {
    Cli cli;
    EXPECT_EQ(cli.run({"scenario", "show", "tampered-firmware"}), 0);
    EXPECT_NE(cli.out.str().find("23:01  Somebody takes the battery out"), std::string::npos);
    Cli json;
    EXPECT_EQ(json.run({"scenario", "show", "tampered-firmware", "--json"}), 0);
    EXPECT_EQ(nlohmann::json::parse(json.out.str())["expectations"].size(), 5U);
}

TEST(ScenarioCommands, ATwinThatHarmsOnlyTheUnprotectedPatientIsStatusZero) {
    Cli cli;
    EXPECT_EQ(cli.run({"scenario", "run", "tampered-firmware", "--twin"}), 0);
    EXPECT_NE(cli.out.str().find("Not a medical device."), std::string::npos);
    EXPECT_NE(cli.words.str().find("23:03  Alarm, high priority:"), std::string::npos);
    Cli again;
    EXPECT_EQ(again.run({"scenario", "run", "tampered-firmware", "--twin"}), 0);
    EXPECT_EQ(again.out.str(), cli.out.str());
}

TEST(ScenarioCommands, WithJsonTheOutputIsOneObjectAndNothingElse) {
    Cli cli;
    EXPECT_EQ(cli.run({"scenario", "run", "tampered-firmware", "--json", "--seed", "9"}), 0);
    EXPECT_EQ(nlohmann::json::parse(cli.out.str())["runs"]["protected"]["seed"], 9);
}

TEST(ScenarioCommands, AScenarioThatFailsIsStatusOne) {
    Cli cli;
    cli.faults.attacker_is_tame = true;
    EXPECT_EQ(cli.run({"scenario", "run", "tampered-firmware", "--twin"}), 1);
}

TEST(ScenarioCommands, WhatIsWrongIsSaidInWordsWithItsStatusAndNoOutput) {
    Cli name;
    EXPECT_EQ(name.run({"scenario", "run", "tampered-firmwear"}), 2);
    EXPECT_NE(name.words.str().find("Did you mean \"tampered-firmware\"?"), std::string::npos);
    Cli machine;
    machine.lacking = true;
    EXPECT_EQ(machine.run({"scenario", "run", "tampered-firmware"}), 4);
    EXPECT_EQ(machine.words.str(), "There is no software TPM. Install swtpm.\n");
    Cli report;
    EXPECT_EQ(report.run({"scenario", "run", "tampered-firmware", "--report", "/no/such/folder/out.html"}), 4);
    EXPECT_EQ(report.made, 0);  // found out before anything was started
    for (auto* cli : {&name, &machine, &report}) EXPECT_TRUE(cli->out.str().empty());
    EXPECT_EQ(Cli{}.run({"scenario"}), 2);
    EXPECT_EQ(Cli{}.run({"scenario", "run"}), 2);
    EXPECT_EQ(Cli{}.run({"scenario", "run", "tampered-firmware", "--seed", "-1"}), 2);
    EXPECT_EQ(Cli{}.run({"scenario", "run", "tampered-firmware", "--speed"}), 2);
}

TEST(ScenarioCommands, TheReportIsWrittenWhereItWasAskedFor) {
    const auto file = std::filesystem::temp_directory_path() / ("basalt-cli-" + std::to_string(::getpid()) + ".html");
    Cli cli;
    EXPECT_EQ(cli.run({"scenario", "run", "tampered-firmware", "--report", file.string()}), 0);
    EXPECT_GT(std::filesystem::file_size(file), 10'000U);
    std::filesystem::remove(file);
}

}  // namespace
}  // namespace basalt::cli
