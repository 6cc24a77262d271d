#include "scenarios/engine/number.h"

#include <fmt/format.h>

#include <algorithm>

namespace basalt::scenarios {

std::string number(double value, int decimals, Language language) {
    auto text = fmt::format("{:.{}f}", value, decimals);
    if (language == Language::french) std::ranges::replace(text, '.', ',');
    return text;
}

}  // namespace basalt::scenarios
