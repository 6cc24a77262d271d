// docs/risk.toml held to its own rules. It may say that a risk is high; it may not say less than its tests prove.
#include "tests/unit/structure/tree.h"
#include "ui/cli/evidence.h"

#include <gtest/gtest.h>
#include <toml++/toml.h>

#include <algorithm>
#include <map>
#include <set>

namespace basalt::test {
namespace {

struct Score {
    std::int64_t severity = 0;
    std::int64_t likelihood = 0;
    bool operator==(const Score&) const = default;
};
struct Control {
    std::string kind, what, not_yet;
    std::vector<std::string> tests;
};
struct Event {
    std::string id, story, harm, residual, tolerated;
    std::vector<std::string> assets;
    std::vector<std::int64_t> requirements;
    Score before, after;
    bool open = false;
    std::vector<Control> controls;
};
/// How far a likelihood may go at one severity.
struct Bounds {
    std::int64_t acceptable = 0;
    std::int64_t tolerable = 0;
};

template <class T>
std::vector<T> list(const toml::table& in, std::string_view key) {
    std::vector<T> out;
    if (const toml::array* array = in[key].as_array())
        for (const toml::node& node : *array) out.push_back(node.value<T>().value_or(T{}));
    return out;
}

std::string text(const toml::table& in, std::string_view key) { return in[key].value_or(std::string{}); }

Score score(const toml::table& in, std::string_view key) {
    return {in[key]["severity"].value_or(std::int64_t{0}), in[key]["likelihood"].value_or(std::int64_t{0})};
}

template <class F>
void for_each_table(const toml::table& in, std::string_view key, F use) {
    const toml::array* array = in[key].as_array();
    ASSERT_NE(array, nullptr) << key;
    for (const toml::node& node : *array) use(*node.as_table());
}

class Risk : public ::testing::Test {
  protected:
    void SetUp() override {
        const SourceFile* source = find_file("docs/risk.toml");
        ASSERT_NE(source, nullptr);
        file = toml::parse(source->text);
        for_each_table(file, "severity", [&](const toml::table& t) {
            bounds[t["level"].value_or(std::int64_t{0})] = {t["acceptable_up_to"].value_or(std::int64_t{0}),
                                                            t["tolerable_up_to"].value_or(std::int64_t{0})};
        });
        for_each_table(file, "event", [&](const toml::table& t) {
            Event event{text(t, "id"),
                        text(t, "story"),
                        text(t, "harm"),
                        text(t, "residual"),
                        text(t, "tolerated"),
                        list<std::string>(t, "assets"),
                        list<std::int64_t>(t, "requirements"),
                        score(t, "before"),
                        score(t, "after"),
                        t["open"].value_or(false),
                        {}};
            for_each_table(t, "control", [&](const toml::table& c) {
                event.controls.push_back(
                    {text(c, "kind"), text(c, "what"), text(c, "not_yet"), list<std::string>(c, "tests")});
            });
            events.push_back(std::move(event));
        });
    }

    std::set<std::string> ids(std::string_view table) {
        std::set<std::string> all;
        for_each_table(file, table, [&](const toml::table& t) { all.insert(text(t, "id")); });
        return all;
    }

    toml::table file;
    std::map<std::int64_t, Bounds> bounds;
    std::vector<Event> events;
};

TEST_F(Risk, EveryKindOfAssetTheGuidelineNamesIsThere) {
    const auto assets = ids("asset");
    for (const char* id : {"firmware", "configuration", "keys", "log", "patient-data"})
        EXPECT_TRUE(assets.contains(id)) << id;
    for_each_table(file, "asset", [](const toml::table& t) {
        const std::string needs = text(t, "needs");
        EXPECT_TRUE(!needs.empty() && needs.find_first_not_of("AICD") == std::string::npos) << text(t, "id");
    });
}

TEST_F(Risk, EveryReferenceLeadsSomewhere) {
    const auto assets = ids("asset");
    const auto harms = ids("harm");
    std::set<std::string> seen;
    for (const Event& event : events) {
        SCOPED_TRACE(event.id);
        EXPECT_TRUE(seen.insert(event.id).second) << "twice";
        EXPECT_FALSE(event.story.empty() || event.residual.empty() || event.assets.empty() ||
                     event.requirements.empty());
        EXPECT_TRUE(harms.contains(event.harm)) << event.harm;
        for (const std::string& asset : event.assets) EXPECT_TRUE(assets.contains(asset)) << asset;
        for (const std::int64_t r : event.requirements) EXPECT_TRUE(r >= 1 && r <= cli::recommendations) << r;
        for (const Score& each : {event.before, event.after})
            EXPECT_TRUE(bounds.contains(each.severity) && each.likelihood >= 1 && each.likelihood <= 5);
    }
}

TEST_F(Risk, EveryControlNamesATestThatExistsOrSaysWhyNotYet) {
    const auto known = cli::known_tests(BASALT_SOURCE_DIR);
    static const std::set<std::string> kinds{"prevent", "block", "limit", "detect", "repair"};
    std::set<std::string> used;
    for (const Event& event : events) {
        EXPECT_FALSE(event.controls.empty()) << event.id;
        for (const Control& control : event.controls) {
            EXPECT_TRUE(kinds.contains(control.kind)) << event.id << ": " << control.kind;
            EXPECT_NE(control.tests.empty(), control.not_yet.empty()) << event.id << ": " << control.what;
            for (const std::string& test : control.tests) EXPECT_TRUE(known.contains(test)) << event.id << ": " << test;
            used.insert(control.kind);
        }
    }
    EXPECT_EQ(used, kinds);
}

TEST_F(Risk, NoEventClaimsLessThanItsProvenControlsCarry) {
    for (const Event& event : events) {
        EXPECT_LE(event.after.severity, event.before.severity) << event.id;
        EXPECT_LE(event.after.likelihood, event.before.likelihood) << event.id;
        const bool proven = std::ranges::any_of(event.controls, [](const Control& c) { return !c.tests.empty(); });
        EXPECT_TRUE(event.after == event.before || proven) << event.id << " is lower by controls that no test proves";
    }
}

TEST_F(Risk, WhatIsLeftAboveTheThresholdIsSaidToBeOpenAndWhatIsToleratedHasItsReason) {
    for (const Event& event : events) {
        const Bounds& bound = bounds[event.after.severity];
        EXPECT_EQ(event.after.likelihood > bound.tolerable, event.open) << event.id;
        const bool needs_reason = !event.open && event.after.likelihood > bound.acceptable;
        EXPECT_EQ(needs_reason, !event.tolerated.empty()) << event.id;
    }
}

TEST_F(Risk, AWorseHarmIsToleratedLessOften) {
    ASSERT_EQ(bounds.size(), 5U);
    Bounds above{5, 5};
    for (const auto& [severity, bound] : bounds) {
        EXPECT_LE(bound.acceptable, bound.tolerable) << severity;
        EXPECT_LE(bound.acceptable, above.acceptable) << severity;
        EXPECT_LE(bound.tolerable, above.tolerable) << severity;
        above = bound;
    }
    EXPECT_LT(bounds[5].tolerable, bounds[1].tolerable);
}

}  // namespace
}  // namespace basalt::test
