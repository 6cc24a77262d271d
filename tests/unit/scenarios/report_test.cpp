#include "scenarios/report/html.h"
#include "scenarios/report/narrator.h"
#include "scenarios/report/screen.h"
#include "scenarios/report/terminal_text.h"
#include "tests/unit/scenarios/fake_device.h"
#include "tests/unit/scenarios/shipped.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace basalt::scenarios {
namespace {

const Scenario& tampered() {
    static const Scenario scenario = test::shipped("tampered-firmware");
    return scenario;
}
Outcome played(test::Faults faults = {}, bool twin = true) {
    test::FakeMaker maker{faults};
    auto outcome = run_scenario(tampered(), {.twin = twin}, maker, nullptr);
    EXPECT_TRUE(outcome);
    return std::move(*outcome);
}
std::vector<std::string> lines(const std::string& text) {
    std::istringstream in{text};
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);) out.push_back(line);
    return out;
}
std::size_t place(const std::string& text, std::string_view part) {
    const auto at = text.find(part);
    EXPECT_NE(at, std::string::npos) << part;
    return at;
}

TEST(Screen, TellsThePatientFirstThenThePumpsThenWhy) {
    const auto text = screen(tampered(), played(), Language::english, {});
    const auto curves = place(text, "Glucose in the body, mg/dL");
    const auto patient = place(text, "\nThe patient\n");
    const auto bare = place(text, "\nThe unprotected pump\n");
    const auto shielded = place(text, "\nThe protected pump\n");
    const auto why = place(text, "\nWhy\n");
    const auto limits = place(text, "\nWhat limits cannot prevent\n");
    const auto verdict = place(text, "\nResult: the protected pump did what it must.\n");
    const auto notice = place(text, "\nNot a medical device.");
    const std::vector order{curves, patient, bare, shielded, why, limits, verdict, notice};
    EXPECT_TRUE(std::ranges::is_sorted(order));
    place(text, "The program in slot A was refused before it ran: it was changed");
    place(text, "23:01 attack");
}

TEST(Screen, FitsItsWidthInEveryLanguageAndIsPlainWhereTheTerminalIs) {
    const auto outcome = played();
    for (const auto language : {Language::english, Language::french})
        for (const int width : {60, 80, 100})
            for (const bool unicode : {true, false}) {
                const auto text = screen(tampered(), outcome, language, {.width = width, .unicode = unicode});
                for (const auto& line : lines(text)) EXPECT_LE(columns(line), static_cast<std::size_t>(width)) << line;
                const bool plain =
                    std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
                EXPECT_EQ(plain, !unicode);
                EXPECT_EQ(text.find('\033'), std::string::npos);
                EXPECT_EQ(text.find("{}"), std::string::npos);
            }
}

TEST(Screen, ColourIsOnlyAnAddition) {
    const auto outcome = played();
    auto coloured = screen(tampered(), outcome, Language::english, {.colour = true});
    EXPECT_NE(coloured.find("\033["), std::string::npos);
    for (auto at = coloured.find('\033'); at != std::string::npos; at = coloured.find('\033'))
        coloured.erase(at, coloured.find('m', at) + 1 - at);
    EXPECT_EQ(coloured, screen(tampered(), outcome, Language::english, {}));
}

TEST(Screen, NeverShowsANumberWhereTheModelIsOutsideItsValidity) {
    const auto text = screen(tampered(), played(), Language::english, {});
    place(text, "between LOW and 147 mg/dL");
    place(text, "LOW and HIGH: below 40 and above 600");
    const auto single = screen(tampered(), played({}, false), Language::english, {});
    EXPECT_EQ(single.find("LOW"), std::string::npos);
}

TEST(Screen, DoesNotExplainWhatDidNotHappen) {
    const auto tame = screen(tampered(), played({.attacker_is_tame = true}), Language::english, {});
    place(tame, "Result: FAILED.");
    place(tame, "so this attack proves nothing.");
    EXPECT_EQ(tame.find("Nobody asked whose program it was."), std::string::npos);
    EXPECT_EQ(tame.find("What limits cannot prevent"), std::string::npos);
    EXPECT_EQ(tame.find("to the last bit"), std::string::npos);
    const auto open = screen(tampered(), played({.production_runs_all = true}), Language::english, {});
    place(open, "NOT SHOWN");
    EXPECT_EQ(open.find("Before a byte of it ran"), std::string::npos);
}

TEST(Plot, DrawsEachCurveWhereItsValuesAre) {
    Plot plot;
    plot.title = "t";
    plot.curves = {{std::vector<double>(100, 180.0), "high", '*', 34},
                   {std::vector<double>(100, 40.0), "low", 'x', 31}};
    plot.lines = {{180, "target"}};
    const auto drawn = lines(draw(plot, {.width = 80, .unicode = false}));
    int stars = -1;
    int crosses = -1;
    for (int i = 0; i < static_cast<int>(drawn.size()); ++i) {
        const auto& line = drawn[static_cast<std::size_t>(i)];
        if (line.find("****") != std::string::npos) stars = i;
        if (line.find("xxxx") != std::string::npos) crosses = i;
    }
    ASSERT_GE(stars, 1);
    EXPECT_NE(drawn[static_cast<std::size_t>(stars)].find("180 |"), std::string::npos);
    EXPECT_NE(drawn[static_cast<std::size_t>(stars)].find("* high"), std::string::npos);
    EXPECT_EQ(crosses, 13);  // the last row above the axis: a title and 13 rows
    // Where both are, it is said; a steep curve does not fall apart.
    plot.curves[1].values.assign(100, 180.0);
    EXPECT_NE(draw(plot, {.unicode = false}).find("####"), std::string::npos);
    plot.curves = {{{40, 40, 40, 220, 220, 220}, "step", '*', 34}};
    const auto step = lines(draw(plot, {.unicode = false}));
    for (std::size_t row = 1; row <= 13; ++row) EXPECT_NE(step[row].find('*'), std::string::npos) << row;
}

TEST(Html, IsOneFileThatNeedsNothingAndRunsNothing) {
    const auto page = html(tampered(), played(), Language::english);
    EXPECT_EQ(page.find("<!DOCTYPE html>"), 0U);
    place(page, "default-src 'none'");
    for (const auto* bad : {"<script", "http://", "https://", "src=", "url(", "@import", "javascript:", "nan", "{}"})
        EXPECT_EQ(page.find(bad), std::string::npos) << bad;
    const auto count = [&page](std::string_view part) {
        int n = 0;
        for (auto at = page.find(part); at != std::string::npos; at = page.find(part, at + 1)) ++n;
        return n;
    };
    EXPECT_EQ(count("<svg "), 2);
    EXPECT_EQ(count("<polyline"), 2);
    EXPECT_EQ(count("class=\"target\""), 1);
    EXPECT_EQ(count("class=\"bar bare\""), 48);
    EXPECT_EQ(count("class=\"bar shield\""), 48);
    EXPECT_EQ(count("<table"), count("</table>"));
    EXPECT_EQ(count("<p"), count("</p>") + count("<polyline"));
    place(page, "Not a medical device.");
    place(html(tampered(), played(), Language::french), "<html lang=\"fr\">");
}

TEST(Html, EscapesWhateverAScenarioOrADeviceSays) {
    auto scenario = tampered();
    const std::string evil = "<script>alert(\"1\")</script>&'";
    scenario.title = scenario.story = scenario.why_protected = scenario.debrief = {evil, evil};
    scenario.timeline[0].words = scenario.expectations[0].text = {evil, evil};
    scenario.questions = {{{evil, evil}, {evil, evil}}};
    test::FakeMaker maker;
    auto outcome = run_scenario(scenario, {.twin = true}, maker, nullptr);
    ASSERT_TRUE(outcome);
    outcome->runs[0].seen.events.push_back({scenario.end(), evil, evil});
    outcome->runs[1].seen.alarms.push_back({scenario.end(), evil, hal::Priority::high, true});
    const auto page = html(scenario, *outcome, Language::english);
    EXPECT_EQ(page.find("<script"), std::string::npos);
    EXPECT_EQ(page.find("alert(\""), std::string::npos);
    place(page, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;");
}

TEST(Html, AReportIsWholeOrNotThere) {
    const auto folder = std::filesystem::temp_directory_path() / ("basalt-report-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    ASSERT_TRUE(write_report(folder / "out.html", "one"));
    ASSERT_TRUE(write_report(folder / "out.html", "two"));
    std::ifstream in{folder / "out.html"};
    std::string text;
    in >> text;
    EXPECT_EQ(text, "two");
    const auto nowhere = write_report(folder / "missing" / "out.html", "x");
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, ErrorCode::io);
    std::filesystem::create_directory(folder / "taken");
    EXPECT_FALSE(write_report(folder / "taken", "x"));
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) files += entry.is_regular_file() ? 1 : 0;
    EXPECT_EQ(files, 1U);  // nothing half-written stays
    std::filesystem::remove_all(folder);
}

TEST(Narrator, SaysEventsModesAlarmsAndEachHourInOrder) {
    std::vector<std::string> said;
    Narrator narrator{tampered().setting, Language::english,
                      [&said](std::string_view line) { said.emplace_back(line); }};
    test::FakeMaker maker;
    ASSERT_TRUE(run_scenario(tampered(), {}, maker, &narrator));
    EXPECT_EQ(std::ranges::count_if(said, [](const auto& l) { return l.find("U given in the last hour") != l.npos; }),
              24);
    const auto at = [&said](std::string_view part) {
        return std::ranges::find_if(said, [part](const auto& l) { return l.find(part) != l.npos; }) - said.begin();
    };
    EXPECT_LT(at("22:00  The battery is in"), at("23:01  The battery is out"));
    EXPECT_LT(at("23:01  The battery is out"), at("23:03  Failsafe"));
    EXPECT_LT(at("23:03  Alarm, high priority: The pump's firmware was refused"), at("00:00  glucose"));
    EXPECT_LT(at("00:00  glucose"), static_cast<std::ptrdiff_t>(said.size()));
}

TEST(Text, IsBrokenBetweenWordsAndCountedInColumns) {
    EXPECT_EQ(wrapped("one two three", 7), "one two\nthree\n");
    EXPECT_EQ(wrapped("one two", 5, "- "), "- one\n  two\n");
    EXPECT_EQ(wrapped("  a \n b  ", 80), "a b\n");
    EXPECT_EQ(wrapped("un deux ; trois", 8), "un\ndeux ;\ntrois\n");  // not "un deux" and a lost semicolon
    EXPECT_EQ(wrapped("unbreakable", 3), "unbreakable\n");
    EXPECT_EQ(columns("é┄a"), 3U);
    EXPECT_EQ(ascii("Débit à 5 µ, où ?"), "Debit a 5 ?, ou ?");
}

}  // namespace
}  // namespace basalt::scenarios
