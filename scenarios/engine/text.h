// scenarios/engine/text.h: one sentence in the languages that Basalt speaks.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace basalt::scenarios {

enum class Language : std::uint8_t { english, french };

/// A sentence of a scenario file. Neither part is empty.
struct Text {
    std::string english, french;
    const std::string& in(Language language) const noexcept { return language == Language::french ? french : english; }
    friend bool operator==(const Text&, const Text&) = default;
};

/// The same of a constant table.
struct Words {
    std::string_view english, french;
    constexpr std::string_view in(Language language) const noexcept {
        return language == Language::french ? french : english;
    }
};

/// From the value of LC_ALL, LC_MESSAGES or LANG, as "fr_FR.UTF-8": French where it begins with "fr", else English.
constexpr Language language_of(std::string_view locale) noexcept {
    return locale.starts_with("fr") ? Language::french : Language::english;
}

}  // namespace basalt::scenarios
