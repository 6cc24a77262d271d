#include "ui/cli/evidence.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <pugixml.hpp>
#include <regex>
#include <utility>

namespace basalt::cli {
namespace {
constexpr std::string_view requirements_file = "docs/requirements.toml";
constexpr std::array<std::string_view, 6> keys{"id", "text", "kind", "shown_by", "missing", "tests"};
constexpr std::string_view results_file = "test-results.xml";

std::unexpected<Error> wrong(std::uint32_t line, std::string_view why) {
    return fail(ErrorCode::unreadable, fmt::format("{}, line {}: {}", requirements_file, line, why),
                "Correct the file, then ask again.");
}

Result<std::string> read_text(const std::filesystem::path& path, std::string next_step) {
    std::ifstream file{path, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!file) return fail(ErrorCode::missing, fmt::format("{} cannot be read.", path.string()), std::move(next_step));
    return text;
}

Result<Requirement> read_row(const toml::table& row) {
    const std::uint32_t line = row.source().begin.line;
    for (const auto& [key, value] : row)
        if (std::ranges::find(keys, key.str()) == keys.end())
            return wrong(key.source().begin.line, fmt::format("\"{}\" is no key of a row.", key.str()));
    const auto text = [&](const char* key) { return row[key].value<std::string>().value_or(""); };
    Requirement requirement{.number = 0,
                            .text = text("text"),
                            .kind = text("kind"),
                            .shown_by = text("shown_by"),
                            .missing = text("missing"),
                            .tests = {}};
    const std::string id = text("id");
    for (int n = 1; n <= recommendations; ++n)
        if (id == fmt::format("R{}", n)) requirement.number = n;
    if (requirement.number == 0) return wrong(line, "\"id\" is none of R1 to R64.");
    if (requirement.text.empty()) return wrong(line, fmt::format("{} needs \"text\".", id));
    if (requirement.kind.empty() || requirement.kind.find_first_not_of("CTSD") != std::string::npos)
        return wrong(line, fmt::format("\"kind\" of {} is made of the letters C, T, S and D.", id));
    const toml::array* tests = row["tests"].as_array();
    if (tests == nullptr) return wrong(line, fmt::format("{} needs \"tests\", a list, which may be empty.", id));
    for (const toml::node& test : *tests) {
        const auto name = test.value<std::string>();
        if (!name || name->empty()) return wrong(line, fmt::format("A test of {} has no name.", id));
        requirement.tests.push_back(*name);
    }
    if (requirement.shown_by.empty() && !requirement.tests.empty())
        return wrong(line, fmt::format("{} names tests and needs \"shown_by\".", id));
    if (requirement.missing.empty() && requirement.tests.empty())
        return wrong(line, fmt::format("{} names no test and needs \"missing\".", id));
    return requirement;
}

/// Words in lines of at most 118 letters, each after as many blanks as the rows' own columns take.
std::string folded(std::string_view words) {
    constexpr std::size_t indent = 14, longest = 104;
    std::string out;
    while (!words.empty()) {
        std::size_t end = words.size() <= longest ? words.size() : words.rfind(' ', longest);
        if (end == std::string_view::npos) end = words.size();  // one word: a test's name
        out += std::string(indent, ' ') + std::string{words.substr(0, end)} + "\n";
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return out;
}

std::string_view state_of(const Evidence& evidence, const EvidenceRow& row) {
    if (row.not_yet()) return "not yet";
    if (evidence.never_run) return "not run";
    if (!row.holds()) return "broken";
    return row.in_part() ? "in part" : "shown";
}
}  // namespace

std::string without_values(std::string_view name) {
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos) return std::string{name};
    const std::size_t suite = name.rfind('/', dot);
    std::string_view rest = suite == std::string_view::npos ? name : name.substr(suite + 1);
    const std::size_t value = rest.find('/', rest.find('.'));
    return std::string{rest.substr(0, value)};
}

std::string_view in_words(Outcome outcome) noexcept {
    switch (outcome) {
        case Outcome::passed:
            return "passed";
        case Outcome::not_run:
            return "did not run";
        case Outcome::failed:
            return "failed";
        case Outcome::unknown:
            break;
    }
    return "no test has this name";
}

Result<std::vector<Requirement>> read_requirements(std::string_view toml) {
    toml::table file;
    try {
        file = toml::parse(toml);
    } catch (const toml::parse_error& error) {
        return wrong(error.source().begin.line, error.description());
    }
    for (const auto& [key, value] : file)
        if (key.str() != "requirement")
            return wrong(key.source().begin.line, fmt::format("\"{}\" is no table here.", key.str()));
    const toml::array* rows = file["requirement"].as_array();
    if (rows == nullptr) return wrong(1, "Expected [[requirement]] tables.");
    std::vector<Requirement> requirements;
    for (const toml::node& node : *rows) {
        if (!node.is_table()) return wrong(node.source().begin.line, "Expected a [[requirement]] table.");
        auto row = read_row(*node.as_table());
        if (!row) return std::unexpected{row.error()};
        if (row->number != static_cast<int>(requirements.size()) + 1)
            return wrong(node.source().begin.line, fmt::format("Expected R{} here.", requirements.size() + 1));
        requirements.push_back(std::move(*row));
    }
    if (requirements.size() != recommendations)
        return wrong(1, fmt::format("It has {} rows. Expected {}.", requirements.size(), recommendations));
    return requirements;
}

Result<Results> read_results(std::string_view junit_xml) {
    constexpr const char* next_step = "Run ./basalt test, which writes it anew.";
    pugi::xml_document document;
    if (const auto read = document.load_buffer(junit_xml.data(), junit_xml.size()); !read)
        return fail(ErrorCode::unreadable, fmt::format("{}: {}.", results_file, read.description()), next_step);
    const pugi::xml_node suite = document.child("testsuite");
    if (!suite) return fail(ErrorCode::unreadable, fmt::format("{} holds no test suite.", results_file), next_step);
    Results results;
    for (const pugi::xml_node& test : suite.children("testcase")) {
        const std::string name = test.attribute("name").value();
        const std::string_view status = test.attribute("status").value();
        Outcome outcome = Outcome::not_run;  // "notrun", "disabled", and words that we do not know
        if (status == "run" && !test.child("failure") && !test.child("skipped")) outcome = Outcome::passed;
        if (status == "fail" || test.child("failure")) outcome = Outcome::failed;
        for (const std::string& each : {name, without_values(name)}) {
            const auto at = results.try_emplace(each, outcome).first;
            at->second = std::max(at->second, outcome);
        }
    }
    return results;
}

std::string time_of_run(std::string_view junit_xml) {
    pugi::xml_document document;
    document.load_buffer(junit_xml.data(), junit_xml.size());
    return document.child("testsuite").attribute("timestamp").value();
}

std::set<std::string> test_names(std::string_view source) {
    static const std::regex macro{R"(\b(?:TYPED_)?TEST(?:_F|_P)?\(\s*(\w+)\s*,\s*(\w+)\s*\))"};
    std::set<std::string> names;
    for (std::cregex_iterator at{source.data(), source.data() + source.size(), macro}, end; at != end; ++at)
        names.insert(at->str(1) + "." + at->str(2));
    return names;
}

std::set<std::string> known_tests(const std::string& source) {
    namespace fs = std::filesystem;
    std::set<std::string> known;
    std::error_code error;
    for (fs::recursive_directory_iterator at{fs::path{source} / "tests", error}, end; at != end; at.increment(error)) {
        const fs::path& path = at->path();
        if (path.extension() != ".cpp") continue;
        if (path.parent_path().filename() == "targets") known.insert("Fuzz." + path.stem().string());
        if (const auto text = read_text(path, "Check who may read it.")) known.merge(test_names(*text));
    }
    return known;
}

bool EvidenceRow::holds() const noexcept {
    return std::ranges::all_of(outcomes, [](const NamedOutcome& o) { return o.outcome == Outcome::passed; });
}

Evidence weigh(std::vector<Requirement> requirements, const Results& results, const std::set<std::string>& known) {
    Evidence evidence;
    for (Requirement& requirement : requirements) {
        EvidenceRow row{std::move(requirement), {}};
        for (const std::string& test : row.requirement.tests) {
            const auto result = results.find(test);
            const Outcome missing = known.contains(test) ? Outcome::not_run : Outcome::unknown;
            row.outcomes.push_back({test, result == results.end() ? missing : result->second});
        }
        ++(row.not_yet()   ? evidence.not_yet
           : !row.holds()  ? evidence.broken
           : row.in_part() ? evidence.in_part
                           : evidence.shown);
        evidence.rows.push_back(std::move(row));
    }
    return evidence;
}

std::string as_text(const Evidence& evidence) {
    std::string out;
    const auto line = std::back_inserter(out);
    for (const EvidenceRow& row : evidence.rows) {
        fmt::format_to(line, "R{:<3} {:<8} {}\n", row.requirement.number, state_of(evidence, row),
                       row.requirement.text);
        out += folded(row.requirement.shown_by);
        if (!row.requirement.missing.empty()) out += folded("Not yet: " + row.requirement.missing);
        for (const NamedOutcome& test : row.outcomes)
            fmt::format_to(line, "              {:<14} {}\n", in_words(test.outcome), test.test);
    }
    if (evidence.never_run) {
        fmt::format_to(line, "\n{} name tests that were not run on this machine yet, {} not yet built, of {}.\n",
                       evidence.rows.size() - static_cast<std::size_t>(evidence.not_yet), evidence.not_yet,
                       evidence.rows.size());
        return out;
    }
    if (!evidence.run_at.empty()) fmt::format_to(line, "\nResults of the tests run at {}.", evidence.run_at);
    if (evidence.stale) out += " Programs were built after that: run ./basalt test for results of this build.";
    fmt::format_to(line, "\n{} shown, {} in part, {} not yet, {} broken, of {}.\n", evidence.shown, evidence.in_part,
                   evidence.not_yet, evidence.broken, evidence.rows.size());
    if (evidence.broken > 0)
        out +=
            "A broken row names a test that failed, did not run or does not exist. Run ./basalt test, then ask "
            "again.\n";
    return out;
}

std::string as_json(const Evidence& evidence) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const EvidenceRow& row : evidence.rows) {
        nlohmann::ordered_json tests = nlohmann::ordered_json::array();
        for (const NamedOutcome& test : row.outcomes)
            tests.push_back({{"name", test.test}, {"outcome", in_words(test.outcome)}});
        rows.push_back({{"id", fmt::format("R{}", row.requirement.number)},
                        {"text", row.requirement.text},
                        {"kind", row.requirement.kind},
                        {"shown_by", row.requirement.shown_by},
                        {"missing", row.requirement.missing},
                        {"state", state_of(evidence, row)},
                        {"tests", std::move(tests)}});
    }
    const nlohmann::ordered_json object{
        {"schema", "basalt.evidence.1"},   {"run_at", evidence.run_at}, {"stale", evidence.stale},
        {"never_run", evidence.never_run}, {"shown", evidence.shown},   {"in_part", evidence.in_part},
        {"not_yet", evidence.not_yet},     {"broken", evidence.broken}, {"requirements", std::move(rows)}};
    return object.dump(2) + "\n";
}

Result<Evidence> gather_evidence(const std::string& source, const std::string& build) {
    namespace fs = std::filesystem;
    const auto toml = read_text(fs::path{source} / requirements_file, "Run this from a whole copy of the source tree.");
    if (!toml) return std::unexpected{toml.error()};
    auto requirements = read_requirements(*toml);
    if (!requirements) return std::unexpected{requirements.error()};
    if (!fs::exists(fs::path{build} / results_file)) {
        Evidence unproven = weigh(std::move(*requirements), {}, known_tests(source));
        unproven.never_run = true;
        unproven.shown = unproven.in_part = unproven.broken = 0;
        return unproven;
    }
    const auto xml = read_text(fs::path{build} / results_file, "Look who may read it, or run ./basalt test anew.");
    if (!xml) return std::unexpected{xml.error()};
    const auto results = read_results(*xml);
    if (!results) return std::unexpected{results.error()};
    Evidence evidence = weigh(std::move(*requirements), *results, known_tests(source));
    evidence.run_at = time_of_run(*xml);
    std::error_code unreadable;
    const auto written = fs::last_write_time(fs::path{build} / results_file, unreadable);
    for (fs::directory_iterator at{fs::path{build} / "bin", unreadable}, end; at != end; at.increment(unreadable))
        if (at->last_write_time(unreadable) > written) evidence.stale = true;
    return evidence;
}

}  // namespace basalt::cli
