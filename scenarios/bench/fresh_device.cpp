#include "scenarios/bench/fresh_device.h"

namespace basalt::bench {

namespace fs = std::filesystem;

FreshDevice::FreshDevice(RunDirectory files, RunDirectory sockets)
    : files_(std::move(files)), sockets_(std::move(sockets)), path_(fs::path{files_.path()} / "device") {}

Result<std::unique_ptr<FreshDevice>> FreshDevice::make_places() {
    auto files = RunDirectory::make(RunDirectory::Use::files);
    if (!files) return std::unexpected{files.error()};
    auto sockets = RunDirectory::make();
    if (!sockets) return std::unexpected{sockets.error()};
    return std::unique_ptr<FreshDevice>{new FreshDevice{std::move(*files), std::move(*sockets)}};
}

Result<std::unique_ptr<FreshDevice>> FreshDevice::provision(factory::DeviceOrder order) {
    auto device = make_places();
    if (!device) return device;
    order.state = (*device)->path_;
    order.run = (*device)->sockets_.path();
    if (const auto made = factory::provision(order); !made) return std::unexpected{made.error()};
    return device;
}

Result<std::unique_ptr<FreshDevice>> FreshDevice::copy() const {
    auto device = make_places();
    if (!device) return device;
    std::error_code error;
    fs::copy(path_, (*device)->path_, fs::copy_options::recursive, error);
    if (error)
        return fail(ErrorCode::io, "The device for a run cannot be copied: " + error.message() + ".",
                    "Make room on the disk of $TMPDIR.");
    return device;
}

Result<std::unique_ptr<LivingDevice>> FreshDevice::live(scenarios::Observer& observer, const LifeOptions& options) {
    if (!held_) {
        auto opened = StateDirectory::open(path_);
        if (!opened) return std::unexpected{opened.error()};
        held_.emplace(std::move(*opened));
    }
    return LivingDevice::open(*held_, sockets_, options, observer);
}

}  // namespace basalt::bench
