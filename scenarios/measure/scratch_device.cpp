#include "scenarios/measure/scratch_device.h"

#include "device/factory/provision.h"
#include "device/factory/therapy.h"
#include "scenarios/measure/plain_device.h"

namespace basalt::measure {

Result<std::unique_ptr<ScratchDevice>> ScratchDevice::make(const bench::BuiltThings& built,
                                                           scenarios::Observer& observer) {
    auto files = bench::RunDirectory::make(bench::RunDirectory::Use::files);
    if (!files) return std::unexpected{files.error()};
    auto sockets = bench::RunDirectory::make();
    if (!sockets) return std::unexpected{sockets.error()};
    const auto therapy = factory::flat_therapy("Basalt", bench_rate);
    factory::DeviceOrder order;
    order.state = std::filesystem::path{files->path()} / "device";
    order.images = built.images;
    order.dev_keys = built.dev_keys;
    order.run = sockets->path();
    order.seed = 1;
    order.configuration = therapy.configuration;
    order.profile = therapy.profile;
    if (const auto made = factory::provision(order); !made) return std::unexpected{made.error()};
    auto state = bench::StateDirectory::open(order.state);
    if (!state) return std::unexpected{state.error()};
    return std::unique_ptr<ScratchDevice>{
        new ScratchDevice{std::move(*files), std::move(*sockets), std::move(*state), observer}};
}

Result<void> ScratchDevice::come_alive() {
    living_.reset();
    auto living = bench::LivingDevice::open(state_, sockets_, {}, observer_);
    if (!living) return std::unexpected{living.error()};
    living_ = std::move(*living);
    return {};
}

}  // namespace basalt::measure
