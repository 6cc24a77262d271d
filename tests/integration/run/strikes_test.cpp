// Kills, hangs and flips on real processes, five of each kind; `./basalt campaign kills|flips` runs as many as one
// likes.
#include "scenarios/bench/flips.h"
#include "scenarios/bench/kills.h"

#include <gtest/gtest.h>

namespace basalt::bench {
namespace {

namespace fs = std::filesystem;

const BuiltThings built{fs::path{BASALT_BINARY_DIR} / "bin", fs::path{BASALT_BINARY_DIR} / "images",
                        fs::path{BASALT_BINARY_DIR} / "images" / "training", fs::path{BASALT_SOURCE_DIR} / "dev-keys"};

struct Strikes : ::testing::Test {
    void SetUp() override {
        auto made = trial_template(built);
        ASSERT_TRUE(made) << made.error().what;
        device = std::move(*made);
    }
    void kills_of(const std::string& kind) {
        int played = 0;
        for (std::uint64_t seed = 0; played < 5; ++seed) {
            if (kind_of_kill(seed) != kind) continue;
            const auto trial = kill_trial(device->state().path(), seed, 2);
            ASSERT_TRUE(trial) << trial.error().what;
            EXPECT_EQ(trial->wrong, "") << kind << ", seed " << seed;
            ++played;
        }
    }
    void flips_of(const std::string& kind) {
        int played = 0;
        for (std::uint64_t seed = 0; played < 5; ++seed) {
            if (kind_of_flip(seed) != kind) continue;
            const auto trial = flip_trial(device->state().path(), seed);
            ASSERT_TRUE(trial) << trial.error().what;
            EXPECT_EQ(trial->wrong, "") << kind << ", seed " << seed;
            ++played;
        }
    }
    std::unique_ptr<FreshDevice> device;
};
using Kills = Strikes;
using Flips = Strikes;

TEST_F(Kills, AKilledGuardianIsBackAtOnceAndNothingIsGivenTwice) { kills_of("kill_guardian"); }
TEST_F(Kills, AGuardianKilledBetweenItsWordAndTheMotorGivesEachDoseOnce) { kills_of("kill_guardian_mid_tick"); }
TEST_F(Kills, AHangingGuardianIsReplacedByTheWatchdog) { kills_of("hang_guardian"); }
TEST_F(Kills, AKilledBootIsBackByTheResetLine) { kills_of("kill_boot"); }
TEST_F(Kills, AHangingBootIsFoundByItsSlot) { kills_of("hang_boot"); }
TEST_F(Kills, AKilledFirmwareIsVerifiedAgainAndEarnsNormalModeAgain) { kills_of("kill_firmware"); }
TEST_F(Kills, AHangingFirmwareIsFoundByItsSlot) { kills_of("hang_firmware"); }
TEST_F(Kills, AFirmwareThatCrashesAgainAndAgainLosesTheNetworkAndNeverLatchesFailsafe) {
    kills_of("crash_loop_firmware");
}
TEST_F(Kills, AKilledGatewayCostsTheNetworkForAMomentAndNothingElse) { kills_of("kill_gateway"); }
TEST_F(Kills, AHangingGatewayCostsTheNetworkAndNothingElse) { kills_of("hang_gateway"); }
TEST_F(Kills, ADeadTpmMeansFailsafeAndInsulinGoesOn) { kills_of("kill_tpm"); }
TEST_F(Kills, AHangingTpmMeansFailsafeAndInsulinGoesOn) { kills_of("hang_tpm"); }

TEST_F(Flips, AChangedFirmwareInBothSlotsIsRefusedAndInsulinGoesOn) { flips_of("firmware_both_slots"); }
TEST_F(Flips, AChangedFirmwareInSlotACostsOnlyAnAlarmBecauseSlotBRuns) { flips_of("firmware_slot_a"); }
TEST_F(Flips, AChangedFirmwareInSlotBChangesNothingWhileSlotARuns) { flips_of("firmware_slot_b"); }
TEST_F(Flips, AChangedGatewayCostsTheNetworkOnly) { flips_of("gateway"); }
TEST_F(Flips, AChangedConfigurationIsRefusedByItsSignature) { flips_of("configuration"); }
TEST_F(Flips, AChangedProfileIsRefusedByItsSignatureAndNothingIsGivenFromIt) { flips_of("profile"); }

}  // namespace
}  // namespace basalt::bench
