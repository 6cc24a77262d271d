#include "device/firmware/therapy/basal.h"

#include <algorithm>

namespace basalt::firmware {
namespace {
constexpr std::uint32_t day_s = 86'400;
constexpr std::uint32_t half_hour_s = 1'800;
constexpr std::int64_t mu_s_per_mu = 3'600;  // a rate in mU/h held for one second is rate/3600 mU

/// What the rates give from midnight until `second`, in mU * s / h: exact, never a fraction of a mU lost.
std::int64_t given_until(const BasalRates& rates, std::uint32_t second) noexcept {
    std::int64_t sum = 0;
    for (std::uint32_t i = 0; i < rates.size(); ++i) {
        const std::uint32_t from = i * half_hour_s;
        if (second <= from) break;
        sum += std::int64_t{rates[i].count} * std::min(second - from, half_hour_s);
    }
    return sum;
}
}  // namespace

MilliUnits basal_of_day(const BasalRates& rates) noexcept {
    return {static_cast<std::int32_t>(given_until(rates, day_s) / mu_s_per_mu)};
}

MilliUnits basal_share(const BasalRates& rates, SecondOfDay from, std::uint32_t seconds,
                       std::int32_t percent) noexcept {
    const std::uint32_t start = from.seconds % day_s;
    const std::uint32_t end = start + std::min(seconds, day_s);
    // Both ends are rounded down on the same line from midnight: the difference carries the remainder to the next span.
    // Past midnight a whole day is added; at 100 % that is a whole number of mU, so the line has no kink there.
    const std::int64_t until_end =
        end <= day_s ? given_until(rates, end) : given_until(rates, day_s) + given_until(rates, end - day_s);
    const std::int64_t share = std::clamp(percent, 0, 200), whole = 100 * mu_s_per_mu;
    return {static_cast<std::int32_t>(until_end * share / whole - given_until(rates, start) * share / whole)};
}

MilliUnits basal_amount(const BasalRates& rates, SecondOfDay from, std::uint32_t seconds) noexcept {
    return basal_share(rates, from, seconds, 100);
}

}  // namespace basalt::firmware
