#include "ui/cli/evidence.h"

#include "ui/cli/evidence_commands.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <unistd.h>

namespace basalt::cli {
namespace {

/// 64 good rows. `change` may replace the row of a number; an empty answer leaves it out.
std::string rows(const std::function<std::string(int, std::string)>& change = [](int, std::string row) {
    return row;
}) {
    std::string toml;
    for (int n = 1; n <= recommendations; ++n)
        toml += change(n, fmt::format("[[requirement]]\nid = \"R{}\"\ntext = \"t\"\nkind = \"C\"\nshown_by = "
                                      "\"s\"\nmissing = \"m\"\ntests = []\n",
                                      n));
    return toml;
}

std::string replaced(std::string in, std::string_view what, std::string_view with) {
    return in.replace(in.find(what), what.size(), with);
}

Evidence weighed(const std::string& test, std::string_view junit, const std::set<std::string>& known = {}) {
    auto requirements = read_requirements(rows());
    auto results = read_results(junit);
    EXPECT_TRUE(requirements);
    EXPECT_TRUE(results);
    requirements->at(0).tests = {test};
    requirements->at(0).missing.clear();
    return weigh(*requirements, *results, known);
}

TEST(Evidence, ARowWithoutATestIsNotYetAndNoFailure) {
    const auto evidence = weigh(*read_requirements(rows()), {}, {});
    EXPECT_EQ(evidence.not_yet, recommendations);
    EXPECT_EQ(evidence.shown, 0);
    EXPECT_EQ(evidence.broken, 0);
}

TEST(Evidence, ARowIsShownOnlyByATestThatRanAndPassed) {
    const std::string_view passed = R"(<testsuite><testcase name="A.B" status="run"/></testsuite>)";
    EXPECT_EQ(weighed("A.B", passed).shown, 1);
    for (const std::string_view other : {
             R"(<testsuite><testcase name="A.B" status="fail"><failure/></testcase></testsuite>)",
             R"(<testsuite><testcase name="A.B" status="notrun"><skipped/></testcase></testsuite>)",
             R"(<testsuite><testcase name="A.B" status="disabled"/></testsuite>)",
             R"(<testsuite><testcase name="A.B" status="run"><skipped/></testcase></testsuite>)",
             R"(<testsuite><testcase name="A.B"/></testsuite>)",
             R"(<testsuite><testcase name="A.C" status="run"/></testsuite>)",
         }) {
        const auto evidence = weighed("A.B", other);
        EXPECT_EQ(evidence.broken, 1) << other;
        EXPECT_EQ(evidence.shown, 0) << other;
    }
}

TEST(Evidence, ATestThatDoesNotExistAndOneThatDidNotRunAreToldApart) {
    const std::string_view nothing = "<testsuite/>";
    EXPECT_EQ(weighed("A.B", nothing).rows[0].outcomes[0].outcome, Outcome::unknown);
    EXPECT_EQ(weighed("A.B", nothing, {"A.B"}).rows[0].outcomes[0].outcome, Outcome::not_run);
    EXPECT_NE(as_text(weighed("A.B", nothing)).find("no test has this name A.B"), std::string::npos);
}

TEST(Evidence, OfSeveralValuesOfATestTheWorstCounts) {
    const std::string_view mixed = R"(<testsuite><testcase name="All/A.B/0" status="run"/>
        <testcase name="All/A.B/1" status="fail"><failure/></testcase><testcase name="All/A.B/2" status="run"/></testsuite>)";
    EXPECT_EQ(weighed("A.B", mixed).rows[0].outcomes[0].outcome, Outcome::failed);
    EXPECT_EQ(weighed("All/A.B/0", mixed).rows[0].outcomes[0].outcome, Outcome::passed);
}

TEST(Evidence, OneBadTestAmongGoodOnesBreaksItsRow) {
    auto requirements = *read_requirements(rows());
    requirements[4].tests = {"A.Good", "A.Bad"};
    const auto evidence = weigh(requirements, {{"A.Good", Outcome::passed}, {"A.Bad", Outcome::not_run}}, {});
    EXPECT_EQ(evidence.broken, 1);
    EXPECT_EQ(evidence.not_yet, recommendations - 1);
}

TEST(Evidence, ARowThatMissesSomethingIsShownInPartAndNotCountedAsShown) {
    auto requirements = *read_requirements(rows());
    requirements[4].tests = {"A.Good"};
    const auto evidence = weigh(requirements, {{"A.Good", Outcome::passed}}, {});
    EXPECT_EQ(evidence.in_part, 1);
    EXPECT_EQ(evidence.shown, 0);
    EXPECT_NE(as_text(evidence).find("R5   in part  t\n              s\n              Not yet: m\n"), std::string::npos)
        << as_text(evidence);
}

TEST(Evidence, RequirementsThatAreNotExactlyTheSixtyFourAreRefusedWithTheirLine) {
    ASSERT_TRUE(read_requirements(rows()));
    const auto refused = [](int number, const std::function<std::string(std::string)>& change) {
        const auto read =
            read_requirements(rows([&](int n, const std::string& row) { return n == number ? change(row) : row; }));
        return !read && read.error().what.find("docs/requirements.toml, line ") == 0 && !read.error().next_step.empty();
    };
    EXPECT_TRUE(refused(64, [](auto) { return ""; }));
    EXPECT_TRUE(refused(7, [](auto) { return ""; }));
    EXPECT_TRUE(refused(7, [](auto row) { return row + row; }));
    EXPECT_TRUE(refused(7, [](auto row) { return replaced(row, "R7", "R65"); }));
    EXPECT_TRUE(refused(7, [](auto row) { return replaced(row, "R7", "R07"); }));
    EXPECT_TRUE(refused(7, [](auto row) { return replaced(row, "\"C\"", "\"X\""); }));
    EXPECT_TRUE(refused(7, [](auto row) { return replaced(row, "\"C\"", "\"\""); }));
    EXPECT_TRUE(refused(7, [](auto row) { return replaced(row, "\"m\"", "\"\""); })) << "neither test nor reason";
    EXPECT_TRUE(refused(7, [](auto row) { return replaced(replaced(row, "[]", "[\"A.B\"]"), "\"s\"", "\"\""); }));
    EXPECT_TRUE(refused(7, [](auto row) { return replaced(row, "[]", "\"A.B\""); }));
    EXPECT_TRUE(refused(7, [](auto row) { return replaced(row, "[]", "[1]"); }));
    EXPECT_TRUE(refused(7, [](auto row) { return replaced(row, "tests = []", ""); }));
    EXPECT_TRUE(refused(7, [](auto row) { return row + "extra = 1\n"; }));
    EXPECT_TRUE(refused(1, [](auto row) { return "other = 1\n" + row; }));
    EXPECT_TRUE(refused(7, [](auto row) { return row + "= =\n"; }));
    EXPECT_FALSE(read_requirements(""));
    EXPECT_FALSE(read_requirements("requirement = 3"));
    EXPECT_FALSE(read_requirements("requirement = [3]"));
}

TEST(Evidence, ResultsThatAreNoResultsAreRefused) {
    for (const std::string_view xml : {"", "<testsuite", "<other/>", "{}"}) {
        const auto read = read_results(xml);
        ASSERT_FALSE(read) << xml;
        EXPECT_EQ(read.error().code, ErrorCode::unreadable);
    }
}

TEST(Evidence, TheNamesOfTestsAreReadFromTheirSource) {
    const std::string source =
        "TEST(A, B) {}\nTEST_F(C, D) {}\n TEST_P(E, F) {}\nTYPED_TEST(G, H) {}\nTEST(\n    I,\n    J) {}\nCONTEST(K, "
        "L)";
    EXPECT_EQ(test_names(source), (std::set<std::string>{"A.B", "C.D", "E.F", "G.H", "I.J"}));
}

TEST(Evidence, BeforeTheTestsWereRunEveryRowIsListedAndNoneIsShown) {
    const auto gathered = gather_evidence(BASALT_SOURCE_DIR, "/nowhere");
    ASSERT_TRUE(gathered) << gathered.error().what;
    EXPECT_TRUE(gathered->never_run);
    EXPECT_EQ(gathered->rows.size(), 64U);
    EXPECT_EQ(gathered->shown, 0);
    EXPECT_EQ(gathered->broken, 0);
    const std::string text = as_text(*gathered);
    EXPECT_EQ(text.find("shown  "), std::string::npos) << "no row claims what no run has shown";
    EXPECT_NE(text.find("not run"), std::string::npos);
}

TEST(Evidence, ResultsThatAreOlderThanAProgramAreCalledSo) {
    namespace fs = std::filesystem;
    const fs::path build = fs::path{testing::TempDir()} / ("basalt-evidence-age-" + std::to_string(::getpid()));
    fs::create_directories(build / "bin");
    std::ofstream{build / "test-results.xml"} << R"(<testsuite timestamp="2026-01-02T03:04:05"/>)";
    std::ofstream{build / "bin" / "program"} << "x";
    const auto now = fs::file_time_type::clock::now();
    const auto gathered = [&](auto program, auto results) {
        fs::last_write_time(build / "bin" / "program", program);
        fs::last_write_time(build / "test-results.xml", results);
        const auto evidence = gather_evidence(BASALT_SOURCE_DIR, build.string());
        EXPECT_TRUE(evidence);
        EXPECT_EQ(evidence->run_at, "2026-01-02T03:04:05");
        return *evidence;
    };
    const std::chrono::seconds later{5};
    EXPECT_TRUE(gathered(now + later, now).stale);
    EXPECT_FALSE(gathered(now, now + later).stale);
    EXPECT_NE(as_text(gathered(now + later, now)).find("built after that"), std::string::npos);
    fs::remove_all(build);
}

/// Only for the eyes of the machine: what the command would print is not looked at here.
int status_of_check(const std::string& build) {
    CLI::App app{"", "basalt"};
    int status = -1;
    add_evidence_commands(app, BASALT_SOURCE_DIR, build, status);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    app.parse("evidence check", false);
    testing::internal::GetCapturedStdout();
    testing::internal::GetCapturedStderr();
    return status;
}

TEST(Evidence, ItEndsWithZeroOnlyWhenEveryNamedTestPassedInThisBuild) {
    namespace fs = std::filesystem;
    const fs::path build = fs::path{testing::TempDir()} / ("basalt-evidence-status-" + std::to_string(::getpid()));
    fs::create_directories(build / "bin");
    EXPECT_EQ(status_of_check(build.string()), 4) << "no results yet";
    const auto requirements = read_requirements([] {
        std::ifstream in{BASALT_SOURCE_DIR "/docs/requirements.toml"};
        return std::string{std::istreambuf_iterator<char>{in}, {}};
    }());
    ASSERT_TRUE(requirements);
    std::vector<std::string> names;
    for (const Requirement& row : *requirements) names.insert(names.end(), row.tests.begin(), row.tests.end());
    const auto write = [&](const std::string& left_out, const std::string& failed) {
        std::ofstream out{build / "test-results.xml"};
        out << "<testsuite>";
        for (const std::string& name : names) {
            if (name == left_out) continue;
            out << "<testcase name=\"" << name << "\" status=\"" << (name == failed ? "fail" : "run") << "\"/>";
        }
        out << "</testsuite>";
    };
    write("", "");
    EXPECT_EQ(status_of_check(build.string()), 0) << "rows that are not yet shown are no failure";
    write(names.front(), "");
    EXPECT_EQ(status_of_check(build.string()), 1) << "one did not run";
    write("", names.back());
    EXPECT_EQ(status_of_check(build.string()), 1) << "one failed";
    write("", "");
    std::ofstream{build / "bin" / "program"} << "x";
    fs::last_write_time(build / "bin" / "program", fs::file_time_type::clock::now() + std::chrono::hours{1});
    EXPECT_EQ(status_of_check(build.string()), 1) << "the results are of another build";
    fs::remove_all(build);
}

TEST(Evidence, TheJsonSaysTheSameAsTheLines) {
    const auto evidence = weighed("A.B", R"(<testsuite><testcase name="A.B" status="run"/></testsuite>)");
    const std::string json = as_json(evidence);
    EXPECT_NE(json.find(R"("shown": 1)"), std::string::npos);
    EXPECT_NE(json.find(R"("not_yet": 63)"), std::string::npos);
    EXPECT_NE(json.find(R"("outcome": "passed")"), std::string::npos);
    EXPECT_NE(as_text(evidence).find("1 shown, 0 in part, 63 not yet, 0 broken, of 64."), std::string::npos);
}

}  // namespace
}  // namespace basalt::cli
