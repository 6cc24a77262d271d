// The seam of the scenarios on real processes.
#include "scenarios/bench/device_under_test.h"

#include <gtest/gtest.h>

namespace basalt::bench {
namespace {

namespace fs = std::filesystem;
using scenarios::Build;
using scenarios::Setting;

const BuiltThings built{fs::path{BASALT_BINARY_DIR} / "bin", fs::path{BASALT_BINARY_DIR} / "images",
                        fs::path{BASALT_BINARY_DIR} / "images" / "training", fs::path{BASALT_SOURCE_DIR} / "dev-keys"};

struct Samples final : scenarios::Observer {
    void hear(const scenarios::Sample& sample) override { samples.push_back(sample); }
    void hear(const scenarios::Dose& dose) override { doses.push_back(dose); }
    void hear(const scenarios::ModeChange& change) override { modes.push_back(change); }
    void hear(const scenarios::Alarm&) override {}
    void hear(const scenarios::Event&) override {}
    std::vector<scenarios::Sample> samples;
    std::vector<scenarios::Dose> doses;
    std::vector<scenarios::ModeChange> modes;
};

Setting setting() {
    Setting some;
    some.patient = "adult#001";
    some.basal = {1'250};
    some.start = {8 * 3'600};
    some.seed = 3;
    return some;
}

std::unique_ptr<scenarios::DeviceUnderTest> make(scenarios::Observer& observer, const Build& build = {}) {
    auto device = ProcessDeviceMaker{built}.make(setting(), build, observer);
    EXPECT_TRUE(device) << device.error().what;
    return device ? std::move(*device) : nullptr;
}

TEST(DeviceUnderTest, TheDosesThatAreToldAreWhatTheMotorMoved) {
    Samples seen;
    const auto device = make(seen);
    ASSERT_TRUE(device);
    ASSERT_TRUE(device->power_on());
    // A sample is taken before its second's tick: the last one, a minute after the slot at two hours, has seen that dose.
    ASSERT_TRUE(device->run_until({2 * 3'600 + 120}));
    std::int64_t told_mu = 0;
    for (const auto& dose : seen.doses) told_mu += dose.amount.count;
    ASSERT_EQ(seen.samples.size(), 122U) << "every whole minute, the first at the beginning";
    EXPECT_EQ(seen.samples.back().delivered_mu, told_mu);
    EXPECT_EQ(seen.modes.back().mode, hal::Mode::normal);
    EXPECT_EQ(seen.doses.front().by, scenarios::Dose::By::profile) << "insulin goes before verification is over";
    EXPECT_EQ(seen.doses.back().by, scenarios::Dose::By::firmware);
}

TEST(DeviceUnderTest, TwoCallsInARowAreTheSameAsOne) {
    Samples at_once, in_steps;
    const auto one = make(at_once);
    const auto other = make(in_steps);
    ASSERT_TRUE(one && other);
    ASSERT_TRUE(one->power_on());
    ASSERT_TRUE(one->run_until({3'000}));
    ASSERT_TRUE(other->power_on());
    for (std::int64_t second = 7; second < 3'000; second += 7) ASSERT_TRUE(other->run_until({second}));
    ASSERT_TRUE(other->run_until({3'000}));
    EXPECT_EQ(at_once.doses, in_steps.doses);
    EXPECT_EQ(at_once.modes, in_steps.modes);
    ASSERT_EQ(at_once.samples.size(), in_steps.samples.size());
    for (std::size_t i = 0; i < at_once.samples.size(); ++i)
        EXPECT_EQ(at_once.samples[i].plasma_mg_dl, in_steps.samples[i].plasma_mg_dl);
}

TEST(DeviceUnderTest, ATrainingDeviceWithEveryDefenceOnGivesTheSameDoses) {
    Samples production, training;
    const auto one = make(production);
    const auto other = make(training, {Variant::training, 0});
    ASSERT_TRUE(one && other);
    for (const auto& device : {one.get(), other.get()}) {
        ASSERT_TRUE(device->power_on());
        ASSERT_TRUE(device->run_until({3'600}));
    }
    EXPECT_EQ(production.doses, training.doses);
    EXPECT_EQ(production.modes, training.modes);
}

TEST(DeviceUnderTest, ThePatientLivesOnWhileThePumpIsOff) {
    Samples seen;
    const auto device = make(seen);
    ASSERT_TRUE(device);
    ASSERT_TRUE(device->eat(60));
    ASSERT_TRUE(device->run_until({5 * 3'600}));
    EXPECT_EQ(seen.doses.size(), 0U);
    EXPECT_EQ(seen.samples.back().delivered_mu, 0);
    EXPECT_GT(seen.samples.back().plasma_mg_dl, seen.samples.front().plasma_mg_dl + 50);
    EXPECT_EQ(device->eat(-1).error().code, ErrorCode::usage);
}

TEST(DeviceUnderTest, TheAttackersHandReachesFlashOnlyWhileThePumpIsOffAndOnlyWithAProgramThatExists) {
    Samples seen;
    const auto device = make(seen);
    ASSERT_TRUE(device);
    EXPECT_EQ(device->replace_image(hal::Slot::none, "tenfold").error().code, ErrorCode::usage);
    EXPECT_EQ(device->replace_image(hal::Slot::a, "tenfolt").error().code, ErrorCode::usage);
    EXPECT_EQ(device->replace_image(hal::Slot::a, "../bin/tenfold").error().code, ErrorCode::usage);
    EXPECT_TRUE(device->replace_image(hal::Slot::a, "tenfold"));
    ASSERT_TRUE(device->power_on());
    EXPECT_EQ(device->replace_image(hal::Slot::b, "tenfold").error().code, ErrorCode::usage);
}

TEST(DeviceUnderTest, APatientThatIsNoneIsSaidWithTheNearestName) {
    Samples seen;
    Setting wrong = setting();
    wrong.patient = "adult#0o1";
    const auto device = ProcessDeviceMaker{built}.make(wrong, {}, seen);
    ASSERT_FALSE(device);
    EXPECT_EQ(device.error().code, ErrorCode::usage);
    EXPECT_NE(device.error().next_step.find("adult#001"), std::string::npos);
}

}  // namespace
}  // namespace basalt::bench
