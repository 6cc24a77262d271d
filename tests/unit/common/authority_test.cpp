#include "device/common/authority.h"

#include <gtest/gtest.h>

namespace basalt {
namespace {

std::optional<Authority> read(const Authority& authority) {
    return read_authority(AuthorityFrames::encode(AuthorityFile{authority}).view());
}

TEST(AuthorityFileTest, AProductionAuthorityWithAnySwitchIsNoAuthority) {
    EXPECT_TRUE(read({}));
    for (int bit = 0; bit < 32; ++bit) EXPECT_FALSE(read({.switched_off = 1U << bit})) << bit;
}

TEST(AuthorityFileTest, ATrainingAuthorityHasOnlySwitchesThatExist) {
    for (std::uint32_t off = 0; off < 4; ++off) {
        const auto authority = read({.variant = Variant::training, .switched_off = off});
        ASSERT_TRUE(authority);
        EXPECT_EQ(authority->switched_off, off);
    }
    for (int bit = 2; bit < 32; ++bit)
        EXPECT_FALSE(read({.variant = Variant::training, .switched_off = 1U << bit})) << bit;
}

TEST(AuthorityFileTest, AnAuthorityForOtherHardwareCutOrGrownIsRefused) {
    EXPECT_FALSE(read({.hardware = 0x0B02}));
    auto bytes = AuthorityFrames::encode(AuthorityFile{});
    for (std::size_t size = 0; size < bytes.size; ++size)
        EXPECT_FALSE(read_authority(bytes.view().first(size))) << size;
    bytes.data[bytes.size++] = 0;
    EXPECT_FALSE(read_authority(bytes.view()));
}

}  // namespace
}  // namespace basalt
