#include "scenarios/measure/figure.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace basalt::measure {
namespace {

constexpr double ms_per_s = 1000;

/// Three digits that mean something: times of one machine have no more.
std::string number(double value) {
    return value >= 100  ? fmt::format("{:.0f}", value)
           : value >= 10 ? fmt::format("{:.1f}", value)
                         : fmt::format("{:.2f}", value);
}

}  // namespace

double median(std::vector<double> values) noexcept {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double ratio_of(const Rounds& rounds) noexcept {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < std::min(rounds.own_s.size(), rounds.peer_s.size()); ++i)
        if (rounds.peer_s[i] > 0) ratios.push_back(rounds.own_s[i] / rounds.peer_s[i]);
    return median(std::move(ratios));
}

Figure time_figure(const Label& label, const Rounds& rounds) {
    return {label.name,       label.what, "ms", median(rounds.own_s) * ms_per_s, median(rounds.peer_s) * ms_per_s,
            ratio_of(rounds), label.goal};
}

Figure speed_figure(const Label& label, const Rounds& rounds, double days) {
    const auto speed = [days](double seconds) { return seconds > 0 ? days / seconds : 0; };
    return {label.name,       label.what, "days_per_s", speed(median(rounds.own_s)), speed(median(rounds.peer_s)),
            ratio_of(rounds), label.goal};
}

std::string as_json(const Figures& figures) {
    nlohmann::ordered_json results = nlohmann::ordered_json::array(), left_out = nlohmann::ordered_json::array();
    for (const Figure& f : figures.figures)
        results.push_back({{"name", f.name},
                           {"value", f.value},
                           {"unit", f.unit},
                           {"peer_value", f.peer_value},
                           {"ratio", f.ratio},
                           {"goal", f.goal},
                           {"met", f.met()}});
    for (const LeftOut& l : figures.left_out) left_out.push_back({{"name", l.name}, {"why", l.why}});
    return nlohmann::ordered_json{{"schema", 1}, {"results", results}, {"left_out", left_out}}.dump(2) + '\n';
}

std::string as_table(const Figures& figures) {
    std::size_t width = 4;
    for (const Figure& f : figures.figures) width = std::max(width, f.what.size());
    std::string text = fmt::format("{:{}}  {:>10} {:>10} {:10}  {:>8} {:>8}  {}\n", "what", width, "value", "peer",
                                   "unit", "ratio", "goal", "met");
    for (const Figure& f : figures.figures)
        text += fmt::format("{:{}}  {:>10} {:>10} {:10}  {:>8} {:>8}  {}\n", f.what, width, number(f.value),
                            number(f.peer_value), f.unit, number(f.ratio), fmt::format("<= {}", f.goal),
                            f.met() ? "yes" : "no");
    for (const LeftOut& l : figures.left_out) text += fmt::format("Not measured: {}. {}\n", l.name, l.why);
    return text;
}

}  // namespace basalt::measure
