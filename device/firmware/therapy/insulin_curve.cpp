#include "device/firmware/therapy/insulin_curve.h"

#include <algorithm>

namespace basalt::firmware {
namespace {
// Fixed point with 58 binary places. Below, w = T/tau is at most 12.7 and the largest term less than 256, so that
// nothing leaves 128 bits; and the smallest denominator (0.064) leaves an error far below one part in 2^30.
using Wide = __int128;
constexpr int places = 58;
constexpr std::int64_t whole = std::int64_t{1} << places;

Wide times(Wide a, Wide b) noexcept { return (a * b) >> places; }

/// exp(-x) for 0 <= x < 16, by its series at x/16, squared four times.
Wide exp_minus(Wide x) noexcept {
    const Wide y = x >> 4;
    Wide term = whole, sum = whole;
    for (int n = 1; n <= 24; ++n) {
        term = -times(term, y) / n;
        sum += term;
    }
    for (int i = 0; i < 4; ++i) sum = times(sum, sum);
    return sum;
}
}  // namespace

// With u = t/tau and w = T/tau, the activity's integral from t to T is, but for a constant factor,
//     R(u) = exp(-u) (w (1 + u) - 2 - 2u - u^2) + exp(-w) (w + 2),
// so the share is R(u) / R(0). Found by integrating by parts twice; R(w) = 0.
InsulinCurve::InsulinCurve(const InsulinAction& action) noexcept : action_(action) {
    const std::int64_t duration = action.duration_min, peak = action.peak_min;
    const std::int64_t tau_over = peak * (duration - peak), tau_under = duration - 2 * peak;  // tau, as a fraction
    const auto over_tau = [&](std::int64_t minutes) { return Wide{whole} * minutes * tau_under / tau_over; };
    const Wide w = over_tau(duration);
    const Wide end = times(exp_minus(w), w + 2 * Wide{whole});
    const auto left = [&](std::int64_t minute) {
        const Wide u = over_tau(minute);
        return times(exp_minus(u), times(w, whole + u) - 2 * Wide{whole} - 2 * u - times(u, u)) + end;
    };
    const Wide all = left(0);
    at_minute_[0] = InsulinCurve::one;
    for (std::size_t minute = 1; minute < action.duration_min; ++minute) {
        const Wide share = left(static_cast<std::int64_t>(minute)) * InsulinCurve::one / all;
        at_minute_[minute] = static_cast<std::uint32_t>(std::clamp<Wide>(share, 0, at_minute_[minute - 1]));
    }
}

std::uint32_t InsulinCurve::remaining(std::uint64_t seconds_since_dose) const noexcept {
    const std::uint64_t minute = seconds_since_dose / 60, second = seconds_since_dose % 60;
    if (minute >= action_.duration_min) return 0;
    const std::uint32_t from = at_minute_[minute], to = at_minute_[minute + 1];
    return from - static_cast<std::uint32_t>(std::uint64_t{from - to} * second / 60);
}

}  // namespace basalt::firmware
