#include "device/boot/image_check.h"

#include <gtest/gtest.h>

#include <utility>

namespace basalt::boot {
namespace {

// This program links the decision of every device; its training twin is shown in the training tests.
TEST(ImageCheck, OnADeviceNoSwitchLetsARefusedImageRun) {
    const Authority all_off{.variant = Variant::training, .switched_off = ~0U};
    for (int verdict = 0; is_known(ImageVerdict{static_cast<std::uint8_t>(verdict)}); ++verdict)
        EXPECT_FALSE(may_run(std::unexpected{ImageVerdict{static_cast<std::uint8_t>(verdict)}}, all_off)) << verdict;
}

}  // namespace
}  // namespace basalt::boot
