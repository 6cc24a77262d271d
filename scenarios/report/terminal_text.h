// scenarios/report/terminal_text.h: words that keep within a terminal's width.
#pragma once
#include <string>
#include <string_view>

namespace basalt::scenarios {

/// How many columns UTF-8 text takes: one for each character. Right for the languages that Basalt speaks.
std::size_t columns(std::string_view utf8) noexcept;

/// Breaks `words` between words so that no line is wider than `width`; the first line begins with `first`, the others
/// with as many spaces. Ends with a line break. A word that is wider than a line stands alone.
std::string wrapped(std::string_view words, std::size_t width, std::string_view first = "");

/// The same words in ASCII, for a terminal that shows nothing else: accents are dropped, signs become the nearest ones.
std::string ascii(std::string_view utf8);

}  // namespace basalt::scenarios
