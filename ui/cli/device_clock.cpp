#include "ui/cli/device_clock.h"

#include <fmt/format.h>

namespace basalt::cli {
namespace {

constexpr std::uint64_t day_s = 86'400;

}  // namespace

DeviceClock::DeviceClock(const bench::BoardRecord& board) noexcept
    : first_of_day_s_((board.second_of_day.seconds + day_s - board.tick.seconds % day_s) % day_s) {}

std::string DeviceClock::in_words(std::uint64_t tick, scenarios::Language language) const {
    return day_and_hour(seconds(tick), language);
}

std::string day_and_hour(std::uint64_t seconds, scenarios::Language language) {
    return fmt::format("{} {} {:02}:{:02}", language == scenarios::Language::french ? "jour" : "day",
                       seconds / day_s + 1, seconds % day_s / 3'600, seconds % 3'600 / 60);
}

}  // namespace basalt::cli
