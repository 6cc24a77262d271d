// ui/console/chart.h: curves of glucose over time, with the target band, doses and meals.
#pragma once
#include "ui/console/window.h"
#include "ui/view/pump_view.h"

#include <span>
#include <string>

namespace basalt::console {

struct CurvePoint {
    double hours = 0;  ///< from the left edge's time
    double mg_dl = 0;
};
struct Curve {
    std::string name;  ///< written at its end: told apart without colour
    std::vector<CurvePoint> points;
    view::Role role = view::Role::curve;
    bool dashed = false;
};
struct ChartMark {
    double hours = 0;
    double height = 0;  ///< of a bar at the lower edge, 0 to 1; 0: a line over the whole height, with `words` above
    std::string words;
};
struct Chart {
    double from_hours = 0, to_hours = 6;
    double top_mg_dl = 300;
    std::vector<Curve> curves;
    std::vector<ChartMark> bars, lines;
    /// What stands below the left edge and each whole step.
    std::vector<std::pair<double, std::string>> hours;
};

/// Draws into the rest of the current region, `height` pixels high.
void draw(const Chart& chart, const view::Settings& settings, const Fonts& fonts, float height);
/// The last six hours before `now_s`.
Chart chart_of(const view::History& history, std::uint64_t now_s, std::uint32_t second_of_day, view::Language language);

}  // namespace basalt::console
