// ui/cli/evidence.h: where each of the 64 recommendations is shown. docs/requirements.toml names the tests, the last
// whole run of `./basalt test` says how they ended, and this joins the two. It claims nothing that a test did not show.
// Source: R1 to R64.
#pragma once
#include "device/common/result.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace basalt::cli {

/// How many recommendations the guideline has.
inline constexpr int recommendations = 64;

/// One row of docs/requirements.toml.
struct Requirement {
    int number = 0;                  ///< 1 to 64: R1 to R64
    std::string text;                ///< what is asked for, in our own words
    std::string kind;                ///< letters of "CTSD": code, tool, scenario, document
    std::string shown_by;            ///< how Basalt shows it; empty only where no test is named
    std::string missing;             ///< what is not shown yet; empty: nothing. Never empty where no test is named
    std::vector<std::string> tests;  ///< ctest's names ("Suite.Test"); none: not yet
    bool operator==(const Requirement&) const = default;
};

/// Reads the file's text.
/// Returns:  64 rows, R1 first, or why not, with the line. Refuses a missing, repeated or unknown row or key.
Result<std::vector<Requirement>> read_requirements(std::string_view toml);

/// The names of all tests of the tree at `source`: its GoogleTests, and "Fuzz.<target>" for each
/// tests/fuzz/targets/*.cpp.
std::set<std::string> known_tests(const std::string& source);

enum class Outcome : std::uint8_t {
    passed,   // from good to bad: of several values of one test the worst counts
    not_run,  ///< no result, or skipped, while a test of this name exists
    failed,
    unknown,  ///< no test has this name
};
std::string_view in_words(Outcome outcome) noexcept;

/// How the tests of one run ended, by name. A test with several values ("All/Suite.Test/3") counts under "Suite.Test"
/// too, and there its worst value counts.
using Results = std::map<std::string, Outcome, std::less<>>;

/// "All/Suite.Test/3" is one value of "Suite.Test"; every other name is its own.
std::string without_values(std::string_view name);

/// Reads what ctest writes with --output-junit.
Result<Results> read_results(std::string_view junit_xml);
/// When that run was, as it says itself; empty when it does not.
std::string time_of_run(std::string_view junit_xml);

/// The names of all GoogleTests in `source`, a C++ file: "Suite.Test" for each TEST, TEST_F, TEST_P and TYPED_TEST.
std::set<std::string> test_names(std::string_view source);

struct NamedOutcome {
    std::string test;
    Outcome outcome = Outcome::unknown;
};
struct EvidenceRow {
    Requirement requirement;
    std::vector<NamedOutcome> outcomes;
    bool not_yet() const noexcept { return outcomes.empty(); }
    /// What its tests show is not all that is asked for.
    bool in_part() const noexcept { return !requirement.missing.empty(); }
    bool holds() const noexcept;  ///< every named test ran and passed; true for "not yet" as well
};
struct Evidence {
    std::vector<EvidenceRow> rows;
    std::string run_at;      ///< when the results were written, as ctest says it; empty: unknown
    bool never_run = false;  ///< there are no results here yet: `shown`, `in_part` and `broken` are 0
    bool stale = false;      ///< a program was built after that: the results are of another build
    int shown = 0;           ///< rows whose tests all ran and passed, and that miss nothing
    int in_part = 0;         ///< rows whose tests all ran and passed, and that miss something
    int not_yet = 0;         ///< rows that name no test
    int broken = 0;          ///< rows that name a test which failed, did not run or does not exist
};
Evidence weigh(std::vector<Requirement> requirements, const Results& results, const std::set<std::string>& known);

/// One line for each row and test, then the counts.
std::string as_text(const Evidence& evidence);
/// One JSON object: schema, never_run, shown, in_part, not_yet, broken, requirements [{id, text, kind, shown_by,
/// missing, state, tests
/// [{name, outcome}]}].
std::string as_json(const Evidence& evidence);

/// Everything together, from files. `source`: the tree; `build`: where ctest left test-results.xml.
Result<Evidence> gather_evidence(const std::string& source, const std::string& build);

}  // namespace basalt::cli
