// device/guardian/dose_limits.h: what the motor may be asked for, whoever asks. No dose is allowed anywhere else.
#pragma once
#include "device/common/units.h"
#include "device/hal/dose_frames.h"

#include <expected>
#include <string_view>

namespace basalt::guardian {

/// Hard limits of the signed profile. Each is >= 0: fault_of() of profile.h has checked it.
struct DoseLimits {
    MilliUnits per_dose;               ///< at once
    MilliUnits per_hour;               ///< any 60 minutes in a row
    MilliUnits beyond_profile_in_4_h;  ///< any four hours hold at most the profile's insulin and this
    MilliUnits per_day;                ///< any 24 hours in a row
    std::uint8_t doses_per_hour = 0;   ///< any 60 minutes; the profile's own twelve are in it
    template <class C>
    void fields(C& c) { c(per_dose); c(per_hour); c(beyond_profile_in_4_h); c(per_day); c(doses_per_hour); }
};

/// What counts as given: every dose written down counts in full from then on, moved or not; what the motor is known not
/// to have moved does not. Sums are >= 0 and saturate; see dose_window.h.
struct Delivered {
    MilliUnits last_hour, last_4_h, last_day;
    MilliUnits profile_in_4_h;    ///< what the profile gives in the same four hours, this slot's dose included
    std::uint16_t boluses_last_hour = 0;
};

/// Cause, effect, next step: for the alarm line and the event log. Never empty, never allocates.
std::string_view in_words(hal::DoseVerdict verdict) noexcept;
std::string_view in_french(hal::DoseVerdict verdict) noexcept;

/// Holds one dose request against the limits.
/// Units:    milliunits of insulin.
/// Returns:  `accepted`, or the first limit that it breaks: not_positive, over_dose, over_hour, over_day, over_cap,
///           too_many (boluses only).
/// Rely on:  pure and total: any int32 is safe to pass. Refuses, never trims: a firmware that asks for too much is not one
///           to obey by half. An accepted dose fits every limit.
/// Source:   R33; ISO 14971:2019, 7.1 (a protective measure in the device itself).
hal::DoseVerdict allow(MilliUnits ask, hal::DoseKind kind, const DoseLimits& max, const Delivered& given) noexcept;

/// A request that breaks a hard limit is not a mistake of therapy but a firmware that cannot be trusted.
constexpr bool breaks_hard_limit(hal::DoseVerdict v) noexcept {
    return v == hal::DoseVerdict::over_dose || v == hal::DoseVerdict::over_hour || v == hal::DoseVerdict::over_day;
}

}  // namespace basalt::guardian
