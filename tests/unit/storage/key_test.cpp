#include "storage/key.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace basalt::storage {
namespace {

static_assert(!std::is_copy_constructible_v<Key> && !std::is_copy_assignable_v<Key>, "a key has no copies");

std::array<std::uint8_t, Key::size> sevens() {
    std::array<std::uint8_t, Key::size> bytes;
    bytes.fill(7);
    return bytes;
}

TEST(Key, WhatIsMovedFromHoldsZeros) {
    Key from{sevens()};
    const Key to{std::move(from)};
    EXPECT_TRUE(std::ranges::equal(to.bytes(), sevens()));
    EXPECT_TRUE(std::ranges::all_of(from.bytes(), [](auto b) { return b == 0; }));  // NOLINT: the point
}

TEST(Key, WhatIsDestroyedLeavesZeros) {
    alignas(Key) std::array<std::uint8_t, sizeof(Key)> place{};
    Key* key = new (place.data()) Key{sevens()};
    key->~Key();
    const volatile std::uint8_t* left = place.data();
    for (std::size_t i = 0; i < place.size(); ++i) EXPECT_EQ(left[i], 0) << i;
}

}  // namespace
}  // namespace basalt::storage
