// device/firmware/therapy/basal.h: how much basal insulin each slot gets. Pure: no clock, no memory, no rounding left
// over.
#pragma once
#include "device/common/units.h"

#include <array>

namespace basalt::firmware {

/// One rate for each half hour of the local day; [0] is from midnight on.
using BasalRates = std::array<MilliUnitsPerHour, 48>;

/// Rates are set in steps of 0.05 U/h and are at most 5 U/h, as in the failsafe profile.
inline constexpr MilliUnitsPerHour basal_rate_step{50};
inline constexpr MilliUnitsPerHour basal_rate_max{5'000};

/// True for a rate that a person can have set: 0 to basal_rate_max in whole steps.
constexpr bool is_settable(MilliUnitsPerHour rate) noexcept {
    return rate.count >= 0 && rate <= basal_rate_max && rate.count % basal_rate_step.count == 0;
}

/// The insulin of the `seconds` that begin at `from`, whole mU.
/// Units:    mU; `from` is a time of day (anything past midnight wraps), `seconds` at most one day.
/// Rely on:  spans that touch add up: whatever the start and however a day is cut, its pieces sum to exactly that day's
///           insulin. No remainder has to be remembered, so a restart loses and doubles nothing. Needs settable rates.
/// Source:   docs/decisions/0002-integers.md.
MilliUnits basal_amount(const BasalRates& rates, SecondOfDay from, std::uint32_t seconds) noexcept;

/// The same of all rates times `percent` / 100 (0 to 200).
/// Rely on:  spans that touch add up within a day as above; over a midnight less than a mU is lost or gained, because a
///           day is then no whole number of mU.
MilliUnits basal_share(const BasalRates& rates, SecondOfDay from, std::uint32_t seconds, std::int32_t percent) noexcept;

/// The sum of a day, exact: each half hour of a settable rate is a whole number of mU.
MilliUnits basal_of_day(const BasalRates& rates) noexcept;

}  // namespace basalt::firmware
