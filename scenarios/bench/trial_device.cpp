#include "scenarios/bench/trial_device.h"

#include "device/factory/therapy.h"

#include <algorithm>

namespace basalt::bench {

bool Seen::entered(hal::Mode mode, scenarios::Moment from) const {
    return std::ranges::any_of(modes, [&](const auto& change) { return change.mode == mode && change.at >= from; });
}

bool Seen::alarmed(std::string_view id) const {
    return std::ranges::any_of(alarms, [&](const auto& alarm) { return alarm.on && alarm.id == id; });
}

bool Seen::happened(std::string_view event_id) const {
    return std::ranges::any_of(events, [&](const auto& event) { return event.id == event_id; });
}

Result<std::unique_ptr<FreshDevice>> trial_template(const BuiltThings& built) {
    const auto therapy = factory::flat_therapy("Basalt", {1'250});
    factory::DeviceOrder order;
    order.images = built.images;
    order.dev_keys = built.dev_keys;
    order.seed = 1;
    order.configuration = therapy.configuration;
    order.profile = therapy.profile;
    return FreshDevice::provision(order);
}

// SplitMix64: Steele, Lea, Flood, OOPSLA 2014. The remainder's bias does not matter below a million.
std::uint64_t Chance::below(std::uint64_t below) noexcept {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (z ^ (z >> 31)) % below;
}

}  // namespace basalt::bench
