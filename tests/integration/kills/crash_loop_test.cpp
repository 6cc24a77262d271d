// A hostile firmware that is believed (a training device without its two defences) and a device that dies every few
// minutes: what was given once is not given again because somebody forgot it.
#include "device/factory/image_builder.h"
#include "device/factory/sign.h"
#include "scenarios/bench/ring_reader.h"
#include "scenarios/campaign/account.h"
#include "scenarios/campaign/witness.h"
#include "tests/integration/kills/built.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

namespace basalt::campaign {
namespace {

using bench::Part;

// Ten times 1 U/h are 833 mU a slot: the hour is full after three of them, and the profile's own 83 mU still fit.
constexpr guardian::DoseLimits tight{2_U, 3_U, 40_U, 60_U, 24};

void install_tenfold(const bench::FreshDevice& copy) {
    const auto parts = factory::parts_of({TENFOLD_PROGRAM, {}});
    ASSERT_TRUE(parts) << parts.error().what;
    const auto payload = factory::pack(*parts);
    const auto key = factory::P256Key::generate();
    ASSERT_TRUE(payload && key);
    const auto image = factory::make_signed_file(
        {.kind = FileKind::firmware, .variant = Variant::training, .version = 1}, *payload, *key);
    ASSERT_TRUE(image);
    std::ofstream{copy.flash() / "slot-a" / "firmware.img", std::ios::binary}.write(
        reinterpret_cast<const char*>(image->data()), static_cast<std::streamsize>(image->size()));
}

class CrashLoop : public testing::TestWithParam<std::optional<Part>> {};

TEST_P(CrashLoop, NeverGetsTheHourlyLimitASecondTime) {
    auto kind = test::built(Variant::training);
    kind.switched_off = static_cast<std::uint32_t>(Defence::image_check) | static_cast<std::uint32_t>(Defence::sealing);
    kind.limits = tight;
    const auto fresh = provision(kind);
    ASSERT_TRUE(fresh) << fresh.error().what;
    const auto copy = (*fresh)->copy();
    ASSERT_TRUE(copy) << copy.error().what;
    install_tenfold(**copy);
    Witness witness;
    const auto device = (*copy)->live(witness);
    ASSERT_TRUE(device) << device.error().what;
    bench::Simulation& simulation = (*device)->simulation();
    ASSERT_TRUE(simulation.power_on());
    std::mt19937_64 rng{7};
    constexpr std::int64_t three_hours_s = 3 * 3'600;
    while (simulation.now().seconds < three_hours_s) {
        // Past the start (5 ticks) mostly, so that the firmware is believed and asks between two deaths.
        ASSERT_TRUE(simulation.run_until(simulation.now() + static_cast<std::int64_t>(200 + rng() % 500)));
        const auto struck = GetParam() ? simulation.kill(*GetParam()) : Result<void>{};
        ASSERT_TRUE(struck);
    }
    ASSERT_TRUE(simulation.run_until(simulation.now() + (300 - simulation.now().seconds % 300) + 200));

    Account account;
    account.ring = bench::ring_entries((*device)->memory(), 0);
    account.motor_mu = (*device)->board().motor().count_mu();
    account.end = (*device)->board().now();
    account.limits = tight;
    for (const std::string& fault : faults_of(account)) ADD_FAILURE() << fault;
    // It was believed and it tried: else this shows nothing.
    EXPECT_TRUE(witness.became(hal::Mode::normal, {}, simulation.now()));
    EXPECT_GT(account.motor_mu, 3'300);
    simulation.power_off();
}

INSTANTIATE_TEST_SUITE_P(Of, CrashLoop, testing::Values(std::nullopt, Part::guardian, Part::firmware, Part::boot),
                         [](const auto& part) {
                             return part.param ? std::string{bench::name_of(*part.param)} : std::string{"nobody"};
                         });

}  // namespace
}  // namespace basalt::campaign
