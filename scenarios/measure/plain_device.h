// scenarios/measure/plain_device.h: board, patient and files like the device's own, around the plain pump in a process.
#pragma once
#include "scenarios/bench/run_directory.h"
#include "scenarios/bench/simulation.h"
#include "scenarios/measure/plain_pump.h"

#include <memory>

namespace basalt::measure {

/// The rate that benchmarks run at: about an adult's.
inline constexpr MilliUnitsPerHour bench_rate{1'000};
inline firmware::BasalRates flat_rates() {
    firmware::BasalRates rates;
    rates.fill(bench_rate);
    return rates;
}

class PlainDevice {
  public:
    /// Nothing runs yet. From the main thread only. `observer` outlives it.
    static Result<std::unique_ptr<PlainDevice>> make(scenarios::Observer& observer);
    bench::Simulation& simulation() noexcept { return simulation_; }

  private:
    struct Files final : bench::Keeper {
        Files(bench::MotorFile motor_file, bench::PatientFile patient_file)
            : motor(std::move(motor_file)), patient(std::move(patient_file)) {}
        Files(Files&& other) noexcept : motor(std::move(other.motor)), patient(std::move(other.patient)) {}
        bool keep(const bench::BoardRecord& board, const bench::PatientRecord& record) override {
            return motor.keep(board) && patient.keep(record);
        }
        bench::MotorFile motor;
        bench::PatientFile patient;
    };
    PlainDevice(bench::RunDirectory directory, Files files, scenarios::Observer& observer)
        : directory_(std::move(directory)),
          files_(std::move(files)),
          board_(memory_, files_.motor.last()),
          processes_(board_, plain_programs(flat_rates()), tpm_),
          simulation_(board_, memory_, processes_, files_.patient.last(), 1, observer, files_) {}

    bench::RunDirectory directory_;
    Files files_;
    NoMemory memory_;
    bench::Board board_;
    NoTpm tpm_;
    bench::DeviceProcesses processes_;
    bench::Simulation simulation_;
};

}  // namespace basalt::measure
