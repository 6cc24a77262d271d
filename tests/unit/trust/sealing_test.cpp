#include "device/firmware/trust/sealing.h"

#include <gtest/gtest.h>

namespace basalt::firmware {
namespace {

TEST(Sealing, ProductionKnowsNoSwitch) {
    for (unsigned bit = 0; bit < 32; ++bit) EXPECT_EQ(protection(1U << bit), Protection::measured_state);
    EXPECT_EQ(protection(0), Protection::measured_state);
}

}  // namespace
}  // namespace basalt::firmware
