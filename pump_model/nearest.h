// pump_model/nearest.h: which of several names was probably meant by one that is none of them.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <ranges>
#include <string_view>

namespace basalt::pump_model {

/// Levenshtein: how many letters must be put in, taken out or changed. Compares the first 47 letters; no heap.
constexpr std::size_t letters_apart(std::string_view a, std::string_view b) noexcept {
    constexpr std::size_t longest = 47;
    a = a.substr(0, longest);
    b = b.substr(0, longest);
    std::array<std::size_t, longest + 1> row{};
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
        }
    }
    return row[b.size()];
}

/// The name that is fewest letters away, the first of equals; empty where there are no names.
template <std::ranges::forward_range Names, class Projection = std::identity>
constexpr std::string_view nearest(std::string_view meant, const Names& names, Projection name_of = {}) noexcept {
    const auto found = std::ranges::min_element(
        names, {}, [&](const auto& entry) { return letters_apart(meant, std::invoke(name_of, entry)); });
    return found == std::ranges::end(names) ? std::string_view{} : std::string_view{std::invoke(name_of, *found)};
}

}  // namespace basalt::pump_model
