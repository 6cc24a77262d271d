// device/firmware/access/unicode.h: what people type, in one normal form and without what deceives the eye. The only
// file that knows libutf8proc.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace basalt::access {

enum class NormalForm : std::uint8_t {
    composed,             ///< NFC: letters as they were written. For names that are shown.
    compatible_composed,  ///< NFKC: also full-width and other look-alike spellings as one. For passwords.
    folded,               ///< NFKC, case folded, without accents. To compare a password with words, never to store.
};

/// Writes `utf8` into `out` in that form.
/// Returns:  how many bytes, or nothing: not UTF-8, unassigned characters, or longer than `out` or 1,000 characters.
/// Rely on:  allocates nothing; what it held of the text is wiped. One text always gives the same bytes, whatever
///           keyboard spelled it; the form of a form is itself.
std::optional<std::size_t> normalise(std::string_view utf8, NormalForm form, std::span<char> out) noexcept;

enum class Looks : std::uint8_t {
    plain,     ///< letters, digits, marks, punctuation, spaces, symbols, all from left to right
    control,   ///< control and formatting characters, invisible or private ones, line breaks, none at all
    backward,  ///< letters or marks that turn the direction of reading
    not_utf8,
};
/// The worst that one character of it is. Rely on: total.
Looks looks_of(std::string_view utf8) noexcept;

/// Characters, not bytes. 0 for what is not UTF-8.
std::size_t characters(std::string_view utf8) noexcept;

}  // namespace basalt::access
