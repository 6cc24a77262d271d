#include "device/firmware/therapy/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace basalt::firmware {

Sentence units_in_words(MilliUnits amount) {
    const std::int64_t count = amount.count;
    const std::int64_t size = count < 0 ? -count : count;
    std::string text = fmt::format("{}{}.{:03}", count < 0 ? "-" : "", size / 1'000, size % 1'000);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    std::string comma = text;
    std::ranges::replace(comma, '.', ',');
    // English counts 0.5 units and 1 unit; French is singular below two.
    return {text + (size == 1'000 ? " unit" : " units"), comma + (size < 2'000 ? " unité" : " unités")};
}

Sentence duration_in_words(std::uint64_t seconds) {
    const std::uint64_t all = std::max<std::uint64_t>(1, seconds / 60 + (seconds % 60 != 0 ? 1 : 0));
    const std::uint64_t hours = all / 60, minutes = all % 60;
    const auto part = [](std::uint64_t n, std::string_view one) {
        return fmt::format("{} {}{}", n, one, n > 1 ? "s" : "");
    };
    if (hours == 0) return {part(minutes, "minute"), part(minutes, "minute")};
    if (minutes == 0) return {part(hours, "hour"), part(hours, "heure")};
    return {part(hours, "hour") + " " + part(minutes, "minute"), part(hours, "heure") + " " + part(minutes, "minute")};
}

}  // namespace basalt::firmware
