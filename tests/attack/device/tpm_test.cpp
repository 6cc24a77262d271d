// Who can kill the firmware, or reset the TPM behind the device's back, and then has the TPM to himself.
#include "device/firmware/trust/trust.h"
#include "storage/database.h"
#include "tests/attack/device/attacked_pump.h"
#include "tests/support/child.h"
#include "tpm/event_log.h"
#include "tpm/simulator.h"

#include <fmt/format.h>

namespace basalt::test {
namespace {

class TpmAlone : public AttackedPump {
  protected:
    /// The guardian's share, which the thief has learnt.
    Secret share() const {
        const auto memory = file_bytes(chip() / "guardian.mem");
        guardian::Identity identity;
        EXPECT_TRUE(guardian::unseal(
            ByteView{memory}.subspan(guardian::layout::identity, guardian::layout::identity_size), identity));
        Secret secret;
        std::ranges::copy(identity.share, secret.bytes().begin());
        return secret;
    }
    std::string share_in_hex() const {
        std::string hex;
        const Secret secret = share();
        for (const std::uint8_t byte : secret.view()) hex += fmt::format("{:02x}", byte);
        return hex;
    }
    /// Exit status of scenarios/attackers/key_thief: 3: everything was refused.
    int thief(std::vector<std::string> more = {}) const {
        std::vector<std::string> arguments{flash().string(), tcti()};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return Child{KEY_THIEF_PROGRAM, arguments, {}}.end();
    }
};

TEST_F(TpmAlone, WhoKillsTheFirmwareAndAsksForItsKeysGetsNoneEvenWithTheGuardiansShare) {
    live(620);
    ASSERT_EQ(simulation().mode(), Mode::normal);
    ASSERT_TRUE(simulation().kill(Part::firmware));
    EXPECT_EQ(thief(), 3);
    EXPECT_EQ(thief({share_in_hex()}), 3);
    live(620);
    EXPECT_EQ(simulation().mode(), Mode::normal);  // and the device is itself again
    expect_insulin_goes_on();
}

TEST_F(TpmAlone, ResetBehindTheDevicesBackWithTheEventLogReplayedItOpensNoDatabase) {
    live(620);
    ASSERT_EQ(simulation().mode(), Mode::normal);
    const Secret true_share = share();
    power_off();
    const auto database = flash() / "db" / "patient.db";
    ASSERT_TRUE(std::filesystem::exists(database));
    auto chip_alone = tpm::Simulator::start({.state = chip() / "tpm", .run = (*copy_)->places().run});
    ASSERT_TRUE(chip_alone) << chip_alone.error().what;
    const auto replay_and_open = [&](const Secret& with) -> Result<firmware::ClassKeys> {
        auto tpm = tpm::Tpm::connect(tcti());
        if (!tpm) return std::unexpected{tpm.error()};
        const auto events = tpm::parse_event_log(file_bytes(flash() / "boot" / "eventlog.bin"));
        if (!events) return std::unexpected{events.error()};
        for (const tpm::Event& event : *events)
            if (auto extended = tpm::extend(*tpm, event.pcr, event.digest); !extended)
                return std::unexpected{extended.error()};
        auto trust = firmware::Trust::open(*tpm, flash());
        if (!trust) return std::unexpected{trust.error()};
        return trust->open_class_keys(with);
    };
    const auto opens = [&](const Result<firmware::ClassKeys>& keys) {
        constexpr std::array<std::string_view, 1> no_step{"SELECT 1"};  // the file is there already
        return keys && keys->patient &&
               storage::Database::open(database, storage::Key{keys->patient->view()}, no_step, {.may_create = false});
    };
    const auto stolen = replay_and_open({});
    EXPECT_FALSE(opens(stolen));
    // The share alone is what the thief lacks: with it the same steps open. So the attack is a true one.
    ASSERT_TRUE(chip_alone->power_cycle());
    const auto with_share = replay_and_open(true_share);
    ASSERT_TRUE(with_share) << with_share.error().what;
    EXPECT_TRUE(opens(with_share));
}

}  // namespace
}  // namespace basalt::test
