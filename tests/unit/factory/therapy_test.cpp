#include "device/factory/therapy.h"

#include <gtest/gtest.h>

namespace basalt::factory {
namespace {

TEST(UsualCalculator, FollowsTheRulesOfThumbAndIsTakenByTheCalculatorAtEveryRate) {
    const auto usual = flat_therapy("Pump", {850}).configuration.calculator;  // 20.4 U of basal, so 40.8 U a day
    ASSERT_TRUE(usual);
    EXPECT_EQ(usual->carb_ratio[0], 122);         // 500 g / 40.8
    EXPECT_EQ(usual->correction_factor[47], 44);  // 1800 mg/dL / 40.8
    EXPECT_EQ(usual->most_at_once, 8_U);
    for (std::int32_t rate = 0; rate <= firmware::basal_rate_max.count; rate += firmware::basal_rate_step.count)
        for (const MilliUnits per_dose : {500_mU, 725_mU, 10_U, 30_U}) {
            guardian::DoseLimits limits = usual_limits;
            limits.per_dose = per_dose;
            const auto settings = flat_therapy("Pump", {rate}, limits).configuration.calculator;
            ASSERT_TRUE(settings);
            EXPECT_EQ(firmware::fault_of(*settings), firmware::SettingsFault::none) << rate;
            EXPECT_LE(settings->most_at_once, per_dose);
        }
}

}  // namespace
}  // namespace basalt::factory
