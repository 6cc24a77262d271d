#include "tests/attack/trust/attacked_device.h"

#include <utility>

namespace basalt {
namespace {

using namespace test;
using KeyTheft = AttackedDevice;

/// What an attacker has who never hears the guardian: any share but the true one.
Secret no_share() { return Secret{}; }

TEST_F(KeyTheft, TheTrueFirmwareProvesItselfAndOpensTheSameKeysAtEachStart) {
    boot(state_of(release_));
    const auto first = open_as_firmware(share_);
    EXPECT_TRUE(guardian_accepts(first.proof));
    ASSERT_TRUE(any_key(first)) << (first.keys ? first.keys->patient.error().what : first.keys.error().what);

    reset();
    boot(state_of(release_));
    const auto second = open_as_firmware(share_);
    ASSERT_TRUE(any_key(second));
    EXPECT_TRUE(std::ranges::equal(first.keys->patient->view(), second.keys->patient->view()));
    EXPECT_FALSE(std::ranges::equal(first.keys->patient->view(), first.keys->log->view()));
    EXPECT_FALSE(std::ranges::equal(first.keys->patient->view(), first.keys->configuration->view()));
}

TEST_F(KeyTheft, AnotherDevicesConfigurationOrProfileChangesNoPolicy) {
    auto state = state_of(release_);
    state.configuration = header_of(FileKind::configuration, 60);
    state.profile = {};
    boot(state);
    EXPECT_TRUE(any_key(open_as_firmware(share_)));
}

TEST_F(KeyTheft, WhoKillsTheFirmwareAndAsksTheTpmComesAfterTheCap) {
    boot(state_of(release_));
    ASSERT_TRUE(any_key(open_as_firmware(share_)));
    // The firmware is dead, its connection free; the attacker even learnt the share.
    const auto thief = open_as_firmware(share_);
    EXPECT_FALSE(thief.proof);
    EXPECT_FALSE(any_key(thief));
    EXPECT_EQ(thief.keys->patient.error().code, ErrorCode::refused);
}

TEST_F(KeyTheft, WhoKillsTheFirmwareBeforeItOpenedAnythingStillLacksTheShare) {
    boot(state_of(release_));
    // The state is the right one, so the TPM opens its halves; without the guardian's share they make other keys.
    const auto thief = open_as_firmware(no_share());
    ASSERT_TRUE(any_key(thief));
    reset();
    boot(state_of(release_));
    const auto firmware = open_as_firmware(share_);
    ASSERT_TRUE(any_key(firmware));
    EXPECT_FALSE(std::ranges::equal(thief.keys->configuration->view(), firmware.keys->configuration->view()));
    EXPECT_FALSE(std::ranges::equal(thief.keys->patient->view(), firmware.keys->patient->view()));
    EXPECT_FALSE(std::ranges::equal(thief.keys->log->view(), firmware.keys->log->view()));
}

TEST_F(KeyTheft, WhoResetsTheTpmAloneAndReplaysThePublicEventLogGetsOtherKeys) {
    const tpm::EventLog log = boot(state_of(release_));
    const auto firmware = open_as_firmware(share_);
    ASSERT_TRUE(any_key(firmware));

    reset();  // the TPM alone: the guardian has given its share and gives none again
    {
        auto tpm = must(tpm::Tpm::connect(simulator_.tcti()));
        for (const tpm::Event& event : must(tpm::parse_event_log(log.bytes())))
            must(tpm::extend(tpm, event.pcr, event.digest));
    }
    const auto thief = open_as_firmware(no_share());
    // The replay deceives the TPM: that is why a share exists that the TPM never sees.
    ASSERT_TRUE(any_key(thief));
    EXPECT_FALSE(std::ranges::equal(thief.keys->patient->view(), firmware.keys->patient->view()));
    EXPECT_FALSE(std::ranges::equal(thief.keys->configuration->view(), firmware.keys->configuration->view()));
    EXPECT_FALSE(std::ranges::equal(thief.keys->log->view(), firmware.keys->log->view()));
}

TEST_F(KeyTheft, AnotherFirmwareOpensNothingAndGetsNoProof) {
    auto state = state_of(release_);
    state.firmware = header_of(FileKind::firmware, 33);
    boot(state);
    const auto attacker = open_as_firmware(share_);
    ASSERT_FALSE(attacker.proof);
    EXPECT_EQ(attacker.proof.error().code, ErrorCode::refused) << attacker.proof.error().what;
    EXPECT_FALSE(any_key(attacker));
}

TEST_F(KeyTheft, ItsOwnPolicyFileDoesNotHelpAnotherFirmware) {
    // The attacker writes flash/: a policy for their own firmware, signed by a key of their own.
    factory::Release theirs = release_;
    theirs.firmware = header_of(FileKind::firmware, 33);
    const auto their_key = must(factory::P256Key::generate());
    auto policy = must(factory::approve(theirs, their_key));
    write_file(flash() / "slot-a" / "policy.bin", encode(policy));
    policy.policy_key = dev_keys_.policy.point();  // the true key's name on their signatures
    write_file(flash() / "slot-b" / "policy.bin", encode(policy));

    boot(state_of(theirs));
    const auto attacker = open_as_firmware(share_);
    EXPECT_FALSE(attacker.proof);
    EXPECT_FALSE(any_key(attacker));
}

TEST_F(KeyTheft, AFlagInTheKeyFileDoesNotSwitchSealingOff) {
    firmware::KeyFile keys = must(firmware::read_key_file(flash() / "keys" / "keys.bin"));
    keys.switched_off = 0xFFFFFFFF;
    write_file(flash() / "keys" / "keys.bin", firmware::encode(keys));
    auto state = state_of(release_);
    state.firmware = header_of(FileKind::firmware, 33);
    boot(state);
    EXPECT_FALSE(any_key(open_as_firmware(share_)));
}

TEST_F(KeyTheft, ACopyOfFlashOpensNothingOnAnotherDevice) {
    TemporaryDirectory elsewhere;
    auto other = must(tpm::Simulator::start({.state = elsewhere.path() / "state", .run = elsewhere.path()}));
    auto tpm = must(tpm::Tpm::connect(other.tcti()));
    must(factory::provision_tpm(tpm, dev_keys_.policy.point(), 0, share_));  // a device of the same make
    for (const boot::Measurement& event : boot::measurements(state_of(release_)))
        must(tpm::extend(tpm, static_cast<unsigned>(event.pcr), event.digest()));
    const auto trust = firmware::Trust::open(tpm, flash());
    ASSERT_FALSE(trust);
    EXPECT_EQ(trust.error().code, ErrorCode::refused);

    // With the pin in flash rewritten too, the blobs are still another TPM's.
    firmware::KeyFile keys = must(firmware::read_key_file(flash() / "keys" / "keys.bin"));
    keys.storage_root = must(tpm::make_storage_root(tpm));
    write_file(flash() / "keys" / "keys.bin", firmware::encode(keys));
    auto patient = must(firmware::Trust::open(tpm, flash()));
    EXPECT_FALSE(patient.sign_challenge(nonce_));
    const auto opened = must(patient.open_class_keys(share_));
    EXPECT_EQ(opened.patient.error().code, ErrorCode::unreadable);
}

TEST_F(KeyTheft, ARecordedProofDoesNotFitTheNextChallenge) {
    boot(state_of(release_));
    const auto recorded = open_as_firmware(share_);
    ASSERT_TRUE(guardian_accepts(recorded.proof));
    nonce_[0] ^= 1;
    EXPECT_FALSE(guardian_accepts(recorded.proof));
}

TEST_F(KeyTheft, AnUpdateInSlotBOpensTheSameKeysAndTheWithdrawnReleaseNone) {
    boot(state_of(release_));
    const auto before = open_as_firmware(share_);
    ASSERT_TRUE(any_key(before));

    factory::Release update = release_;
    update.firmware = header_of(FileKind::firmware, 30, 2);
    install("slot-b", update);
    reset();
    boot(state_of(update));
    const auto after = open_as_firmware(share_);
    ASSERT_TRUE(any_key(after));
    EXPECT_TRUE(std::ranges::equal(before.keys->patient->view(), after.keys->patient->view()));

    reset();
    must(tpm::increment(*std::make_unique<tpm::Tpm>(must(tpm::Tpm::connect(simulator_.tcti()))), tpm::version_counter));
    boot(state_of(release_));
    const auto old = open_as_firmware(share_);
    EXPECT_FALSE(old.proof);
    EXPECT_FALSE(any_key(old));
}

TEST_F(KeyTheft, ARefusedGatewayCostsTheNetworkAlone) {
    auto state = state_of(release_);
    state.gateway.reset();
    boot(state);
    const auto firmware = open_as_firmware(share_);
    EXPECT_TRUE(guardian_accepts(firmware.proof));
    EXPECT_TRUE(any_key(firmware));
}

TEST_F(KeyTheft, AnErasedClassStaysErasedAndClosesNoOther) {
    {
        auto tpm = must(tpm::Tpm::connect(simulator_.tcti()));
        must(tpm::increment(tpm, tpm::alive_counter(tpm::KeyUse::patient)));
    }
    boot(state_of(release_));
    const auto firmware = open_as_firmware(share_);
    ASSERT_TRUE(firmware.keys);
    EXPECT_FALSE(firmware.keys->patient);
    EXPECT_TRUE(firmware.keys->configuration);
    EXPECT_TRUE(firmware.keys->log);
}

TEST_F(KeyTheft, WhatNeverOpenedIsCappedToo) {
    auto state = state_of(release_);
    state.firmware = header_of(FileKind::firmware, 33);
    boot(state);
    ASSERT_FALSE(any_key(open_as_firmware(share_)));
    auto tpm = must(tpm::Tpm::connect(simulator_.tcti()));
    EXPECT_NE(must(tpm::read_pcrs(tpm))[tpm::cap_pcr], tpm::Digest{});
}

TEST_F(KeyTheft, APlatformThatWasProvisionedIsNotProvisionedAgain) {
    auto tpm = must(tpm::Tpm::connect(simulator_.tcti()));
    const auto again = factory::provision_tpm(tpm, dev_keys_.policy.point(), 0, share_);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::refused);
}

}  // namespace
}  // namespace basalt
