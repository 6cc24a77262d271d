// device/factory/therapy.h: a simple therapy for a simulated patient: one rate all day, as profile and as
// configuration.
#pragma once
#include "device/firmware/configuration.h"
#include "device/guardian/profile.h"

#include <string>

namespace basalt::factory {

struct Therapy {
    guardian::Profile profile;  ///< without release keys: provision() fills them in
    firmware::Configuration configuration;
};

/// Limits of an adult; no guideline's, and changed by whoever signs a profile.
inline constexpr guardian::DoseLimits usual_limits{10_U, 15_U, 10_U, 60_U, 24};

/// By the pump's own button in failsafe: little enough that one given by mistake harms nobody by itself.
inline constexpr MilliUnits usual_failsafe_bolus{500};

inline Therapy flat_therapy(std::string device_name, MilliUnitsPerHour basal,
                            const guardian::DoseLimits& limits = usual_limits) {
    Therapy therapy;
    therapy.profile.generation = 1;
    therapy.profile.rates.fill(basal);
    therapy.profile.limits = limits;
    therapy.profile.failsafe_bolus = usual_failsafe_bolus;
    therapy.configuration.device_name = std::move(device_name);
    therapy.configuration.basal.fill(basal);
    return therapy;
}

}  // namespace basalt::factory
