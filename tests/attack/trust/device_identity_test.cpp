// The two keys of the TPM that serve all of a boot: who may use them, and what ends them.
#include "device/firmware/tpm_chip.h"
#include "tests/attack/trust/attacked_device.h"

namespace basalt {
namespace {

using namespace test;

class DeviceIdentity : public AttackedDevice {
  protected:
    /// One boot of the true firmware, as far as its chip goes.
    template <class Use>
    void in_a_boot(const factory::Release& release, Use use) {
        reset();
        boot(state_of(release));
        auto tpm = must(tpm::Tpm::connect(simulator_.tcti()));
        firmware::TpmChip chip{tpm, firmware::Trust::open(tpm, flash()),
                               [](const Error& why) { FAIL() << "the keys stay open: " << why.what; }};
        use(chip);
    }
    static Secret copy(const Secret& from) {
        Secret out;
        std::ranges::copy(from.view(), out.bytes().begin());
        return out;
    }
    Digest digest_ = sha256(nonce_);
    const std::array<std::uint8_t, 4> text_{1, 2, 3, 4};
};

TEST_F(DeviceIdentity, TheDeviceSignsBeforeTheCapAfterItAndInAnyMeasuredState) {
    auto changed = release_;
    changed.firmware = header_of(FileKind::firmware, 33);
    for (const factory::Release& release : {release_, changed})
        in_a_boot(release, [&](firmware::Chip& chip) {
            EXPECT_EQ(must(chip.identity()), provisioned_.identity);
            EXPECT_TRUE(signature_fits(digest_, must(chip.sign_as_device(digest_)), provisioned_.identity));
            (void)chip.open_keys(copy(share_));
            EXPECT_FALSE(chip.sign_challenge(nonce_)) << "the cap closes the channel key";
            EXPECT_TRUE(signature_fits(digest_, must(chip.sign_as_device(digest_)), provisioned_.identity));
        });
}

TEST_F(DeviceIdentity, ItsKeyIsNotTheChannelKeyAndNoSignatureOfItPassesForAProof) {
    EXPECT_NE(provisioned_.identity, provisioned_.channel_key);
    in_a_boot(release_, [&](firmware::Chip& chip) {
        EXPECT_FALSE(guardian_accepts(chip.sign_as_device(firmware::challenge_digest(nonce_))));
    });
}

TEST_F(DeviceIdentity, ThePepperOpensWithTheConfigurationAndIsTheSameAtEachStart) {
    Digest first{};
    in_a_boot(release_, [&](firmware::Chip& chip) {
        EXPECT_EQ(chip.pepper(text_).error().code, ErrorCode::refused) << "nothing is open yet";
        must(chip.open_keys(copy(share_)));
        first = must(chip.pepper(text_));
        EXPECT_EQ(must(chip.pepper(text_)), first);
        EXPECT_NE(must(chip.pepper(digest_)), first);
    });
    in_a_boot(release_, [&](firmware::Chip& chip) {
        must(chip.open_keys(copy(share_)));
        EXPECT_EQ(must(chip.pepper(text_)), first);
    });
}

TEST_F(DeviceIdentity, WithoutTheGuardiansShareOrInAnotherStateThePepperStaysClosed) {
    in_a_boot(release_, [&](firmware::Chip& chip) {
        must(chip.open_keys(Secret{}));  // the TPM opens its halves, and they make another key
        EXPECT_EQ(chip.pepper(text_).error().code, ErrorCode::refused);
    });
    in_a_boot(release_, [&](firmware::Chip& chip) {
        EXPECT_FALSE(chip.open_keys(std::nullopt));
        EXPECT_FALSE(chip.pepper(text_));
    });
    auto changed = release_;
    changed.firmware = header_of(FileKind::firmware, 33);
    in_a_boot(changed, [&](firmware::Chip& chip) {
        EXPECT_FALSE(chip.open_keys(copy(share_)));
        EXPECT_FALSE(chip.pepper(text_));
    });
}

TEST_F(DeviceIdentity, WhenTheConfigurationIsErasedThePepperIsGoneAndTheIdentityStays) {
    reset();
    {
        auto tpm = must(tpm::Tpm::connect(simulator_.tcti()));
        must(tpm.start_up());
        must(tpm::increment(tpm, tpm::alive_counter(tpm::KeyUse::configuration)));
    }
    in_a_boot(release_, [&](firmware::Chip& chip) {
        EXPECT_FALSE(chip.open_keys(copy(share_)));
        EXPECT_FALSE(chip.pepper(text_));
        EXPECT_TRUE(chip.sign_as_device(digest_));
    });
}

}  // namespace
}  // namespace basalt
