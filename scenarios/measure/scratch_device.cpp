#include "scenarios/measure/scratch_device.h"

#include "device/factory/therapy.h"
#include "scenarios/measure/plain_device.h"

namespace basalt::measure {

Result<std::unique_ptr<ScratchDevice>> ScratchDevice::make(const bench::BuiltThings& built,
                                                           scenarios::Observer& observer) {
    const auto therapy = factory::flat_therapy("Basalt", bench_rate);
    factory::DeviceOrder order;
    order.images = built.images;
    order.dev_keys = built.dev_keys;
    order.seed = 1;
    order.configuration = therapy.configuration;
    order.profile = therapy.profile;
    auto device = bench::FreshDevice::provision(std::move(order));
    if (!device) return std::unexpected{device.error()};
    return std::unique_ptr<ScratchDevice>{new ScratchDevice{std::move(*device), observer}};
}

Result<void> ScratchDevice::come_alive() {
    living_.reset();
    auto living = device_->live(observer_);
    if (!living) return std::unexpected{living.error()};
    living_ = std::move(*living);
    return {};
}

}  // namespace basalt::measure
