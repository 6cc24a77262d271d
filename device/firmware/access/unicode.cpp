#include "device/firmware/access/unicode.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string.h>  // explicit_bzero
#include <utf8proc.h>

namespace basalt::access {
namespace {

constexpr std::size_t most_characters = 1'000;

utf8proc_option_t options_of(NormalForm form) noexcept {
    unsigned options = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_REJECTNA;
    if (form != NormalForm::composed) options |= UTF8PROC_COMPAT;
    if (form == NormalForm::folded) options |= UTF8PROC_CASEFOLD | UTF8PROC_IGNORE | UTF8PROC_STRIPMARK;
    return static_cast<utf8proc_option_t>(options);
}

const utf8proc_uint8_t* bytes(std::string_view text) noexcept {
    return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

/// Calls `see` for each character; false when it is not UTF-8.
template <class See>
bool each_character(std::string_view text, See see) noexcept {
    while (!text.empty()) {
        utf8proc_int32_t character = -1;
        const auto used = utf8proc_iterate(bytes(text), static_cast<utf8proc_ssize_t>(text.size()), &character);
        if (used <= 0 || character < 0) return false;
        see(character);
        text.remove_prefix(static_cast<std::size_t>(used));
    }
    return true;
}

Looks looks_of_character(utf8proc_int32_t character) noexcept {
    const utf8proc_property_t* property = utf8proc_get_property(character);
    switch (property->bidi_class) {
        case UTF8PROC_BIDI_CLASS_R:
        case UTF8PROC_BIDI_CLASS_AL:
        case UTF8PROC_BIDI_CLASS_AN:
        case UTF8PROC_BIDI_CLASS_LRE:
        case UTF8PROC_BIDI_CLASS_LRO:
        case UTF8PROC_BIDI_CLASS_RLE:
        case UTF8PROC_BIDI_CLASS_RLO:
        case UTF8PROC_BIDI_CLASS_PDF:
        case UTF8PROC_BIDI_CLASS_LRI:
        case UTF8PROC_BIDI_CLASS_RLI:
        case UTF8PROC_BIDI_CLASS_FSI:
        case UTF8PROC_BIDI_CLASS_PDI:
            return Looks::backward;
        default:
            break;
    }
    switch (property->category) {
        case UTF8PROC_CATEGORY_CC:  // control
        case UTF8PROC_CATEGORY_CF:  // formatting, invisible
        case UTF8PROC_CATEGORY_CS:  // half of a pair
        case UTF8PROC_CATEGORY_CO:  // private
        case UTF8PROC_CATEGORY_CN:  // unassigned
        case UTF8PROC_CATEGORY_ZL:  // line
        case UTF8PROC_CATEGORY_ZP:  // paragraph
            return Looks::control;
        default:
            return Looks::plain;
    }
}

}  // namespace

std::optional<std::size_t> normalise(std::string_view utf8, NormalForm form, std::span<char> out) noexcept {
    std::array<utf8proc_int32_t, most_characters + 1> characters_of_it;
    const auto options = options_of(form);
    const auto count = utf8proc_decompose(bytes(utf8), static_cast<utf8proc_ssize_t>(utf8.size()),
                                          characters_of_it.data(), most_characters, options);
    std::optional<std::size_t> written;
    if (count >= 0 && static_cast<std::size_t>(count) <= most_characters) {
        const auto size = utf8proc_reencode(characters_of_it.data(), count, options);  // in place, and a zero behind it
        if (size >= 0 && static_cast<std::size_t>(size) <= out.size()) {
            std::memcpy(out.data(), characters_of_it.data(), static_cast<std::size_t>(size));
            written = static_cast<std::size_t>(size);
        }
    }
    explicit_bzero(characters_of_it.data(), sizeof characters_of_it);
    return written;
}

Looks looks_of(std::string_view utf8) noexcept {
    Looks worst = utf8.empty() ? Looks::control : Looks::plain;
    const bool valid =
        each_character(utf8, [&](auto character) { worst = std::max(worst, looks_of_character(character)); });
    return valid ? worst : Looks::not_utf8;
}

std::size_t characters(std::string_view utf8) noexcept {
    std::size_t count = 0;
    return each_character(utf8, [&](auto) { ++count; }) ? count : 0;
}

}  // namespace basalt::access
