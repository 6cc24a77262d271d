// tests/integration/kills/built.h: one fresh device for all tests of this program.
#pragma once
#include "scenarios/campaign/device_kind.h"

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
inline const bench::FreshDevice& fresh_device() {
    static const auto device = campaign::provision(built());
    if (!device) {
        ADD_FAILURE() << device.error().what << ' ' << device.error().next_step;
        std::exit(1);  // nothing of this program can run
    }
    return **device;
}

}  // namespace basalt::test
