#include "scenarios/bench/shown_words.h"

#include <cstddef>
#include <cstdint>

namespace basalt::bench {
namespace {

struct Letter {
    std::size_t bytes = 1;
    bool good = false;
};

// What may be shown is listed, not what may not: a list of dangerous marks would grow with Unicode.
bool is_shown(std::uint32_t point) noexcept {
    constexpr std::uint32_t soft_hyphen = 0xad;                          // cannot be seen
    return (point >= 0xa0 && point <= 0x24f && point != soft_hyphen) ||  // letters: Latin; signs: °, µ, ±
           (point >= 0x2010 && point <= 0x2027) ||                       // dashes, quotation marks, the ellipsis
           (point >= 0x202f && point <= 0x203a) ||  // the narrow space that French puts before its marks
           point == 0x20ac ||                       // the euro
           (point >= 0x2190 && point <= 0x22ff);    // arrows, and signs such as ≥
}

// The letter that `text`, which is not empty, begins with. No letter beyond U+FFFF is shown, so none of four bytes.
Letter first_letter(std::string_view text) noexcept {
    const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
    const auto goes_on = [&](std::size_t at) { return at < text.size() && (byte(at) & 0xc0U) == 0x80; };
    if (byte(0) >= ' ' && byte(0) <= '~') return {1, true};
    if ((byte(0) & 0xe0U) == 0xc0 && goes_on(1)) return {2, is_shown((byte(0) & 0x1fU) << 6U | (byte(1) & 0x3fU))};
    if ((byte(0) & 0xf0U) == 0xe0 && goes_on(1) && goes_on(2)) {
        const std::uint32_t point = (byte(0) & 0x0fU) << 12U | (byte(1) & 0x3fU) << 6U | (byte(2) & 0x3fU);
        return {3, point >= 0x800 && is_shown(point)};  // a smaller one is spelled longer than it has to be: no UTF-8
    }
    return {};
}

}  // namespace

std::string shown(std::string_view words) {
    std::string clean;
    clean.reserve(words.size());
    while (!words.empty()) {
        const Letter letter = first_letter(words);
        if (letter.good)
            clean += words.substr(0, letter.bytes);
        else if (words.front() == '\t' || words.front() == '\n')
            clean += ' ';
        else
            clean.append(letter.bytes, '?');
        words.remove_prefix(letter.bytes);
    }
    return clean;
}

}  // namespace basalt::bench
