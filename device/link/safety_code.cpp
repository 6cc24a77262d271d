#include "device/link/safety_code.h"

#include <array>

namespace basalt::link {
namespace {

constexpr std::uint32_t polynomial = 0x82f63b78;  // reflected

constexpr std::array<std::uint32_t, 256> table = [] {
    std::array<std::uint32_t, 256> out{};
    for (std::uint32_t byte = 0; byte < out.size(); ++byte) {
        std::uint32_t rest = byte;
        for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1) ^ ((rest & 1) != 0 ? polynomial : 0);
        out[byte] = rest;
    }
    return out;
}();

std::uint32_t go_on(std::uint32_t rest, ByteView bytes) noexcept {
    for (const std::uint8_t byte : bytes) rest = (rest >> 8) ^ table[(rest ^ byte) & 0xff];
    return rest;
}

}  // namespace

std::uint32_t safety_code(ByteView first, ByteView second) noexcept { return ~go_on(go_on(0xffffffff, first), second); }

}  // namespace basalt::link
