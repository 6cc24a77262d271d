// scenarios/campaign/device_kind.h: which device a campaign plays on. It is made once; each run gets a copy of its own.
#pragma once
#include "device/guardian/dose_limits.h"
#include "scenarios/bench/fresh_device.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace basalt::campaign {

struct DeviceKind {
    std::filesystem::path images;  ///< of `variant`
    std::filesystem::path dev_keys;
    Variant variant = Variant::production;
    std::uint32_t switched_off = 0;  ///< bits of Defence; a training device's alone
    MilliUnitsPerHour basal{1000};
    std::optional<guardian::DoseLimits> limits;  ///< none: an adult's usual ones
};

/// Makes the one that is copied. Errors: those of bench::FreshDevice::provision().
Result<std::unique_ptr<bench::FreshDevice>> provision(const DeviceKind& kind);

}  // namespace basalt::campaign
