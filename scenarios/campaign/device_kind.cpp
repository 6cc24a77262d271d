#include "scenarios/campaign/device_kind.h"

#include "device/factory/therapy.h"

namespace basalt::campaign {

Result<std::unique_ptr<bench::FreshDevice>> provision(const DeviceKind& kind) {
    const auto therapy = factory::flat_therapy("Basalt", kind.basal, kind.limits.value_or(factory::usual_limits));
    factory::DeviceOrder order;
    order.images = kind.images;
    order.dev_keys = kind.dev_keys;
    order.variant = kind.variant;
    order.switched_off = kind.switched_off;
    order.seed = 1;
    order.configuration = therapy.configuration;
    order.profile = therapy.profile;
    return bench::FreshDevice::provision(std::move(order));
}

}  // namespace basalt::campaign
