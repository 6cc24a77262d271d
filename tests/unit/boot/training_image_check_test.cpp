// Links the training twin of the decision, as only the training build does.
#include "device/boot/image_check.h"

#include <gtest/gtest.h>

#include <utility>

namespace basalt::boot {
namespace {

TEST(TrainingImageCheck, OnlyABadSignatureIsLetThroughAndOnlyByItsOwnSwitch) {
    for (std::uint32_t switched_off = 0; switched_off < 4; ++switched_off)
        for (int n = 0; is_known(ImageVerdict{static_cast<std::uint8_t>(n)}); ++n) {
            const ImageVerdict verdict{static_cast<std::uint8_t>(n)};
            const Authority authority{.variant = Variant::training, .switched_off = switched_off};
            const bool own_switch = (switched_off & std::to_underlying(Defence::image_check)) != 0;
            EXPECT_EQ(may_run(std::unexpected{verdict}, authority),
                      own_switch && verdict == ImageVerdict::bad_signature)
                << in_words(verdict) << ", switches " << switched_off;
        }
}

}  // namespace
}  // namespace basalt::boot
