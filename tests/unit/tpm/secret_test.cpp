#include "tpm/secret.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <type_traits>

namespace basalt {
namespace {

bool all_zero(std::span<const std::uint8_t> bytes) {
    return std::ranges::all_of(bytes, [](std::uint8_t b) { return b == 0; });
}

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);

TEST(Secret, TakingItWipesWhereItCameFrom) {
    std::array<std::uint8_t, Secret::size> from;
    from.fill(0x5A);
    const Secret secret = Secret::take(from);
    EXPECT_TRUE(all_zero(from));
    EXPECT_EQ(std::ranges::count(secret.view(), 0x5A), 32);
}

TEST(Secret, MovingItWipesTheOldPlace) {
    std::array<std::uint8_t, Secret::size> from;
    from.fill(0x5A);
    Secret first = Secret::take(from);
    Secret second = std::move(first);
    EXPECT_TRUE(all_zero(first.view()));  // NOLINT(bugprone-use-after-move): that is the question
    Secret third;
    third = std::move(second);
    EXPECT_TRUE(all_zero(second.view()));  // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(std::ranges::count(third.view(), 0x5A), 32);
}

TEST(Secret, ItsMemoryIsZeroAfterItsEnd) {
    alignas(Secret) std::array<std::uint8_t, sizeof(Secret)> memory;
    auto* secret = new (memory.data()) Secret;
    std::ranges::fill(secret->bytes(), 0x5A);
    secret->~Secret();
    EXPECT_TRUE(all_zero(memory));
}

}  // namespace
}  // namespace basalt
