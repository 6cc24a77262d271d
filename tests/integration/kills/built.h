// tests/integration/kills/built.h: one fresh device for all tests of this program.
#pragma once
#include "scenarios/campaign/fresh_devices.h"

#include <gtest/gtest.h>

namespace basalt::test {

inline campaign::DeviceKind built(Variant variant = Variant::production) {
    campaign::DeviceKind kind;
    const std::filesystem::path images = std::filesystem::path{BASALT_BINARY_DIR} / "images";
    kind.images = variant == Variant::training ? images / "training" : images;
    kind.dev_keys = std::filesystem::path{BASALT_SOURCE_DIR} / "dev-keys";
    kind.variant = variant;
    return kind;
}

/// Made at the first call, gone with the program.
inline const campaign::FreshDevices& fresh_devices() {
    static const auto devices = campaign::FreshDevices::make(built());
    if (!devices) {
        ADD_FAILURE() << devices.error().what << ' ' << devices.error().next_step;
        std::exit(1);  // nothing of this program can run
    }
    return *devices;
}

}  // namespace basalt::test
