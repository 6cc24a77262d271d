// scenarios/bench/living_device.h: a state directory brought to life: its files, board, programs, TPM and patient,
// joined. `basalt run`, scenarios and campaigns all play on this.
#pragma once
#include "scenarios/bench/listener.h"
#include "scenarios/bench/rom_programs.h"
#include "scenarios/bench/run_directory.h"
#include "scenarios/bench/simulation.h"
#include "scenarios/bench/state_directory.h"

#include <memory>
#include <optional>

namespace basalt::bench {

/// How a device's first run begins. A later run goes on where the one before it ended.
struct FirstRun {
    const pump_model::Person* person = nullptr;  ///< null: "adult#001"
    SecondOfDay start;
    MilliUnits reservoir{300'000};
};

struct LifeOptions {
    FirstRun first;
    std::uint64_t seed = 1;  ///< of the glucose sensor's error
    HostBudget budget{};
    /// The port of 127.0.0.1 on which the device listens; 0: any that is free. Nothing: it has no network, and a run
    /// then depends on its seed alone.
    std::optional<std::uint16_t> port{};
};

class LivingDevice {
  public:
    /// Opens board, memory, ROM, patient and network socket; nothing runs yet. Errors beside their own: refused: the
    /// port is in use. `state`, `run` and `observer` outlive it.
    static Result<std::unique_ptr<LivingDevice>> open(const StateDirectory& state, const RunDirectory& run,
                                                      const LifeOptions& options, scenarios::Observer& observer);
    LivingDevice(const LivingDevice&) = delete;
    LivingDevice& operator=(const LivingDevice&) = delete;

    Simulation& simulation() noexcept { return simulation_; }
    MemoryStore& memory() noexcept { return files_.memory; }
    Board& board() noexcept { return board_; }
    /// Where the device listens; nothing without a network.
    std::optional<std::uint16_t> port() const noexcept {
        return listener_ ? std::optional{listener_->port()} : std::nullopt;
    }

  private:
    struct Files final : Keeper {
        Files(FileMemory memory_file, MotorFile motor_file, PatientFile patient_file)
            : memory(std::move(memory_file)), motor(std::move(motor_file)), patient(std::move(patient_file)) {}
        bool keep(const BoardRecord& board, const PatientRecord& record) override {
            return motor.keep(board) && patient.keep(record);
        }
        FileMemory memory;
        MotorFile motor;
        PatientFile patient;
    };
    LivingDevice(Files files, Programs programs, const DevicePlaces& places, const LifeOptions& options,
                 std::optional<Listener> listener, scenarios::Observer& observer);

    Files files_;
    Board board_;
    std::optional<Listener> listener_;
    SimulatedTpm tpm_;
    DeviceProcesses processes_;
    Simulation simulation_;
};

}  // namespace basalt::bench
