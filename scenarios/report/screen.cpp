#include "scenarios/report/screen.h"

#include "pump_model/patient.h"
#include "scenarios/engine/words.h"
#include "scenarios/report/terminal_text.h"
#include "scenarios/report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace basalt::scenarios {
namespace {

namespace say = report_words;
constexpr int blue = 34;
constexpr int red = 31;

Curve curve_of(const RunResult& run, Language language) {
    const bool bare = run.kind == RunKind::unprotected_device;
    const auto name = (bare ? say::unprotected_short : say::protected_short).in(language);
    return {.values = run.seen.plasma(),
            .label = std::string{name},
            .letter = bare ? 'x' : '*',
            .colour = bare ? red : blue};
}

Plot glucose_plot(const Scenario& scenario, const Outcome& outcome, Language language) {
    Plot plot;
    plot.title = say::glucose_axis.in(language);
    double highest = 0;
    double lowest = pump_model::highest_valid_mg_dl;
    for (const auto kind : {RunKind::protected_device, RunKind::unprotected_device}) {
        const auto* run = outcome.run(kind);
        if (run == nullptr) continue;
        plot.curves.push_back(curve_of(*run, language));
        highest = std::max(highest, run->plasma.max_mg_dl);
        lowest = std::min(lowest, run->plasma.min_mg_dl);
    }
    plot.bottom = pump_model::lowest_valid_mg_dl;
    plot.top = std::clamp(std::ceil((highest + 20) / 20) * 20, 220.0, pump_model::highest_valid_mg_dl);
    if (lowest < plot.bottom) plot.bottom_label = say::low.in(language);
    if (highest > pump_model::highest_valid_mg_dl) plot.top_label = say::high.in(language);
    plot.lines = {{180, std::string{say::target.in(language)}},
                  {70, std::string{say::target.in(language)}},
                  {54, std::string{say::dangerous_short.in(language)}}};
    const std::int64_t hours = scenario.setting.hours;
    const std::int64_t every = hours <= 6 ? 1 : hours <= 12 ? 2 : hours <= 24 ? 4 : 12;
    for (std::int64_t h = 0; h < hours; h += every)
        plot.ticks.emplace_back(static_cast<double>(h) / static_cast<double>(hours),
                                time_of_day(scenario.setting, {h * 3600}));
    if (const auto attack = first_attack(scenario)) {
        plot.mark = static_cast<double>(attack->seconds) / static_cast<double>(scenario.end().seconds);
        plot.mark_words = fmt::format("{} {}", time_of_day(scenario.setting, *attack), say::attack.in(language));
    }
    return plot;
}

class Page {
  public:
    explicit Page(const Terminal& terminal)
        : width_(static_cast<std::size_t>(std::max(60, terminal.width))), bold_(terminal.colour) {}
    void heading(std::string_view words) {
        out_ += "\n";
        out_ += bold_ ? fmt::format("\033[1m{}\033[0m\n", words) : std::string{words} + "\n";
    }
    void text(std::string_view words, std::string_view first = "  ") {
        if (!words.empty()) out_ += wrapped(words, width_, first);
    }
    void raw(std::string_view text) { out_ += text; }
    std::string take() { return std::move(out_); }

  private:
    std::size_t width_;
    bool bold_;
    std::string out_;
};

void timed(Page& page, std::string_view heading, const std::vector<StoryLine>& lines) {
    if (lines.empty()) return;
    page.heading(heading);
    for (const auto& line : lines) page.text(line.words, fmt::format("  {:<5}  ", line.time));
}

}  // namespace

std::string screen(const Scenario& scenario, const Outcome& outcome, Language language, const Terminal& terminal) {
    const auto story = tell(scenario, outcome, language);
    Page page{terminal};
    page.text(story.title, "");
    page.text(story.setting, "");
    page.raw("\n");
    const auto plot = glucose_plot(scenario, outcome, language);
    page.raw(draw(plot, terminal));
    if (!plot.bottom_label.empty() || !plot.top_label.empty()) page.text(say::outside_model.in(language), "");

    timed(page, say::what_happened.in(language), story.what_happened);
    page.heading(say::the_patient.in(language));
    for (const auto& paragraph : story.patient) page.text(paragraph);
    timed(page, say::the_unprotected_pump.in(language), story.unprotected_pump);
    timed(page, say::the_protected_pump.in(language), story.protected_pump);
    if (!story.why.empty()) {
        page.heading(say::why.in(language));
        for (const auto& paragraph : story.why) page.text(paragraph);
    }
    if (!story.limits.empty()) {
        page.heading(say::limits.in(language));
        page.text(story.limits);
    }
    page.heading(say::checks.in(language));
    for (const auto& check : story.checks)
        page.text(check.met ? check.words : fmt::format("{}: {}", check.when, check.words),
                  check.met ? "  [x] " : "  [ ] ");
    page.raw("\n");
    for (const auto& line : story.verdict) page.text(line, "");
    page.text(story.seed, "");
    page.text(story.not_a_device, "");
    return terminal.unicode ? page.take() : ascii(page.take());
}

}  // namespace basalt::scenarios
