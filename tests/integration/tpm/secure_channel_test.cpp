#include "tpm/secure_channel.h"

#include "device/common/digest.h"
#include "tests/integration/tpm/fresh_tpm.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <unistd.h>

namespace basalt::tpm {
namespace {

using namespace test;
using SecureChannelTest = FreshTpm;

TEST_F(SecureChannelTest, TheStorageRootIsMadeOnceAndOutlivesResets) {
    const Name root = must(make_storage_root(tpm_));
    EXPECT_EQ(must(make_storage_root(tpm_)), root);
    reset();
    EXPECT_EQ(must(make_storage_root(tpm_)), root);
    EXPECT_TRUE(SecureChannel::open(tpm_, root));
}

TEST_F(SecureChannelTest, AnotherRootThanThePinnedOneIsRefusedBeforeAnySecretIsSent) {
    must(make_storage_root(tpm_));
    Name other{};
    const auto channel = SecureChannel::open(tpm_, other);
    ASSERT_FALSE(channel);
    EXPECT_EQ(channel.error().code, ErrorCode::refused);
}

TEST_F(SecureChannelTest, AnUnprovisionedTpmIsCalledSo) {
    EXPECT_EQ(SecureChannel::open(tpm_, Name{}).error().code, ErrorCode::missing);
}

TEST_F(SecureChannelTest, SealedAndUnsealedWithoutAPolicyItIsTheSameSecret) {
    auto channel = must(SecureChannel::open(tpm_, must(make_storage_root(tpm_))));
    const Blob blob = must(create_sealed(channel, sevens(), {}));
    EXPECT_TRUE(is_sevens(must(unseal(channel, blob, nullptr))));
}

TEST_F(SecureChannelTest, AFlippedBitInABlobIsNoKeyAnyMore) {
    auto channel = must(SecureChannel::open(tpm_, must(make_storage_root(tpm_))));
    const Blob blob = must(create_sealed(channel, sevens(), {}));
    for (std::size_t at = 0; at < blob.private_part.size(); at += 7) {
        Blob changed = blob;
        changed.private_part[at] ^= 1;
        EXPECT_FALSE(unseal(channel, changed, nullptr)) << at;
    }
    for (std::size_t at = 0; at < blob.public_part.size(); at += 7) {
        Blob changed = blob;
        changed.public_part[at] ^= 1;
        EXPECT_FALSE(unseal(channel, changed, nullptr)) << at;
    }
}

TEST_F(SecureChannelTest, ItsSignaturesFitThePublicPoint) {
    auto channel = must(SecureChannel::open(tpm_, must(make_storage_root(tpm_))));
    const SigningKey key = must(create_signing_key(channel, {}));
    for (std::uint8_t i = 1; i < 20; ++i) {  // not 0: BearSSL refuses a digest of zeros
        const Signature signature = must(sign(channel, key.blob, measurement(i), nullptr));
        EXPECT_TRUE(signature_fits(measurement(i), signature, key.point));
        EXPECT_FALSE(signature_fits(measurement(static_cast<std::uint8_t>(i + 1)), signature, key.point));
    }
}

}  // namespace
}  // namespace basalt::tpm
