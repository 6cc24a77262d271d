// scenarios/campaign/fresh_devices.h: one device is made; each run gets a copy of its own, as if it had just been made.
#pragma once
#include "device/factory/provision.h"
#include "device/guardian/dose_limits.h"
#include "scenarios/bench/living_device.h"

#include <filesystem>
#include <functional>
#include <memory>

namespace basalt::campaign {

struct DeviceKind {
    std::filesystem::path images;  ///< of `variant`
    std::filesystem::path dev_keys;
    Variant variant = Variant::production;
    std::uint32_t switched_off = 0;  ///< bits of Defence; a training device's alone
    MilliUnitsPerHour basal{1000};
    std::optional<guardian::DoseLimits> limits;  ///< none: an adult's usual ones
};

/// A copy of the master, in a place of its own that goes away with it.
class DeviceCopy {
  public:
    const std::filesystem::path& state() const noexcept { return state_; }
    std::filesystem::path flash() const { return state_ / "flash"; }
    std::filesystem::path chip() const { return state_ / "chip"; }

    /// Brings it to life. `observer` outlives the device, the copy too. One at a time: let go of the first before.
    Result<std::unique_ptr<bench::LivingDevice>> live(scenarios::Observer& observer,
                                                      const bench::HostBudget& budget = {});
    const std::string& run_directory() const noexcept { return sockets_.path(); }

  private:
    friend class FreshDevices;
    DeviceCopy(bench::RunDirectory files, bench::RunDirectory sockets)
        : files_(std::move(files)),
          sockets_(std::move(sockets)),
          state_(std::filesystem::path{files_.path()} / "device") {}
    bench::RunDirectory files_, sockets_;
    std::filesystem::path state_;
    std::optional<bench::StateDirectory> open_;
};

class FreshDevices {
  public:
    /// Makes the master. Errors: those of factory::provision().
    static Result<FreshDevices> make(const DeviceKind& kind);
    /// Errors: io.
    Result<std::unique_ptr<DeviceCopy>> copy() const;
    std::filesystem::path master() const { return std::filesystem::path{files_.path()} / "device"; }

  private:
    explicit FreshDevices(bench::RunDirectory files) : files_(std::move(files)) {}
    bench::RunDirectory files_;
};

}  // namespace basalt::campaign
