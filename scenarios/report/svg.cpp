#include "scenarios/report/svg.h"

#include "pump_model/patient.h"
#include "scenarios/engine/words.h"
#include "scenarios/report/markup.h"
#include "scenarios/report/story.h"
#include "scenarios/report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

namespace basalt::scenarios {
namespace {

namespace say = report_words;
constexpr double left = 56;
constexpr double right_margin = 118;  // names of the curves
constexpr double width = 880;
constexpr double top = 14;
constexpr std::array told{RunKind::unprotected_device, RunKind::protected_device};  // the protected one is drawn on top

std::string_view css_class(RunKind kind) { return kind == RunKind::unprotected_device ? "bare" : "shield"; }
std::string_view name(RunKind kind, Language language) {
    return (kind == RunKind::unprotected_device ? say::unprotected_short : say::protected_short).in(language);
}

/// A frame with a time axis and a value axis, growing as text.
class Frame {
  public:
    Frame(const Scenario& scenario, double height, double low, double high)
        : scenario_(scenario), height_(height), low_(low), high_(high) {}

    double x(double seconds) const {
        return left + (width - left - right_margin) * seconds / static_cast<double>(scenario_.end().seconds);
    }
    double y(double value) const {
        return top + (height_ - top - 34) * (high_ - std::clamp(value, low_, high_)) / (high_ - low_);
    }
    template <class... Args>
    void add(fmt::format_string<Args...> format, Args&&... args) {
        fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
    }
    void line(std::string_view style, double x1, double y1, double x2, double y2) {
        add("<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", style, x1, y1, x2, y2);
    }
    void text(std::string_view style, double at_x, double at_y, std::string_view words) {
        add("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", style, at_x, at_y, escaped(words));
    }
    void value_tick(double value, std::string_view words) {
        line("grid", left, y(value), width - right_margin, y(value));
        text("value", left - 8, y(value) + 4, words);
    }
    void time_axis() {
        const auto hours = scenario_.setting.hours;
        const std::int64_t every = hours <= 6 ? 1 : hours <= 12 ? 2 : hours <= 24 ? 3 : 12;
        line("axis", left, y(low_), width - right_margin, y(low_));
        for (std::int64_t h = 0; h <= hours; h += every) {
            const double at = x(static_cast<double>(h) * 3600);
            line("axis", at, y(low_), at, y(low_) + 5);
            text("time", at, y(low_) + 20, time_of_day(scenario_.setting, {h * 3600}));
        }
    }
    void attack(Language language) {
        const auto at = first_attack(scenario_);
        if (!at) return;
        const double where = x(static_cast<double>(at->seconds));
        line("attack", where, top, where, y(low_));
        text("note", where + 6, top + 12,
             fmt::format("{} {}", time_of_day(scenario_.setting, *at), say::attack.in(language)));
    }
    std::string finish(std::string_view words) {
        return fmt::format("<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">\n{}</svg>\n", width,
                           height_, escaped(words), out_);
    }

  private:
    const Scenario& scenario_;
    double height_, low_, high_;
    std::string out_;
};

/// One point every five minutes: more would not be seen.
void curve(Frame& frame, const RunResult& run) {
    std::string points;
    const auto& samples = run.seen.samples;
    for (std::size_t i = 0; i < samples.size();
         i += i + 5 < samples.size() || i + 1 == samples.size() ? 5 : samples.size() - 1 - i)
        fmt::format_to(std::back_inserter(points), "{:.1f},{:.1f} ",
                       frame.x(static_cast<double>(samples[i].at.seconds)), frame.y(samples[i].plasma_mg_dl));
    frame.add("<polyline class=\"curve {}\" points=\"{}\"/>\n", css_class(run.kind), points);
}

/// mU in each half hour, by what the motor moved.
std::vector<double> half_hours(const RunResult& run) {
    std::vector<double> out;
    std::int64_t before = 0;
    const auto& samples = run.seen.samples;
    for (std::size_t m = 30; m - 30 < samples.size(); m += 30) {
        const auto now = samples[std::min(m, samples.size() - 1)].delivered_mu;
        out.push_back(static_cast<double>(now - before));
        before = now;
    }
    return out;
}

}  // namespace

std::string glucose_svg(const Scenario& scenario, const Outcome& outcome, Language language) {
    double highest = 0;
    double lowest = pump_model::highest_valid_mg_dl;
    for (const auto& run : outcome.runs) {
        highest = std::max(highest, run.plasma.max_mg_dl);
        lowest = std::min(lowest, run.plasma.min_mg_dl);
    }
    const double low = pump_model::lowest_valid_mg_dl;
    const double high = std::clamp(std::ceil((highest + 20) / 20) * 20, 220.0, pump_model::highest_valid_mg_dl);
    Frame frame{scenario, 340, low, high};
    const double inner = width - left - right_margin;
    frame.add("<rect class=\"target\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n", left,
              frame.y(180), inner, frame.y(70) - frame.y(180));
    frame.add("<rect class=\"danger\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n", left,
              frame.y(54), inner, frame.y(low) - frame.y(54));
    // "54" would stand on "LOW" on a long axis; its band says its number, too.
    const bool room_for_54 = lowest >= low || frame.y(low) - frame.y(54) >= 16;
    for (const double value : {54.0, 70.0, 180.0})
        frame.value_tick(value, value > 54 || room_for_54 ? fmt::format("{:.0f}", value) : "");
    for (double value = 250; value <= high; value += 50) frame.value_tick(value, fmt::format("{:.0f}", value));
    if (lowest < low) frame.text("value", left - 8, frame.y(low) + 4, say::low.in(language));
    if (highest > pump_model::highest_valid_mg_dl)
        frame.text("value", left - 8, frame.y(high) + 4, say::high.in(language));
    frame.time_axis();
    std::optional<double> taken;
    for (const auto kind : told) {
        const auto* run = outcome.run(kind);
        if (run == nullptr) continue;
        curve(frame, *run);
        double at = frame.y(run->seen.samples.back().plasma_mg_dl) + 4;
        if (taken && std::abs(at - *taken) < 16) at = *taken - 16;
        taken = at;
        frame.text(fmt::format("name {}", css_class(kind)), width - right_margin + 8, at, name(kind, language));
    }
    // After the curves: what they cross stays readable.
    frame.text("note inside", width - right_margin - 6, frame.y(180) + 15, say::target_band.in(language));
    frame.text("note inside", width - right_margin - 6, frame.y(low) - 5, say::dangerous.in(language));
    frame.attack(language);
    return frame.finish(say::plot_of_glucose.in(language));
}

std::string insulin_svg(const Scenario& scenario, const Outcome& outcome, Language language) {
    double highest = 1;
    for (const auto& run : outcome.runs)
        for (const double mu : half_hours(run)) highest = std::max(highest, mu);
    const double step = highest > 4000 ? 2000 : highest > 2000 ? 1000 : 500;
    Frame frame{scenario, 220, 0, std::ceil(highest / step) * step};
    for (double value = step; value <= highest + step; value += step)
        if (value <= std::ceil(highest / step) * step)
            frame.value_tick(value, number(value / 1000, step < 1000 ? 1 : 0, language));
    frame.attack(language);
    const double bar = frame.x(1800) - frame.x(0);
    int place = 0;
    for (const auto kind : told) {
        const auto* run = outcome.run(kind);
        if (run == nullptr) continue;
        const bool alone = !outcome.twin();
        const auto amounts = half_hours(*run);
        for (std::size_t i = 0; i < amounts.size(); ++i) {
            const double from = frame.x(static_cast<double>(i) * 1800) + (alone ? 1 : 1 + place * (bar - 2) / 2);
            frame.add("<rect class=\"bar {}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n",
                      css_class(kind), from, frame.y(amounts[i]), alone ? bar - 2 : (bar - 2) / 2,
                      frame.y(0) - frame.y(amounts[i]));
        }
        frame.text(fmt::format("name {}", css_class(kind)), width - right_margin + 8, top + 16 + 18 * place,
                   name(kind, language));
        ++place;
    }
    frame.time_axis();
    return frame.finish(say::plot_of_insulin.in(language));
}

}  // namespace basalt::scenarios
