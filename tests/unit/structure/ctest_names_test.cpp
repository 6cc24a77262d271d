// A test that is named as evidence is one that `./basalt test` really runs: in the list that ctest itself gives, and
// not switched off there. The names in the sources alone would not tell of a file that no program is made of.
#include "tests/unit/structure/tree.h"
#include "ui/cli/evidence.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <toml++/toml.h>

#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <set>

namespace basalt::test {
namespace {

/// Everything in the lists called "tests", however deep.
void collect(const toml::node& node, std::set<std::string>& names) {
    if (const auto* table = node.as_table())
        for (const auto& [key, value] : *table) {
            if (key.str() != "tests") {
                collect(value, names);
            } else if (const auto* tests = value.as_array()) {
                for (const auto& test : *tests) names.insert(test.value_or(std::string{}));
            }
        }
    if (const auto* array = node.as_array())
        for (const auto& each : *array) collect(each, names);
}

/// ctest's own list: each name, and whether it is run.
std::map<std::string, bool> ctest_list() {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe{
        ::popen("ctest --show-only=json-v1 --test-dir '" BASALT_BINARY_DIR "' 2>/dev/null", "r"), ::pclose};
    std::string text;
    std::array<char, 65'536> piece;
    for (std::size_t got = 1; pipe && got > 0;) {
        got = std::fread(piece.data(), 1, piece.size(), pipe.get());
        text.append(piece.data(), got);
    }
    std::map<std::string, bool> runs;
    const auto list = nlohmann::json::parse(text, nullptr, false);
    if (!list.is_object() || !list.contains("tests")) return runs;
    for (const auto& test : list["tests"]) {
        bool is_run = true;
        for (const auto& property : test.value("properties", nlohmann::json::array()))
            if (property.value("name", "") == "DISABLED" && property["value"] == true) is_run = false;
        const std::string name = test.value("name", "");
        const std::string base = cli::without_values(name);
        runs[name] = is_run;
        runs.try_emplace(base, true).first->second &= is_run;
    }
    return runs;
}

TEST(CtestNames, WhateverIsNamedAsEvidenceIsATestThatIsRun) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a build with sanitizers leaves out the tests of the programs as they are shipped";
#endif
    const auto runs = ctest_list();
    ASSERT_FALSE(runs.empty()) << "ctest gave no list";
    for (const auto& [name, is_run] : runs)
        if (name.ends_with("_NOT_BUILT")) GTEST_SKIP() << name << ": this build holds only a part of the tests";
    for (const char* file : {"docs/requirements.toml", "docs/risk.toml"}) {
        const SourceFile* source = find_file(file);
        ASSERT_NE(source, nullptr) << file;
        std::set<std::string> names;
        collect(toml::parse(source->text), names);
        EXPECT_FALSE(names.empty()) << file;
        for (const std::string& name : names) {
            const auto found = runs.find(name);
            EXPECT_TRUE(found != runs.end()) << file << " names " << name << ", which ctest does not know";
            if (found != runs.end()) {
                EXPECT_TRUE(found->second) << file << " names " << name << ", which is DISABLED_";
            }
        }
    }
}

}  // namespace
}  // namespace basalt::test
