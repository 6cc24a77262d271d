#include "device/firmware/base64.h"

namespace basalt::firmware {
namespace {
constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
}

std::string to_base64(ByteView bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t three = 0;
        for (std::size_t j = 0; j < 3; ++j) three = three << 8 | (i + j < bytes.size() ? bytes[i + j] : 0U);
        for (std::size_t j = 0; j < 4; ++j) text += i + j <= bytes.size() ? digits[three >> (18 - 6 * j) & 63] : '=';
    }
    return text;
}

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
    std::vector<std::uint8_t> bytes;
    std::uint32_t four = 0;
    int held = 0;
    for (const char c : text.substr(0, text.find('='))) {
        const std::size_t digit = digits.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        four = four << 6 | static_cast<std::uint32_t>(digit);
        if (held += 6; held >= 8) bytes.push_back(static_cast<std::uint8_t>(four >> (held -= 8) & 0xFF));
    }
    // Other padding, left-over bits, a length that fits no bytes: written again, it is another text.
    if (to_base64(bytes) != text) return std::nullopt;
    return bytes;
}

}  // namespace basalt::firmware
