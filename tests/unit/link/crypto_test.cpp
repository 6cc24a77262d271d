// The wrapper of libcrypto against the vectors of its standards, and the safety code against its own.
#include "device/link/crypto.h"

#include "device/link/safety_code.h"
#include "tests/unit/link/two_ends.h"

namespace basalt::link::test {
namespace {

std::vector<std::uint8_t> hex(std::string_view digits) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(std::string{digits.substr(i, 2)}, nullptr, 16)));
    return bytes;
}
template <std::size_t N>
std::array<std::uint8_t, N> array_of(std::string_view digits) {
    const auto bytes = hex(digits);
    std::array<std::uint8_t, N> out{};
    EXPECT_EQ(bytes.size(), N);
    std::copy_n(bytes.begin(), std::min(N, bytes.size()), out.begin());
    return out;
}
Secret secret(std::string_view digits) {
    auto bytes = array_of<32>(digits);
    return Secret::take(bytes);
}
std::vector<std::uint8_t> bytes(const Secret& secret) { return {secret.view().begin(), secret.view().end()}; }

TEST(LinkCrypto, X25519IsThatOfItsRfc) {  // RFC 7748, 6.1
    const Secret alice = secret("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    const Secret bob = secret("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    EXPECT_EQ(*share_of(alice), array_of<32>("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
    EXPECT_EQ(*share_of(bob), array_of<32>("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
    const auto shared = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    EXPECT_EQ(bytes(*agree(alice, *share_of(bob))), shared);
    EXPECT_EQ(bytes(*agree(bob, *share_of(alice))), shared);
}

TEST(LinkCrypto, AShareThatWouldMakeTheSecretForeseeableIsRefused) {
    const Secret own = secret("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    EXPECT_FALSE(agree(own, Share{}));
    EXPECT_FALSE(agree(own, Share{1}));
    EXPECT_FALSE(agree(own, array_of<32>("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")));
}

TEST(LinkCrypto, AesGcmIsThatOfItsStandard) {  // the GCM specification, test case 14
    const Secret key;
    std::array<std::uint8_t, 32> out{};
    ASSERT_TRUE(seal(key, Nonce{}, {}, std::array<std::uint8_t, 16>{}, out));
    EXPECT_EQ(out, array_of<32>("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"));
}

TEST(LinkCrypto, WhatWasSealedOpensOnlyWhole) {
    const Secret key = secret("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
    const auto plain = bytes_of("bolus 2 U"), header = bytes_of("header");
    std::vector<std::uint8_t> sealed(plain.size() + tag_size), opened(plain.size());
    ASSERT_TRUE(seal(key, Nonce{7}, header, plain, sealed));
    ASSERT_TRUE(unseal(key, Nonce{7}, header, sealed, opened));
    EXPECT_TRUE(std::ranges::equal(opened, plain));
    EXPECT_FALSE(unseal(key, Nonce{8}, header, sealed, opened));
    EXPECT_EQ(opened, std::vector<std::uint8_t>(plain.size())) << "what did not fit is not shown";
    EXPECT_FALSE(unseal(key, Nonce{7}, bytes_of("another"), sealed, opened));
    EXPECT_FALSE(unseal(Secret{}, Nonce{7}, header, sealed, opened));
    EXPECT_FALSE(unseal(key, Nonce{7}, header, ByteView{sealed}.first(sealed.size() - 1), opened));
    EXPECT_FALSE(seal(key, Nonce{7}, header, plain, opened)) << "no room for the tag";
}

TEST(LinkCrypto, HkdfIsThatOfItsRfc) {  // RFC 5869; the value was computed from HMAC by another program
    const Secret input = secret("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");
    std::array<std::uint8_t, 42> a{}, b{}, c{}, again{};
    ASSERT_TRUE(derive(input, Digest{}, "one", a) && derive(input, Digest{}, "two", b) &&
                derive(input, Digest{1}, "one", c) && derive(input, Digest{}, "one", again));
    EXPECT_EQ(a, array_of<42>("66e7853bff4f334f9aef8a61a0c44c546e1b67449f067ee10c71dee554d492ba7dc430c7d59113498271"));
    EXPECT_EQ(a, again);
    EXPECT_NE(a, b);
    EXPECT_NE(a, c);
}

TEST(LinkCrypto, TheSafetyCodeIsCrc32c) {  // RFC 3720, B.4
    EXPECT_EQ(safety_code({}, bytes_of("123456789")), 0xe3069283U);
    EXPECT_EQ(safety_code(bytes_of("1234"), bytes_of("56789")), 0xe3069283U);
    EXPECT_EQ(safety_code({}, std::array<std::uint8_t, 32>{}), 0x8a9136aaU);
}

TEST(LinkCrypto, TheSafetyCodeFindsEveryChangeOfUpToThreeBits) {
    // Of all pairs and many triples in a message as long as a sealed command: by linearity the code of the change
    // alone.
    constexpr std::size_t bits = 8 * sealed_in_size;
    std::vector<std::uint8_t> zeros(sealed_in_size);
    const std::uint32_t unchanged = safety_code({}, zeros);
    std::vector<std::uint32_t> change(bits);
    for (std::size_t bit = 0; bit < bits; ++bit) {
        zeros[bit / 8] = static_cast<std::uint8_t>(1U << (bit % 8));
        change[bit] = safety_code({}, zeros) ^ unchanged;
        zeros[bit / 8] = 0;
    }
    std::vector<std::uint32_t> sorted = change;
    std::ranges::sort(sorted);
    EXPECT_NE(sorted.front(), 0U);
    EXPECT_EQ(std::ranges::adjacent_find(sorted), sorted.end()) << "two changed bits";
    std::mt19937_64 rng{1};
    for (int i = 0; i < 200'000; ++i) {
        const std::size_t a = rng() % bits, b = rng() % bits;
        ASSERT_FALSE(a != b && std::ranges::binary_search(sorted, change[a] ^ change[b])) << a << ' ' << b;
    }
}

}  // namespace
}  // namespace basalt::link::test
