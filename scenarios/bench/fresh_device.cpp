#include "scenarios/bench/fresh_device.h"

#include "scenarios/bench/kept_record.h"

namespace basalt::bench {
namespace {

namespace fs = std::filesystem;

constexpr const char* name = "device";

}  // namespace

Result<std::unique_ptr<FreshDevice>> FreshDevice::provision(factory::DeviceOrder order) {
    auto files = RunDirectory::make(RunDirectory::Use::files);
    if (!files) return std::unexpected{files.error()};
    auto sockets = RunDirectory::make();
    if (!sockets) return std::unexpected{sockets.error()};
    order.state = fs::path{files->path()} / name;
    order.run = sockets->path();
    if (const auto made = factory::provision(order); !made) return std::unexpected{made.error()};
    auto state = StateDirectory::open(order.state);
    if (!state) return std::unexpected{state.error()};
    return std::unique_ptr<FreshDevice>{new FreshDevice{std::move(*files), std::move(*sockets), std::move(*state)}};
}

Result<std::unique_ptr<FreshDevice>> FreshDevice::copy_of(const fs::path& from) {
    auto files = RunDirectory::make(RunDirectory::Use::files);
    if (!files) return std::unexpected{files.error()};
    auto sockets = RunDirectory::make();
    if (!sockets) return std::unexpected{sockets.error()};
    const fs::path to = fs::path{files->path()} / name;
    std::error_code error;
    fs::copy(from, to, fs::copy_options::recursive, error);
    if (error) return std::unexpected{cannot("The device cannot be copied:", from.string(), error.value())};
    auto state = StateDirectory::open(to);
    if (!state) return std::unexpected{state.error()};
    return std::unique_ptr<FreshDevice>{new FreshDevice{std::move(*files), std::move(*sockets), std::move(*state)}};
}

Result<void> FreshDevice::come_alive(const LifeOptions& options, scenarios::Observer& observer) {
    auto device = LivingDevice::open(state_, sockets_, options, observer);
    if (!device) return std::unexpected{device.error()};
    device_ = std::move(*device);
    return {};
}

}  // namespace basalt::bench
