#include "ui/cli/own_device.h"

#include "device/factory/provision.h"
#include "device/factory/therapy.h"
#include "scenarios/bench/board_files.h"

#include <cmath>

namespace basalt::cli {

MilliUnitsPerHour basal_of(const pump_model::Person& person) noexcept {
    constexpr double steps_per_u = 1000.0 / guardian::rate_step_mu_per_h;
    return {static_cast<std::int32_t>(std::lround(person.parameters.basal_u_per_h * steps_per_u)) *
            guardian::rate_step_mu_per_h};
}

Result<void> make_device(const NewDevice& order, const Places& places, const bench::RunDirectory& run) {
    const auto& person = order.person != nullptr ? *order.person : pump_model::all_people().front();
    const auto therapy = factory::flat_therapy("Basalt", basal_of(person));
    factory::DeviceOrder device;
    device.state = order.state;
    device.images = order.variant == Variant::training ? places.training_images() : places.images();
    device.dev_keys = places.dev_keys;
    device.run = run.path();
    device.variant = order.variant;
    device.seed = order.seed;
    device.configuration = therapy.configuration;
    device.profile = therapy.profile;
    if (const auto made = factory::provision(device); !made) return std::unexpected{made.error()};
    const auto patient =
        bench::PatientFile::open(order.state / "host" / "patient", {pump_model::Patient{person}, {}, 0, 0});
    return patient ? Result<void>{} : std::unexpected{patient.error()};
}

}  // namespace basalt::cli
