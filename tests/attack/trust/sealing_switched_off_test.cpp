// Linked with the training build's twin of sealing.cpp: what the defence is for, and that the twin with everything
// switched on is no weaker than production.
#include "tests/attack/trust/attacked_device.h"

#include <utility>

namespace basalt {
namespace {

using namespace test;

class WithoutSealing : public AttackedDevice {
  protected:
    WithoutSealing() : AttackedDevice{std::to_underlying(Defence::sealing)} {}
};
class TrainingWithAllDefences : public AttackedDevice {};

TEST_F(WithoutSealing, AnotherFirmwareProvesItselfAndOpensEveryKey) {
    auto state = state_of(release_);
    state.firmware = header_of(FileKind::firmware, 33);
    boot(state);
    const auto attacker = open_as_firmware(share_);
    EXPECT_TRUE(guardian_accepts(attacker.proof));
    ASSERT_TRUE(attacker.keys);
    EXPECT_TRUE(attacker.keys->configuration && attacker.keys->patient && attacker.keys->log);
}

TEST_F(WithoutSealing, TheTrueFirmwareOpensTheSameKeysAsTheOther) {
    boot(state_of(release_));
    const auto firmware = open_as_firmware(share_);
    reset();
    boot({});
    const auto attacker = open_as_firmware(share_);
    ASSERT_TRUE(firmware.keys && firmware.keys->patient && attacker.keys && attacker.keys->patient);
    EXPECT_TRUE(std::ranges::equal(firmware.keys->patient->view(), attacker.keys->patient->view()));
}

TEST_F(TrainingWithAllDefences, TheTrueFirmwareOpensAndAnotherDoesNot) {
    boot(state_of(release_));
    EXPECT_TRUE(any_key(open_as_firmware(share_)));
    reset();
    auto state = state_of(release_);
    state.firmware = header_of(FileKind::firmware, 33);
    boot(state);
    const auto attacker = open_as_firmware(share_);
    EXPECT_FALSE(attacker.proof);
    EXPECT_FALSE(any_key(attacker));
}

TEST_F(TrainingWithAllDefences, AFlagInTheKeyFileDoesNotSwitchItOff) {
    firmware::KeyFile keys = must(firmware::read_key_file(flash() / "keys" / "keys.bin"));
    keys.switched_off = std::to_underlying(Defence::sealing);
    write_file(flash() / "keys" / "keys.bin", firmware::encode(keys));
    boot(state_of(release_));
    const auto opened = open_as_firmware(share_);
    EXPECT_FALSE(opened.proof);
    EXPECT_FALSE(any_key(opened));
}

}  // namespace
}  // namespace basalt
