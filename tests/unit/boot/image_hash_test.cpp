// Two libraries, one digest: what boot takes in the place of device/common's SHA-256 says the same.
#include "device/boot/image_hash.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace basalt::boot {
namespace {

TEST(ImageHash, IsTheDigestThatTheOtherLibrarySaysAroundEveryBlockAndForMegabytes) {
    std::mt19937_64 random{1};
    std::vector<std::uint8_t> bytes(3'000'001);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    for (std::size_t size = 0; size < 300; ++size)
        EXPECT_EQ(image_hash(ByteView{bytes}.first(size)), sha256(ByteView{bytes}.first(size))) << size;
    EXPECT_EQ(image_hash(bytes), sha256(ByteView{bytes}));
}

}  // namespace
}  // namespace basalt::boot
