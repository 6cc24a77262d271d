#include "scenarios/engine/scenario.h"

#include "tests/unit/scenarios/shipped.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace basalt::scenarios {
namespace {

constexpr std::string_view file = "scenarios/files/short.toml";
/// The worked example of docs/formats/scenario.md.
std::string example() {
    std::ifstream page{BASALT_SOURCE_DIR "/docs/formats/scenario.md"};
    std::ostringstream text;
    text << page.rdbuf();
    const auto begin = text.str().find("```toml\n");
    const auto end = text.str().find("```\n", begin + 8);
    EXPECT_NE(end, std::string::npos);
    return text.str().substr(begin + 8, end - begin - 8);
}
/// The example with `from` replaced once.
std::string with(std::string_view from, std::string_view to) {
    auto text = example();
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}
int line_of(std::string_view part) {
    const auto text = example();
    return 1 + static_cast<int>(std::ranges::count(text.substr(0, text.find(part)), '\n'));
}

TEST(Scenario, TheExampleOfThePageIsReadWhole) {
    const auto s = read_scenario(example(), file);
    ASSERT_TRUE(s) << s.error().what;
    EXPECT_EQ(s->id, "short");
    EXPECT_EQ(s->title.french, "Le voleur de pile");
    EXPECT_EQ(s->requirements, (std::vector{33, 58}));
    EXPECT_EQ(s->setting.patient, "adult#003");
    EXPECT_EQ(s->setting.start, SecondOfDay{22 * 3600});
    EXPECT_EQ(s->setting.basal, 1450_mU_per_h);
    EXPECT_EQ(s->setting.limits.per_hour, 12_U);
    EXPECT_EQ(s->setting.limits.per_dose, 10_U);  // not said in the file
    ASSERT_EQ(s->timeline.size(), 3U);
    EXPECT_EQ(std::get<Meal>(s->timeline[0].deed).carbs_g, 40);
    EXPECT_EQ(s->timeline[1].at, Moment{3660});
    EXPECT_EQ(std::get<ReplaceImage>(s->timeline[1].deed).slots, (std::vector{hal::Slot::a, hal::Slot::b}));
    EXPECT_EQ(std::get<ReplaceImage>(s->timeline[1].deed).off_s, 120);
    EXPECT_EQ(std::get<PowerCycle>(s->timeline[2].deed).off_s, 60);
    ASSERT_EQ(s->expectations.size(), 5U);
    EXPECT_EQ(std::get<ShowsMode>(s->expectations[1].sight).mode, hal::Mode::failsafe);
    EXPECT_EQ(s->switched_off, std::to_underlying(Defence::image_check) | std::to_underlying(Defence::sealing));
    EXPECT_EQ(s->questions.size(), 1U);
    EXPECT_EQ(s->end(), Moment{12 * 3600});
}

TEST(Scenario, EveryShippedFileIsRead) {
    const auto names = scenario_names(test::shipped_folder());
    ASSERT_TRUE(names);
    EXPECT_FALSE(names->empty());
    for (const auto& name : *names) EXPECT_EQ(test::shipped(name).id, name);
}

struct Wrong {
    std::string_view from, to, at, says;
};
TEST(Scenario, AWrongValueIsRefusedWithFileLineAndWhatWasExpected) {
    for (const auto& [from, to, at, says] : std::initializer_list<Wrong>{
             {"format = 1", "format = 2", "format", "\"format\" is 2. Expected a whole number from 1 to 1."},
             {"format = 1\n", "", "", "\"format\" is missing."},
             {"id = \"short\"", "id = \"long\"", "id =", "Expected the file's own name, \"short\"."},
             {"id = \"short\"", "id = \"../short\"", "id =", "\"id\" is no name."},
             {"\"R58\"", "\"R65\"", "requirements", "an entry of \"requirements\" is unknown"},
             {"adult#003", "adlut#003", "patient", "Nearest: \"adult#003\"."},
             {"patient = \"adult#003\"", "patient = 3", "patient", "\"setting.patient\" has the wrong type."},
             {"hours = 12", "hours = 99", "hours", "\"setting.hours\" is 99. Expected a whole number from 1 to 72."},
             {"hours = 12", "hours = 12.5", "hours", "\"setting.hours\" has the wrong type."},
             {"hours = 12", "hours = -9223372036854775808", "hours", "Expected a whole number from 1 to 72."},
             {"hours = 12", "huors = 12", "huors", "\"setting.hours\" is missing."},
             {"basal_mu_per_h = 1450", "basal_mu_per_h = 1451", "basal", "Expected steps of 50 mU/h"},
             {"start = \"22:00\"", "start = \"24:00\"", "start", "\"setting.start\" is no such time."},
             {"start = \"22:00\"", "start = \"7:5\"", "start", "\"setting.start\" is no such time."},
             {"per_hour_mu = 12000", "per_hour_mu = -1", "per_hour", "Expected a whole number from 0 to 50000."},
             {"per_hour_mu = 12000", "per_huor_mu = 12000", "per_hour",
              "\"setting.limits.per_huor_mu\" is no setting."},
             {"at = \"01:01\"", "at = \"00:10\"", "at = \"01:01\"", "Expected steps in the order of time."},
             {"at = \"01:05\"", "at = \"01:02\"", "at = \"01:05\"", "before the step above it is over"},
             {"at = \"01:01\"", "at = \"12:00\"", "at = \"01:01\"", "not before the end"},
             {"at = \"01:01\"", "at = \"-1:01\"", "at = \"01:01\"", "is no such time"},
             {"at = \"01:01\"", "at = \"12:01\"", "at = \"01:01\"", "up to \"12:00\""},
             {"fs.replace_image", "fs.replace_imgae", "do = \"fs", "Nearest: \"fs.replace_image\"."},
             {"attacker = \"tenfold\"", "attacker = \"../x\"", "attacker", "is no name"},
             {"slots = [\"a\", \"b\"]", "slots = [\"a\", \"a\"]", "slots", "unknown or there twice"},
             {"slots = [\"a\", \"b\"]", "slots = []", "slots", "has 0 entries"},
             {"carbs_g = 40", "carbs_g = nan", "carbs_g", "Expected a number from 0.1 to 500."},
             {"carbs_g = 40", "carbs_g = inf", "carbs_g", "Expected a number from 0.1 to 500."},
             {"mode = \"failsafe\"", "mode = \"failsave\"", "mode =", "Nearest: \"failsafe\"."},
             {"alarm = \"both_slots_refused\"", "alarm = \"both_slots_refuse\"",
              "alarm =", "Nearest: \"both_slots_refused\"."},
             {"percent = 100", "percent = 101", "percent", "Expected a number from 0 to 100."},
             {"id = \"alarm\"", "id = \"failsafe\"", "id = \"alarm\"", "stands twice"},
             {"switched_off = [\"image_check\", \"sealing\"]", "switched_off = [\"limits\"]", "switched_off",
              "unknown"},
             {"harm = \"hypo\"", "harm = \"none\"", "harm", "\"twin.harm\" is \"none\""},
             {"fr = \"Le voleur de pile\"", "", "[title]", "\"title.fr\" is missing."},
             {"fr = \"Le voleur de pile\"", "fr = \"\"", "fr = \"Le voleur", "\"title.fr\" is empty"},
             {"fr = \"Le voleur de pile\"", "fr = \"\\u001b[31m\"", "fr = \"Le voleur", "not printable"},
             {"[debrief]", "[debreif]", "[debrief]", "\"debrief\" is missing."},
             {"[setting.limits]", "[setting.limits", "[setting.limits]", "this is no TOML"},
         }) {
        SCOPED_TRACE(std::string{to});
        const auto s = read_scenario(with(from, to), file);
        ASSERT_FALSE(s);
        EXPECT_EQ(s.error().code, ErrorCode::unreadable);
        EXPECT_NE(s.error().what.find(says), std::string::npos) << s.error().what;
        EXPECT_EQ(s.error().what.find("scenarios/files/short.toml, line "), 0U) << s.error().what;
        EXPECT_FALSE(s.error().next_step.empty());
        if (!at.empty() && says.find("missing") == says.npos) {
            EXPECT_NE(s.error().what.find("line " + std::to_string(line_of(at)) + ":"), std::string::npos)
                << s.error().what << " expected line " << line_of(at);
        }
    }
}

TEST(Scenario, WhateverIsCutFlippedOrHugeIsAnErrorOrAScenarioNeverACrash) {
    const auto good = example();
    EXPECT_FALSE(read_scenario("", file));
    EXPECT_FALSE(read_scenario(std::string(max_scenario_size + 1, '#'), file));
    EXPECT_FALSE(read_scenario(std::string(max_scenario_size, '['), file));
    for (std::size_t size = 0; size < good.size(); size += 7) {
        const auto s = read_scenario(std::string_view{good}.substr(0, size), file);
        EXPECT_TRUE(s || !s.error().what.empty());
    }
    for (std::size_t at = 0; at < good.size(); at += 3) {
        auto bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 0x11);
        const auto s = read_scenario(bad, file);
        EXPECT_TRUE(s || !s.error().next_step.empty());
    }
}

TEST(Catalogue, AnUnknownNameSuggestsTheNearestAndAPathIsNoName) {
    const auto unknown = load_scenario(test::shipped_folder(), "tampered-firmwear");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, ErrorCode::usage);
    EXPECT_NE(unknown.error().next_step.find("tampered-firmware"), std::string::npos);
    EXPECT_FALSE(load_scenario(test::shipped_folder(), "../files/tampered-firmware"));
    EXPECT_FALSE(load_scenario(test::shipped_folder(), ""));
    EXPECT_EQ(load_scenario(test::shipped_folder() / "nowhere", "x").error().code, ErrorCode::io);
}

}  // namespace
}  // namespace basalt::scenarios
