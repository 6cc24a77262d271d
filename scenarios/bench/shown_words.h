// scenarios/bench/shown_words.h: words of somebody who may be an attacker (a program of the device, or whoever answers
// over the link), made fit for a person's terminal.
#pragma once
#include <string>
#include <string_view>

namespace basalt::bench {

/// `words` with nothing in them but printable ASCII, the letters and signs of European languages, and their
/// punctuation. A tab and a line feed become a space; each byte of all else becomes '?': control and escape bytes, the
/// C1 codes hidden in UTF-8, marks that turn the direction of writing or cannot be seen, and what is no UTF-8.
std::string shown(std::string_view words);

}  // namespace basalt::bench
