#include "scenarios/report/result_json.h"

#include "scenarios/engine/words.h"
#include "scenarios/report/story.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace basalt::scenarios {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double value, double per_unit) { return std::round(value * per_unit) / per_unit; }
Json minutes(const std::optional<Moment>& at) { return at ? Json(rounded(at->minutes(), 100)) : Json(nullptr); }

std::string_view priority(hal::Priority p) {
    switch (p) {
        case hal::Priority::none:
            return "none";
        case hal::Priority::low:
            return "low";
        case hal::Priority::medium:
            return "medium";
        case hal::Priority::high:
            return "high";
    }
    return "none";
}

Json run_json(const RunResult& run, std::uint64_t seed, Language language) {
    Json alarms = Json::array();
    for (const auto& alarm : run.seen.alarms)
        if (alarm.on)
            alarms.push_back({{"id", alarm.id}, {"priority", priority(alarm.priority)}, {"at_min", minutes(alarm.at)}});
    Json expectations = Json::array();
    for (const auto& judged : run.expectations)
        expectations.push_back({{"id", judged.id},
                                {"text", judged.text.in(language)},
                                {"met", judged.met},
                                {"at_min", minutes(judged.at)}});
    constexpr std::int64_t curve_every_s = 300;
    Json curve = Json::array();
    for (const auto& sample : run.seen.samples)
        if (sample.at.seconds % curve_every_s == 0) curve.push_back(rounded(sample.plasma_mg_dl, 10));
    return {{"seed", seed},
            {"glucose_min_mg_dl", rounded(run.plasma.min_mg_dl, 10)},
            {"glucose_max_mg_dl", rounded(run.plasma.max_mg_dl, 10)},
            {"tir_percent", rounded(run.plasma.tir_percent, 100)},
            {"tbr54_percent", rounded(run.plasma.tbr54_percent, 100)},
            {"insulin_total_u", static_cast<double>(run.seen.delivered_mu()) / 1000},
            {"mode", id_of(run.seen.mode_at_end())},
            {"alarms", alarms},
            {"expectations", expectations},
            {"glucose_mg_dl_every_5_min", curve}};
}

Json lines_json(const std::vector<StoryLine>& lines) {
    Json all = Json::array();
    for (const auto& line : lines) all.push_back({{"time", line.time}, {"words", line.words}});
    return all;
}

Json story_json(const Scenario& scenario, const Outcome& outcome, Language language) {
    const Story story = tell(scenario, outcome, language);
    return {{"title", story.title},
            {"setting", story.setting},
            {"begins_at", time_of_day(scenario.setting, {})},
            {"attack_at_min", minutes(first_attack(scenario))},
            {"what_happened", lines_json(story.what_happened)},
            {"patient", story.patient},
            {"unprotected_pump", lines_json(story.unprotected_pump)},
            {"protected_pump", lines_json(story.protected_pump)},
            {"why", story.why},
            {"limits", story.limits},
            {"verdict", story.verdict},
            {"not_a_device", story.not_a_device}};
}

}  // namespace

std::string to_json(const Scenario& scenario, const Outcome& outcome, Language language) {
    Json runs = Json::object();
    for (const auto& run : outcome.runs) runs[std::string{name_of(run.kind)}] = run_json(run, outcome.seed, language);
    Json lacks = Json::array();
    for (const auto& lack : outcome.lacks) lacks.push_back(in_words(lack, language));
    Json whole{{"schema", 1}, {"scenario", scenario.id}, {"seed", outcome.seed}, {"passed", outcome.passed()}};
    if (outcome.twin()) whole["harm_at_min"] = minutes(outcome.run(RunKind::unprotected_device)->harmed);
    whole["not_shown"] = lacks;
    whole["runs"] = runs;
    whole["story"] = story_json(scenario, outcome, language);
    return whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace basalt::scenarios
