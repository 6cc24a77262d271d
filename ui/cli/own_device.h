// ui/cli/own_device.h: the user's own device: where it is, and how it is made.
#pragma once
#include "pump_model/patients.h"
#include "scenarios/bench/run_directory.h"
#include "scenarios/bench/state_directory.h"
#include "ui/cli/places.h"

namespace basalt::cli {

struct NewDevice {
    std::filesystem::path state;
    Variant variant = Variant::production;
    std::uint64_t seed = 1;
    const pump_model::Person* person = nullptr;  ///< null: the first; the profile's rate is this person's own
};

/// The rate that holds this person's fasting glucose, in the profile's steps of 0.05 U/h.
MilliUnitsPerHour basal_of(const pump_model::Person& person) noexcept;

/// Makes a device with its patient. Errors: those of factory::provision().
Result<void> make_device(const NewDevice& order, const Places& places, const bench::RunDirectory& run);

}  // namespace basalt::cli
