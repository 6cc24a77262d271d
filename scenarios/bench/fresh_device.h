// scenarios/bench/fresh_device.h: a device of its own for one run: provisioned, or a copy of one that was, as if it had
// just been made. It lies in a directory that goes away with it. Never the user's own.
#pragma once
#include "device/factory/provision.h"
#include "scenarios/bench/living_device.h"

#include <optional>

namespace basalt::bench {

class FreshDevice {
  public:
    /// Provisions one; `order` says all but its places. From the main thread only.
    /// Errors: those of factory::provision(), io.
    static Result<std::unique_ptr<FreshDevice>> provision(factory::DeviceOrder order);
    /// A copy of this one, which is not running: same identity, same keys, same TPM. Errors: io.
    Result<std::unique_ptr<FreshDevice>> copy() const;

    const std::filesystem::path& path() const noexcept { return path_; }
    std::filesystem::path flash() const { return path_ / "flash"; }
    std::filesystem::path chip() const { return path_ / "chip"; }
    DevicePlaces places() const { return {flash(), chip(), sockets_.path()}; }

    /// Joins its files to a board and a patient; nothing runs yet. `observer` outlives what is returned, and so does
    /// this. One at a time: let go of the first before. The next one goes on where it stopped.
    Result<std::unique_ptr<LivingDevice>> live(scenarios::Observer& observer, const LifeOptions& options = {});

  private:
    FreshDevice(RunDirectory files, RunDirectory sockets);
    static Result<std::unique_ptr<FreshDevice>> make_places();
    RunDirectory files_;  // the state directory lies in it
    RunDirectory sockets_;
    std::filesystem::path path_;
    std::optional<StateDirectory> held_;  // from the first life on: until then its files are anyone's to change
};

}  // namespace basalt::bench
