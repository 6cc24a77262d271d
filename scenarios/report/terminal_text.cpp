#include "scenarios/report/terminal_text.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace basalt::scenarios {
namespace {

constexpr bool continues(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

constexpr std::array<std::pair<std::string_view, std::string_view>, 32> plain{{
    {"à", "a"}, {"â", "a"}, {"ä", "a"},  {"ç", "c"}, {"é", "e"},  {"è", "e"},  {"ê", "e"}, {"ë", "e"},
    {"î", "i"}, {"ï", "i"}, {"ô", "o"},  {"ö", "o"}, {"ù", "u"},  {"û", "u"},  {"ü", "u"}, {"À", "A"},
    {"Â", "A"}, {"Ç", "C"}, {"É", "E"},  {"È", "E"}, {"Ê", "E"},  {"Ë", "E"},  {"Î", "I"}, {"Ï", "I"},
    {"Ô", "O"}, {"Ù", "U"}, {"œ", "oe"}, {"’", "'"}, {"«", "\""}, {"»", "\""}, {"–", "-"}, {"…", "..."},
}};

/// French puts a space before these; they never begin a line.
constexpr bool hangs_on(std::string_view word) noexcept {
    return word.size() == 1 && std::string_view{";:?!%"}.find(word[0]) != std::string_view::npos;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(" \n"), text.size());
        const auto word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (word.empty()) continue;
        if (!out.empty() && hangs_on(word))
            out.back().append(" ").append(word);
        else
            out.emplace_back(word);
    }
    return out;
}

}  // namespace

std::size_t columns(std::string_view utf8) noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return !continues(c); }));
}

std::string wrapped(std::string_view words, std::size_t width, std::string_view first) {
    const std::string indent(columns(first), ' ');
    std::string out{first};
    std::size_t at = columns(first);
    bool fresh = true;
    for (const auto& word : words_of(words)) {
        if (!fresh && at + 1 + columns(word) > width) {
            out += "\n" + indent;
            at = indent.size();
            fresh = true;
        }
        if (!fresh) out += ' ', ++at;
        out += word;
        at += columns(word);
        fresh = false;
    }
    return out + "\n";
}

std::string ascii(std::string_view utf8) {
    std::string out;
    while (!utf8.empty()) {
        std::size_t size = 1;
        while (size < utf8.size() && continues(utf8[size])) ++size;
        const auto letter = utf8.substr(0, size);
        utf8.remove_prefix(size);
        const auto found = std::ranges::find(plain, letter, &std::pair<std::string_view, std::string_view>::first);
        if (found != plain.end())
            out += found->second;
        else if (size == 1 && static_cast<unsigned char>(letter[0]) < 0x80)
            out += letter;
        else
            out += '?';
    }
    return out;
}

}  // namespace basalt::scenarios
