// scenarios/bench/fresh_device.h: a device of its own for one run: provisioned, or a copy of one that was, in a
// directory that goes away with it. Never the user's own.
#pragma once
#include "device/factory/provision.h"
#include "scenarios/bench/living_device.h"

namespace basalt::bench {

class FreshDevice {
  public:
    /// Provisions one; `order` says all but its places.
    static Result<std::unique_ptr<FreshDevice>> provision(factory::DeviceOrder order);
    /// A copy of a device that is not running: same identity, same keys, same TPM.
    static Result<std::unique_ptr<FreshDevice>> copy_of(const std::filesystem::path& state);

    /// Joins its files to a board and a patient; nothing runs yet. Once; `observer` outlives this.
    Result<void> come_alive(const LifeOptions& options, scenarios::Observer& observer);

    const StateDirectory& state() const noexcept { return state_; }
    /// After come_alive().
    LivingDevice& device() noexcept { return *device_; }
    Simulation& simulation() noexcept { return device_->simulation(); }

  private:
    FreshDevice(RunDirectory files, RunDirectory sockets, StateDirectory state)
        : files_(std::move(files)), sockets_(std::move(sockets)), state_(std::move(state)) {}
    RunDirectory files_;  // the state directory lies in it
    RunDirectory sockets_;
    StateDirectory state_;
    std::unique_ptr<LivingDevice> device_;
};

}  // namespace basalt::bench
