#include "scenarios/measure/plain_device.h"

#include "pump_model/patients.h"

namespace basalt::measure {

Result<std::unique_ptr<PlainDevice>> PlainDevice::make(scenarios::Observer& observer) {
    auto files = bench::RunDirectory::make(bench::RunDirectory::Use::files);
    if (!files) return std::unexpected{files.error()};
    auto motor = bench::MotorFile::open(files->path() + "/motor", {});
    if (!motor) return std::unexpected{motor.error()};
    const bench::PatientRecord fresh{pump_model::Patient{pump_model::all_people().front()}, {}, 0, 0};
    auto patient = bench::PatientFile::open(files->path() + "/patient", fresh);
    if (!patient) return std::unexpected{patient.error()};
    return std::unique_ptr<PlainDevice>{
        new PlainDevice{std::move(*files), {std::move(*motor), std::move(*patient)}, observer}};
}

}  // namespace basalt::measure
