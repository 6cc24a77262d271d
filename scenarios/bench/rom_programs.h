// scenarios/bench/rom_programs.h: the real device: the ROM images of guardian and boot from chip/rom/, started by the
// same loader as every image, and swtpm as the TPM.
#pragma once
#include "scenarios/bench/device_processes.h"
#include "tpm/simulator.h"

#include <filesystem>
#include <optional>

namespace basalt::bench {

struct DevicePlaces {
    std::filesystem::path flash;  ///< what boot and firmware may reach
    std::filesystem::path chip;   ///< tpm/, rom/, guardian.mem, motor
    std::filesystem::path run;    ///< private and short: the TPM's sockets
};

/// Reads both ROM images and takes them into sealed memory: what is started later is what was read now.
/// Errors: unreadable (chip/rom/ is damaged or not complete), missing (no sealed memory on this kernel).
/// Rely on: nothing below a ROM can verify it; the signature is looked at to tell damage from the device's own
/// failures.
Result<Programs> rom_programs(const DevicePlaces& places);

/// swtpm, with its memory in chip/tpm/.
class SimulatedTpm final : public TpmPower {
  public:
    explicit SimulatedTpm(const DevicePlaces& places) : places_{places.chip / "tpm", places.run, "/usr/bin/swtpm"} {}
    Result<void> on() override;
    void off() noexcept override;
    void shut_down() noexcept override;
    pid_t pid() const noexcept override { return chip_ ? chip_->pid() : -1; }

  private:
    tpm::SimulatorPlaces places_;
    std::optional<tpm::Simulator> chip_;
};

/// What programs call the simulated TPM.
std::string tcti_of(const DevicePlaces& places);

}  // namespace basalt::bench
