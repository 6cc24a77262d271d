// scenarios/bench/device_under_test.h: the devices that scenarios are played on: real processes, a real software TPM,
// on a state directory that was provisioned for this one run and goes away with it.
#pragma once
#include "scenarios/engine/device_under_test.h"

#include <filesystem>

namespace basalt::bench {

/// Where what was built stands.
struct BuiltThings {
    std::filesystem::path programs;         ///< bin/: the attackers' programs
    std::filesystem::path images;           ///< production: guardian.img boot.img firmware.img gateway.img
    std::filesystem::path training_images;  ///< the same of the training build
    std::filesystem::path dev_keys;
};

class ProcessDeviceMaker final : public scenarios::DeviceMaker {
  public:
    explicit ProcessDeviceMaker(BuiltThings built) : built_(std::move(built)) {}
    /// Errors: usage (no such patient), missing (swtpm, images), io, and those of provisioning.
    /// Rely on: call it from the main thread; several devices may live beside each other.
    Result<std::unique_ptr<scenarios::DeviceUnderTest>> make(const scenarios::Setting& setting,
                                                             const scenarios::Build& build,
                                                             scenarios::Observer& observer) override;

  private:
    BuiltThings built_;
};

}  // namespace basalt::bench
