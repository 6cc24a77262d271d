// device/firmware/hex.h: bytes as people and JSON spell them here: two small letters a byte.
#pragma once
#include "device/common/codec.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace basalt::firmware {

inline std::string hex(ByteView bytes) { return fmt::format("{:02x}", fmt::join(bytes, "")); }

/// Nothing for what hex() never writes.
inline std::optional<std::vector<std::uint8_t>> bytes_of_hex(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    if (text.size() % 2 != 0 || text.find_first_not_of(digits) != std::string_view::npos) return std::nullopt;
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < text.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(digits.find(text[i]) * 16 + digits.find(text[i + 1])));
    return bytes;
}
template <std::size_t N>
std::optional<std::array<std::uint8_t, N>> array_of_hex(std::string_view text) {
    const auto bytes = bytes_of_hex(text);
    if (!bytes || bytes->size() != N) return std::nullopt;
    std::array<std::uint8_t, N> all{};
    std::ranges::copy(*bytes, all.begin());
    return all;
}

}  // namespace basalt::firmware
