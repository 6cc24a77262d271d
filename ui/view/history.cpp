#include "ui/view/history.h"

#include <algorithm>

namespace basalt::view {

void History::forget(std::uint64_t now_s) {
    const auto drop_old = [now_s](auto& all) {
        while (!all.empty() && all.front().at_s + kept_s < now_s) all.pop_front();
    };
    drop_old(readings_);
    drop_old(doses_);
    drop_old(meals_);
}

void History::add(const Reading& reading) {
    if (!readings_.empty() && readings_.back().at_s == reading.at_s)
        readings_.back() = reading;
    else
        readings_.push_back(reading);
    forget(reading.at_s);
}
void History::add(const GivenDose& dose) {
    doses_.push_back(dose);
    forget(dose.at_s);
}
void History::add(const Meal& meal) {
    meals_.push_back(meal);
    forget(meal.at_s);
}

std::optional<Trend> History::trend(std::uint64_t now_s) const {
    constexpr std::uint64_t window_s = 20 * 60, fresh_s = 7 * 60;
    constexpr std::size_t least = 3;
    if (readings_.empty() || readings_.back().at_s + fresh_s < now_s) return std::nullopt;
    // The slope of the straight line through them.
    double n = 0, sum_t = 0, sum_g = 0, sum_tt = 0, sum_tg = 0;
    for (const Reading& r : readings_) {
        if (r.at_s + window_s < now_s) continue;
        const double t = (static_cast<double>(r.at_s) - static_cast<double>(now_s)) / 60, g = r.mg_dl;
        n += 1;
        sum_t += t;
        sum_g += g;
        sum_tt += t * t;
        sum_tg += t * g;
    }
    const double spread = n * sum_tt - sum_t * sum_t;
    if (n < least || spread <= 0) return std::nullopt;
    const double a_minute = (n * sum_tg - sum_t * sum_g) / spread;
    if (a_minute <= -2) return Trend::falling_fast;
    if (a_minute <= -1) return Trend::falling;
    if (a_minute >= 2) return Trend::rising_fast;
    if (a_minute >= 1) return Trend::rising;
    return Trend::steady;
}

MilliUnits History::given_since(std::uint64_t from_s) const noexcept {
    MilliUnits sum;
    for (const GivenDose& dose : doses_)
        if (dose.at_s > from_s) sum.count += dose.amount.count;
    return sum;
}

}  // namespace basalt::view
