// device/firmware/therapy/insulin_curve.h: how much of a dose still works after so many seconds. Integers only: the
// same bytes on every machine.
#pragma once
#include "device/common/units.h"

#include <array>

namespace basalt::firmware {

/// How one patient's rapid insulin acts. One value for the whole day: a dose acts by the clock of its own, and a
/// duration that changed at a time of day would make the insulin on board jump without a dose.
struct InsulinAction {
    std::uint16_t duration_min = 360;  ///< until the dose has done all its work
    std::uint16_t peak_min = 75;       ///< from the dose to its strongest action
    friend constexpr auto operator<=>(const InsulinAction&, const InsulinAction&) = default;
};

/// What the curve's table has room for, and its fixed point was worked out for.
inline constexpr std::uint16_t longest_action_min = 480;

/// 5 to 8 hours, peak after 35 to 120 minutes: the ranges that oref0 takes for this curve (at least 5 hours; peak 35 to
/// 120). A duration that is set too short makes insulin vanish from the sum before it has worked, and doses are
/// stacked.
constexpr bool is_settable(const InsulinAction& a) noexcept {
    return a.duration_min >= 300 && a.duration_min <= longest_action_min && a.peak_min >= 35 && a.peak_min <= 120;
}

/// The share of a dose that has not yet acted, from 1 at the dose to 0 at the end of its action.
/// Source:   the exponential model of D. Maksimović (LoopKit/Loop issue 388, comment 317938473, 2017), which oref0
///           (lib/iob/calculate.js) and Loop compute in floating point. With T the duration and p the peak, in minutes:
///               tau = p (1 - p/T) / (1 - 2p/T)      activity ~ t (1 - t/T) exp(-t/tau)
///           and the share is one minus the activity's integral from 0 to t over that from 0 to T.
///           Loop puts a delay of ten minutes in front; this does not.
/// Rely on:  never rises, is exactly `one` at 0 and exactly 0 from the duration on; differs from the closed form by
///           less than `error`. Knots at whole minutes, straight lines between, so that no rounding can make it rise.
class InsulinCurve {
  public:
    static constexpr std::uint32_t one = 1U << 30;
    static constexpr std::uint32_t error =
        one / 8'000;  ///< 1.25 mU in 10 U: the straight lines' error, at the worst setting

    /// `action` must be settable.
    explicit InsulinCurve(const InsulinAction& action) noexcept;
    std::uint32_t remaining(std::uint64_t seconds_since_dose) const noexcept;
    const InsulinAction& action() const noexcept { return action_; }

  private:
    InsulinAction action_;
    std::array<std::uint32_t, longest_action_min + 1> at_minute_{};  ///< up to duration_min
};

}  // namespace basalt::firmware
