#include "scenarios/report/story.h"

#include "scenarios/engine/words.h"
#include "scenarios/report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace basalt::scenarios {
namespace {

namespace say = report_words;
constexpr std::size_t lines_told = 14;

template <class... Args>
std::string fill(const Words& words, Language language, Args&&... args) {
    const auto text = words.in(language);
    return fmt::vformat(fmt::string_view{text.data(), text.size()}, fmt::make_format_args(args...));
}

/// A text of a file, without the line breaks at its ends.
std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \n");
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(" \n") - first + 1);
}

struct Told {
    Moment at;
    std::string words;
};

/// What the world and the attacker did is told once, from the scenario's timeline.
bool is_of_the_world(const Event& event) {
    return event.id == "powered_on" || event.id == "powered_off" || event.id == "image_replaced";
}

/// What a pump did from the first attack on (from the start where there is none), in the order of time. The same
/// sentence again is counted at its first line, with its last time: a hostile program is refused hundreds of times.
std::vector<StoryLine> lines_of(const Scenario& scenario, const Recording& seen, Language language) {
    std::vector<Told> all;
    for (const auto& e : seen.events)
        if (!is_of_the_world(e)) all.push_back({e.at, in_words(e, language)});
    for (const auto& m : seen.modes)
        if (m.mode != hal::Mode::start_up) all.push_back({m.at, in_words(m, language)});
    for (const auto& a : seen.alarms)
        if (a.on) all.push_back({a.at, alarm_line(a, language)});
    const auto from = first_attack(scenario).value_or(Moment{});
    std::erase_if(all, [from](const Told& told) { return told.at < from; });
    std::ranges::stable_sort(all, {}, &Told::at);

    std::vector<StoryLine> lines;
    struct More {
        std::size_t times = 0;
        Moment last;
    };
    std::vector<More> more;
    for (const auto& told : all) {
        const auto same = std::ranges::find(lines, told.words, &StoryLine::words);
        if (same != lines.end()) {
            auto& again = more[static_cast<std::size_t>(same - lines.begin())];
            again = {again.times + 1, told.at};
            continue;
        }
        lines.push_back({time_of_day(scenario.setting, told.at), told.words});
        more.emplace_back();
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto last = time_of_day(scenario.setting, more[i].last);
        if (more[i].times == 1) lines[i].words += fill(say::once_more, language, last);
        if (more[i].times > 1) lines[i].words += fill(say::again, language, more[i].times, last);
    }
    if (lines.size() > lines_told) {
        const auto left = lines.size() - lines_told;
        lines.resize(lines_told);
        lines.push_back({"", fill(say::more_lines, language, left)});
    }
    return lines;
}

struct Stretch {
    Moment from;
    std::int64_t minutes = 0;
};
/// The longest time without a break in which every sample is so.
template <class Test>
Stretch longest(const Recording& seen, Test&& is_so) {
    Stretch found;
    std::optional<Moment> since;
    for (const auto& s : seen.samples) {
        if (!is_so(s))
            since.reset();
        else if (!since)
            since = s.at;
        if (since && (s.at.seconds - since->seconds) / 60 > found.minutes)
            found = {*since, (s.at.seconds - since->seconds) / 60};
    }
    return found;
}
Stretch longest_low(const Recording& seen) {
    return longest(seen, [](const Sample& s) { return s.plasma_mg_dl < pump_model::hypo_mg_dl; });
}
Stretch longest_without_insulin(const Recording& seen) {
    std::int64_t before = -1;
    return longest(seen,
                   [&before](const Sample& s) { return std::exchange(before, s.delivered_mu) == s.delivered_mu; });
}

std::string patient_of(const Scenario& scenario, const RunResult& run, Language language) {
    const auto& who = run.kind == RunKind::unprotected_device ? say::with_unprotected : say::with_protected;
    std::string out = fill(say::was_between, language, who.in(language), reading(run.plasma.min_mg_dl, language),
                           reading(run.plasma.max_mg_dl, language), number(run.plasma.tir_percent, 0, language));
    if (const auto low = longest_low(run.seen); low.minutes >= static_cast<std::int64_t>(pump_model::hypo_min)) {
        const auto length = fill(say::hours_minutes, language, low.minutes / 60, low.minutes % 60);
        out += " " + fill(say::was_low, language, time_of_day(scenario.setting, low.from), length);
        out += " " + std::string{say::low_means.in(language)};
    }
    constexpr std::int64_t told_from_min = 60;
    if (const auto dry = longest_without_insulin(run.seen); dry.minutes >= told_from_min)
        out += " " + fill(say::no_insulin, language, time_of_day(scenario.setting, dry.from),
                          fill(say::hours_minutes, language, dry.minutes / 60, dry.minutes % 60));
    return out + " " +
           fill(say::insulin_given, language, number(static_cast<double>(run.seen.delivered_mu()) / 1000, 1, language));
}

std::vector<StoryCheck> checks_of(const Scenario& scenario, const RunResult& run, Language language) {
    std::vector<StoryCheck> out;
    for (const auto& judged : run.expectations) {
        std::string when{say::not_met.in(language)};
        if (judged.at && *judged.at >= scenario.end())
            when = say::met_all_the_time.in(language);
        else if (judged.at)
            when = fill(say::met_at, language, time_of_day(scenario.setting, *judged.at));
        out.push_back({judged.met, judged.text.in(language), std::move(when)});
    }
    return out;
}

}  // namespace

std::optional<Moment> first_attack(const Scenario& scenario) noexcept {
    const auto found = std::ranges::find_if(
        scenario.timeline, [](const Step& step) { return std::holds_alternative<ReplaceImage>(step.deed); });
    return found == scenario.timeline.end() ? std::optional<Moment>{} : found->at;
}

Story tell(const Scenario& scenario, const Outcome& outcome, Language language) {
    const auto& shielded = *outcome.run(RunKind::protected_device);
    const auto* bare = outcome.run(RunKind::unprotected_device);
    Story story;
    story.title = scenario.title.in(language);
    story.background = trimmed(scenario.story.in(language));
    story.setting = fill(say::setting, language, scenario.setting.patient, scenario.setting.hours,
                         time_of_day(scenario.setting, {}), number(scenario.setting.basal.count / 1000.0, 2, language));
    for (const auto& step : scenario.timeline)
        story.what_happened.push_back({time_of_day(scenario.setting, step.at), trimmed(step.words.in(language))});
    if (bare != nullptr) story.patient.push_back(patient_of(scenario, *bare, language));
    story.patient.push_back(patient_of(scenario, shielded, language));
    if (bare != nullptr) story.unprotected_pump = lines_of(scenario, bare->seen, language);
    story.protected_pump = lines_of(scenario, shielded.seen, language);

    // The file's explanations are of a scenario that goes as it should. Where it did not, they would be lies.
    if (bare != nullptr && bare->harmed) {
        story.why.push_back(trimmed(scenario.why_harmed.in(language)));
        story.limits = trimmed(scenario.limits_cannot.in(language));
        std::string off;
        for (const auto defence : {Defence::image_check, Defence::sealing})
            if ((scenario.switched_off & std::to_underlying(defence)) != 0)
                off += (off.empty() ? "" : ", ") + std::string{words_of(defence).in(language)};
        story.why.push_back(fill(say::switched_off, language, off));
    }
    const bool as_it_should = std::ranges::all_of(shielded.expectations, &Judged::met) && !shielded.harmed;
    if (as_it_should) story.why.push_back(trimmed(scenario.why_protected.in(language)));
    if (outcome.passed()) {
        if (outcome.twin()) story.why.emplace_back(say::same_as_training.in(language));
        story.debrief = trimmed(scenario.debrief.in(language));
        story.questions = scenario.questions;
    }
    story.checks = checks_of(scenario, shielded, language);
    story.verdict.emplace_back((outcome.passed() ? say::passed : say::failed).in(language));
    for (const auto& lack : outcome.lacks) story.verdict.push_back(in_words(lack, language));
    std::string numbers;
    for (const int r : scenario.requirements) numbers += fmt::format("{}R{}", numbers.empty() ? "" : ", ", r);
    story.requirements = fill(say::requirements, language, numbers);
    story.seed = fill(say::seed, language, outcome.seed);
    story.not_a_device = say::not_a_device.in(language);
    return story;
}

}  // namespace basalt::scenarios
