#include "scenarios/campaign/fresh_devices.h"

#include "device/factory/therapy.h"

namespace basalt::campaign {

namespace fs = std::filesystem;

Result<FreshDevices> FreshDevices::make(const DeviceKind& kind) {
    auto files = bench::RunDirectory::make(bench::RunDirectory::Use::files);
    if (!files) return std::unexpected{files.error()};
    auto sockets = bench::RunDirectory::make();
    if (!sockets) return std::unexpected{sockets.error()};
    FreshDevices devices{std::move(*files)};
    const auto therapy = factory::flat_therapy("Basalt", kind.basal, kind.limits.value_or(factory::usual_limits));
    factory::DeviceOrder order;
    order.state = devices.master();
    order.images = kind.images;
    order.dev_keys = kind.dev_keys;
    order.run = sockets->path();
    order.variant = kind.variant;
    order.switched_off = kind.switched_off;
    order.seed = 1;
    order.configuration = therapy.configuration;
    order.profile = therapy.profile;
    if (auto made = factory::provision(order); !made) return std::unexpected{made.error()};
    return devices;
}

Result<std::unique_ptr<DeviceCopy>> FreshDevices::copy() const {
    auto files = bench::RunDirectory::make(bench::RunDirectory::Use::files);
    if (!files) return std::unexpected{files.error()};
    auto sockets = bench::RunDirectory::make();
    if (!sockets) return std::unexpected{sockets.error()};
    std::unique_ptr<DeviceCopy> copy{new DeviceCopy{std::move(*files), std::move(*sockets)}};
    std::error_code error;
    fs::copy(master(), copy->state(), fs::copy_options::recursive, error);
    if (error)
        return fail(ErrorCode::io, "The device for a run cannot be copied: " + error.message() + ".",
                    "Make room on the disk of $TMPDIR.");
    return copy;
}

Result<std::unique_ptr<bench::LivingDevice>> DeviceCopy::live(scenarios::Observer& observer,
                                                              const bench::HostBudget& budget) {
    if (!open_) {
        auto opened = bench::StateDirectory::open(state_);
        if (!opened) return std::unexpected{opened.error()};
        open_.emplace(std::move(*opened));
    }
    return bench::LivingDevice::open(*open_, sockets_, {{}, 1, budget}, observer);
}

}  // namespace basalt::campaign
