#include "scenarios/report/result_json.h"

#include "tests/unit/scenarios/fake_device.h"
#include "tests/unit/scenarios/shipped.h"

#include <nlohmann/json.hpp>

namespace basalt::scenarios {
namespace {

std::string json_of(bool twin, test::Faults faults = {}, Language language = Language::english) {
    test::FakeMaker maker{faults};
    const auto scenario = test::shipped("tampered-firmware");
    const auto outcome = run_scenario(scenario, {.twin = twin, .seed = 42}, maker, nullptr);
    EXPECT_TRUE(outcome);
    return to_json(scenario, *outcome, language);
}

TEST(ResultJson, HasTheFieldsOfTheContractWithTheirUnits) {
    const auto json = nlohmann::json::parse(json_of(true));
    EXPECT_EQ(json["schema"], 1);
    EXPECT_EQ(json["scenario"], "tampered-firmware");
    EXPECT_EQ(json["seed"], 42);
    EXPECT_EQ(json["passed"], true);
    EXPECT_GT(json["harm_at_min"].get<double>(), 61);
    ASSERT_EQ(json["runs"].size(), 3U);
    for (const auto* name : {"protected", "unprotected", "training"}) {
        const auto& run = json["runs"][name];
        std::vector<std::string> keys;
        for (const auto& [key, value] : run.items()) keys.push_back(key);
        EXPECT_EQ(keys, (std::vector<std::string>{"alarms", "expectations", "glucose_max_mg_dl", "glucose_mg_dl_every_5_min",
                                                  "glucose_min_mg_dl",
                                                  "insulin_total_u", "mode", "seed", "tbr54_percent", "tir_percent"}))
            << name;
        EXPECT_EQ(run["seed"], 42);
        EXPECT_EQ(run["glucose_mg_dl_every_5_min"].size(), 24U * 12);
        ASSERT_EQ(run["expectations"].size(), 5U);
        for (const auto& e : run["expectations"]) {
            EXPECT_EQ(e.size(), 4U);
            EXPECT_TRUE(e["id"].is_string() && e["text"].is_string() && e["met"].is_boolean());
            EXPECT_EQ(e["at_min"].is_null(), !e["met"].get<bool>());
        }
    }
    const auto& story = json["story"];
    EXPECT_EQ(story["patient"].size(), 2U);
    EXPECT_FALSE(story["why"].empty());
    EXPECT_EQ(story["begins_at"], "22:00");
    const auto& shielded = json["runs"]["protected"];
    EXPECT_EQ(shielded["mode"], "failsafe");
    EXPECT_EQ(shielded["tir_percent"], 100.0);
    EXPECT_EQ(shielded["tbr54_percent"], 0.0);
    EXPECT_NEAR(shielded["insulin_total_u"].get<double>(), 34.8, 0.2);
    const nlohmann::json alarm{{"id", "both_slots_refused"}, {"priority", "high"}, {"at_min", 63.0}};
    EXPECT_EQ(shielded["alarms"], nlohmann::json::array({alarm}));
    EXPECT_LT(json["runs"]["unprotected"]["glucose_min_mg_dl"], 54);
    EXPECT_GT(json["runs"]["unprotected"]["tbr54_percent"], 50);
}

TEST(ResultJson, OfOneRunHasThatRunAlone) {
    const auto json = nlohmann::json::parse(json_of(false));
    EXPECT_EQ(json["runs"].size(), 1U);
    EXPECT_TRUE(json["runs"].contains("protected"));
    EXPECT_FALSE(json.contains("harm_at_min"));
}

TEST(ResultJson, SaysWhatWasNotShown) {
    const auto json = nlohmann::json::parse(json_of(true, {.attacker_is_tame = true}));
    EXPECT_EQ(json["passed"], false);
    EXPECT_TRUE(json["harm_at_min"].is_null());
    ASSERT_EQ(json["not_shown"].size(), 1U);
    EXPECT_NE(json["not_shown"][0].get<std::string>().find("proves nothing"), std::string::npos);
}

TEST(ResultJson, IsTheSameBytesForTheSameSeed) { EXPECT_EQ(json_of(true), json_of(true)); }

}  // namespace
}  // namespace basalt::scenarios
