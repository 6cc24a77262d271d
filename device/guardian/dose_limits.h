// device/guardian/dose_limits.h: what the motor may be asked for, whoever asks. No dose is allowed anywhere else.
#pragma once
#include "device/hal/dose_frames.h"

namespace basalt::guardian {

/// Each is >= 0: fault_of() of profile.h has checked it.
using hal::DoseLimits;

/// What counts as given, by delivered() of dose_window.h. Each is >= 0.
struct Delivered {
    MilliUnits last_hour, last_day, beyond_profile_in_4_h;
    std::uint8_t boluses_last_hour = 0;
};

/// One wish for insulin. `of_profile`: what the profile itself gives in this slot; 0 for a bolus.
struct Ask {
    MilliUnits amount, of_profile;
    bool bolus = false;
};
/// How much of a dose goes beyond the profile. A dose below the profile earns no credit: what was held back for hours
/// cannot be given at once later. `amount` and `of_profile` are >= 0.
constexpr MilliUnits beyond(MilliUnits amount, MilliUnits of_profile) noexcept {
    return amount > of_profile ? amount - of_profile : MilliUnits{};
}

/// Holds one wish against the limits.
/// Units:    milliunits of insulin.
/// Returns:  `accepted`, or the first rule that it breaks, in the order of the table in dose_limits.cpp: hard limits
/// first. Rely on:  pure and total: any int32 is safe to pass. Refuses, never trims: a firmware that asks for too much
/// is not one
///           to obey by half. An accepted dose fits every limit.
/// Source:   R33; ISO 14971:2019, 7.1 (a protective measure in the device itself).
hal::DoseVerdict allow(const Ask& ask, const DoseLimits& max, const Delivered& given) noexcept;

/// A request that breaks a hard limit is not a mistake of therapy: that firmware cannot be trusted with the motor.
constexpr bool breaks_hard_limit(hal::DoseVerdict v) noexcept {
    return v == hal::DoseVerdict::over_dose || v == hal::DoseVerdict::over_hour || v == hal::DoseVerdict::over_day;
}

}  // namespace basalt::guardian
