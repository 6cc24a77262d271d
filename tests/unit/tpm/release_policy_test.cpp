#include "tpm/release_policy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>

namespace basalt::tpm {
namespace {

ReleasePolicy some_policy() {
    ReleasePolicy policy;
    policy.version = 0x0102030405060708;
    policy.policy_key.fill(0x11);
    for (std::uint8_t fill = 0x20; ApprovedState & state : policy.states) {
        state.approved.fill(fill++);
        for (Signature& signature : state.signatures) signature.fill(fill++);
    }
    return policy;
}

TEST(ReleasePolicy, ComesBackAsItWas) {
    const ReleasePolicy policy = some_policy();
    const ByteVector file = encode(policy);
    EXPECT_EQ(file.size(), release_policy_size);
    const auto back = decode_release_policy(file);
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_EQ(back->version, policy.version);
    EXPECT_EQ(back->policy_key, policy.policy_key);
    for (std::size_t i = 0; i < gateway_image_count; ++i) {
        EXPECT_EQ(back->states[i].approved, policy.states[i].approved);
        EXPECT_EQ(back->states[i].signatures, policy.states[i].signatures);
    }
}

TEST(ReleasePolicy, OfAnotherSizeOrBeginningItIsRefused) {
    const ByteVector file = encode(some_policy());
    for (std::size_t size = 0; size < file.size(); ++size)
        EXPECT_FALSE(decode_release_policy(ByteView{file}.first(size)));
    ByteVector longer(file.size() + 1);
    std::ranges::copy(file, longer.begin());
    EXPECT_FALSE(decode_release_policy(longer));
    for (std::size_t at = 0; at < 8; ++at) {
        ByteVector changed = file;
        changed[at] ^= 1;
        EXPECT_FALSE(decode_release_policy(changed)) << at;
    }
}

TEST(ReleasePolicy, TheFormatPagesExampleIsWhatEncodeWrites) {
    const ByteVector file = encode(some_policy());
    const std::string_view magic{"BASPOL1\0", 8};
    EXPECT_TRUE(std::ranges::equal(ByteView{file}.first(8), magic, {}, {},
                                   [](char c) { return static_cast<std::uint8_t>(c); }));
    EXPECT_EQ(file[8], 0x08);  // little endian
    EXPECT_EQ(file[15], 0x01);
    EXPECT_EQ(file[16], 0x11);                // policy key
    EXPECT_EQ(file[81], 0x20);                // approved, gateway present
    EXPECT_EQ(file[81 + 32], 0x21);           // channel
    EXPECT_EQ(file[81 + 32 + 4 * 64], 0x25);  // approved, gateway absent
    EXPECT_EQ(file.size(), 657U);
}

TEST(ReleasePolicy, NoTwoUsesShareASignedDigestOrAPolicy) {
    std::set<Digest> digests;
    for (const KeyUse use : all_key_uses) {
        digests.insert(signed_digest(Digest{}, use));
        digests.insert(authorized_policy(Point{0x04}, use));
        digests.insert(authorized_while_alive(Point{0x04}, use, 1));
        digests.insert(authorized_while_alive(Point{0x04}, use, 2));
    }
    EXPECT_EQ(digests.size(), 4 * key_use_count);
}

TEST(ReleasePolicy, EachSealingPcrAndTheVersionCountAndNoOtherPcrDoes) {
    const Digest base = approved_digest({}, 1);
    EXPECT_NE(approved_digest({}, 2), base);
    for (std::size_t pcr = 0; pcr < pcr_max; ++pcr) {
        PcrValues values{};
        values[pcr][31] = 1;
        EXPECT_EQ(approved_digest(values, 1) != base, sealing_pcrs.has(pcr)) << pcr;
    }
}

}  // namespace
}  // namespace basalt::tpm
