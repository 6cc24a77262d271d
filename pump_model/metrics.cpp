#include "pump_model/metrics.h"

#include <algorithm>
#include <cmath>

namespace basalt::pump_model {
namespace {

/// 10 F^2 of Kovatchev, with its sign: negative for low glucose.
double risk(double g, RiskRange range) noexcept {
    const double clamped = std::clamp(g, range.low_mg_dl, range.high_mg_dl);
    const double f = 1.509 * (std::pow(std::log(clamped), 1.084) - 5.381);
    return std::copysign(10 * f * f, f);
}

template <class Inside>
double longest_min(std::span<const double> readings, double minutes_apart, Inside inside) noexcept {
    std::size_t run = 0;
    std::size_t longest = 0;
    for (const double g : readings) {
        run = inside(g) ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest == 0 ? 0 : static_cast<double>(longest - 1) * minutes_apart;
}

}  // namespace

Metrics measure(std::span<const double> readings, RiskRange range) noexcept {
    Metrics m;
    if (readings.empty()) return m;
    m.readings = readings.size();
    const auto n = static_cast<double>(readings.size());
    const auto percent = [&](auto is) { return 100 * static_cast<double>(std::ranges::count_if(readings, is)) / n; };

    double sum = 0;
    for (const double g : readings) sum += g;
    m.mean_mg_dl = sum / n;
    double squares = 0;
    for (const double g : readings) squares += (g - m.mean_mg_dl) * (g - m.mean_mg_dl);
    m.sd_mg_dl = readings.size() < 2 ? 0 : std::sqrt(squares / (n - 1));
    m.cv_percent = m.mean_mg_dl > 0 ? 100 * m.sd_mg_dl / m.mean_mg_dl : 0;
    m.gmi_percent = 3.31 + 0.02392 * m.mean_mg_dl;

    m.tir_percent = percent([](double g) { return g >= 70 && g <= 180; });
    m.tbr70_percent = percent([](double g) { return g < 70; });
    m.tbr54_percent = percent([](double g) { return g < 54; });
    m.tar180_percent = percent([](double g) { return g > 180; });
    m.tar250_percent = percent([](double g) { return g > 250; });

    for (const double g : readings) {
        const double r = risk(g, range);
        (r < 0 ? m.lbgi : m.hbgi) += std::abs(r) / n;
    }
    const auto [low, high] = std::ranges::minmax(readings);
    m.min_mg_dl = low;
    m.max_mg_dl = high;
    return m;
}

double longest_below_min(std::span<const double> readings, double limit, double minutes_apart) noexcept {
    return longest_min(readings, minutes_apart, [limit](double g) { return g < limit; });
}

double longest_above_min(std::span<const double> readings, double limit, double minutes_apart) noexcept {
    return longest_min(readings, minutes_apart, [limit](double g) { return g > limit; });
}

bool harmed_by_low(std::span<const double> plasma, double minutes_apart) noexcept {
    return longest_below_min(plasma, hypo_mg_dl, minutes_apart) >= hypo_min;
}

}  // namespace basalt::pump_model
