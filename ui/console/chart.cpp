#include "ui/console/chart.h"

#include "ui/console/colours.h"
#include "ui/view/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace basalt::console {
namespace {

using view::Role;
constexpr float axis_width = 142, foot_height = 34, head_height = 30, doses_height = 50, small_px = 18;

struct Frame {
    ImVec2 from, to;
    double from_hours, to_hours, top;
    float x(double hours) const {
        return from.x + static_cast<float>((hours - from_hours) / (to_hours - from_hours)) * (to.x - from.x);
    }
    // From LOW upwards: below it there is nothing to show.
    float y(double mg_dl) const {
        constexpr double floor = view::lowest_shown_mg_dl;
        return to.y - static_cast<float>(std::clamp((mg_dl - floor) / (top - floor), 0.0, 1.0)) * (to.y - from.y);
    }
};

const scenarios::Words& meaning_of(int level) noexcept {
    return level == view::serious_low_mg_dl   ? view::words::very_low
           : level == view::target_low_mg_dl  ? view::words::low
           : level == view::target_high_mg_dl ? view::words::high
                                              : view::words::very_high;
}

void dashed_line(ImDrawList& list, ImVec2 a, ImVec2 b, ImU32 colour, float width, float& rest) {
    constexpr float dash = 11, gap = 7;
    const float dx = b.x - a.x, dy = b.y - a.y, length = std::hypot(dx, dy);
    for (float at = 0; at < length;) {
        const bool on = rest < dash;
        const float step = std::min((on ? dash : dash + gap) - rest, length - at);
        if (on)
            list.AddLine({a.x + dx * at / length, a.y + dy * at / length},
                         {a.x + dx * (at + step) / length, a.y + dy * (at + step) / length}, colour, width);
        at += step;
        rest = rest + step >= dash + gap ? 0 : rest + step;
    }
}

void draw_curve(ImDrawList& list, const Frame& frame, const Curve& curve, view::Theme theme, const Fonts& fonts) {
    const ImU32 ink = packed(curve.role, theme);
    float rest = 0;
    constexpr double gap_hours = 0.3;  // no line over a time without readings
    for (std::size_t i = 1; i < curve.points.size(); ++i) {
        const auto &p = curve.points[i - 1], &q = curve.points[i];
        if (q.hours - p.hours > gap_hours) continue;
        const ImVec2 a{frame.x(p.hours), frame.y(p.mg_dl)}, b{frame.x(q.hours), frame.y(q.mg_dl)};
        if (curve.dashed)
            dashed_line(list, a, b, ink, 3.5F, rest);
        else
            list.AddLine(a, b, ink, 3.5F);
    }
    if (curve.points.empty()) return;
    const auto& last = curve.points.back();
    const ImVec2 end{frame.x(last.hours), frame.y(last.mg_dl)};
    if (curve.name.empty()) {
        list.AddCircleFilled(end, 7, ink);
        return;
    }
    const ImVec2 size = fonts.text->CalcTextSizeA(22, 1e6F, 0, curve.name.c_str());
    const float x = std::min(end.x, frame.to.x) - size.x - 8;
    list.AddText(fonts.text, 22, {x, std::clamp(end.y - 32, frame.from.y, frame.to.y - 26)}, ink, curve.name.c_str());
}

}  // namespace

void draw(const Chart& chart, const view::Settings& settings, const Fonts& fonts, float height) {
    const view::Theme theme = settings.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    ImGui::Dummy({width, height});
    // The doses have a strip of their own below the glucose.
    const float strip = chart.bars.empty() ? 0 : doses_height, ground = at.y + height - foot_height;
    const Frame frame{{at.x + axis_width, at.y + head_height},
                      {at.x + width - 10, ground - strip},
                      chart.from_hours,
                      chart.to_hours,
                      chart.top_mg_dl};
    list.AddRectFilled({frame.from.x, frame.y(view::target_high_mg_dl)}, {frame.to.x, frame.y(view::target_low_mg_dl)},
                       packed(Role::band, theme));
    for (const int level :
         {view::serious_low_mg_dl, view::target_low_mg_dl, view::target_high_mg_dl, view::very_high_mg_dl}) {
        const float y = frame.y(level);
        const bool danger = level == view::serious_low_mg_dl;
        list.AddLine({frame.from.x, y}, {frame.to.x, y},
                     packed(danger ? Role::high : Role::quiet, theme, danger ? 200 : 90), danger ? 2.F : 1.F);
        const float line_height = small_px + 1;
        if (danger && frame.to.y - y < line_height) continue;  // the floor's words say it; the line is seen
        const auto words =
            fmt::format("{} {}", meaning_of(level).in(settings.language), view::glucose_in(level, settings));
        const ImVec2 size = fonts.text->CalcTextSizeA(small_px, 1e6F, 0, words.c_str());
        const float lift = danger ? size.y * 0.2F : level == view::target_low_mg_dl ? size.y * 0.9F : size.y / 2;
        list.AddText(fonts.text, small_px, {frame.from.x - size.x - 8, y - lift},
                     packed(danger ? Role::high : Role::text, theme), words.c_str());
    }
    {
        const bool mg_dl = settings.unit == view::GlucoseUnit::mg_dl;
        const char* unit = mg_dl ? "mg/dL" : "mmol/L";
        const ImVec2 size = fonts.text->CalcTextSizeA(small_px, 1e6F, 0, unit);
        list.AddText(fonts.text, small_px, {frame.from.x - size.x - 8, at.y}, packed(Role::text, theme), unit);
        const bool room = frame.to.y - frame.y(view::serious_low_mg_dl) >= 2 * small_px;
        const std::string low = room ? view::glucose_in(0, settings)
                                     : fmt::format("{} <{}", view::words::very_low.in(settings.language),
                                                   view::glucose_in(view::serious_low_mg_dl, settings));
        const ImVec2 wide = fonts.text->CalcTextSizeA(small_px, 1e6F, 0, low.c_str());
        if (room || frame.to.y - frame.y(view::serious_low_mg_dl) < small_px + 1)
            list.AddText(fonts.text, small_px, {frame.from.x - wide.x - 8, frame.to.y - wide.y + 4},
                         packed(Role::high, theme), low.c_str());
    }
    for (const auto& [hours, words] : chart.hours) {
        const float x = frame.x(hours);
        list.AddLine({x, ground}, {x, ground + 6}, packed(Role::quiet, theme));
        const ImVec2 size = fonts.text->CalcTextSizeA(20, 1e6F, 0, words.c_str());
        list.AddText(fonts.text, 20, {x - size.x / 2, ground + 8}, packed(Role::quiet, theme), words.c_str());
    }
    for (const auto& bar : chart.bars) {
        const float x = frame.x(bar.hours), tall = static_cast<float>(bar.height) * (strip - small_px - 10);
        list.AddLine({x, ground}, {x, ground - std::max(tall, 3.F)}, packed(Role::insulin, theme), 3);
    }
    if (!chart.bars.empty()) {
        const std::string name{view::words::insulin_given.in(settings.language)};
        list.AddText(fonts.text, small_px, {frame.from.x, frame.to.y + 4}, packed(Role::insulin, theme), name.c_str());
    }
    for (const auto& line : chart.lines) {
        const float x = frame.x(line.hours);
        list.AddLine({x, frame.from.y}, {x, frame.to.y}, packed(Role::medium, theme), 2);
        const ImVec2 size = fonts.text->CalcTextSizeA(20, 1e6F, 0, line.words.c_str());
        list.AddText(fonts.text, 20, {std::min(x, frame.to.x - size.x), frame.from.y - head_height + 4},
                     packed(Role::medium, theme), line.words.c_str());
    }
    list.PushClipRect({frame.from.x, frame.from.y - head_height}, {frame.to.x + 9, frame.to.y + 8}, true);
    for (const Curve& curve : chart.curves) draw_curve(list, frame, curve, theme, fonts);
    list.PopClipRect();
}

Chart chart_of(const view::History& history, std::uint64_t now_s, std::uint32_t second_of_day,
               view::Language language) {
    constexpr double shown_hours = 6;
    Chart out;
    out.from_hours = -shown_hours;
    out.to_hours = 0.15;
    const auto hours = [now_s](std::uint64_t at_s) {
        return (static_cast<double>(at_s) - static_cast<double>(now_s)) / 3600;
    };
    Curve curve;
    for (const auto& r : history.readings())
        if (hours(r.at_s) >= -shown_hours) {
            curve.points.push_back({hours(r.at_s), static_cast<double>(r.mg_dl)});
            out.top_mg_dl = std::max(out.top_mg_dl, r.mg_dl + 20.0);
        }
    out.curves.push_back(std::move(curve));
    constexpr double tallest_mu = 1'000;
    for (const auto& d : history.doses())
        if (hours(d.at_s) >= -shown_hours)
            out.bars.push_back({hours(d.at_s), std::min(1.0, static_cast<double>(d.amount.count) / tallest_mu), ""});
    for (const auto& m : history.meals())
        if (hours(m.at_s) >= -shown_hours)
            out.lines.push_back(
                {hours(m.at_s), 0, fmt::format(fmt::runtime(view::words::meal_mark.in(language)), m.carbs_g)});
    for (int back = 0; back <= static_cast<int>(shown_hours); ++back) {
        const std::uint32_t hour = second_of_day / 3600;
        const double at = -static_cast<double>(second_of_day % 3600) / 3600 - back;
        if (at >= -shown_hours)
            out.hours.emplace_back(at, fmt::format("{:02}:00", (hour + 24 - static_cast<std::uint32_t>(back)) % 24));
    }
    return out;
}

}  // namespace basalt::console
