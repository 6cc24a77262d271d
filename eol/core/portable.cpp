#include "eol/core/portable.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace basalt::eol {

std::string iso_8601(std::int64_t unix_s) {
    using namespace std::chrono;
    constexpr std::int64_t end_of_9999 = 253'402'300'799;
    const sys_seconds at{seconds{std::clamp<std::int64_t>(unix_s, 0, end_of_9999)}};
    const auto day = floor<days>(at);
    const year_month_day date{day};
    const hh_mm_ss clock{at - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
}

std::string date_at(const DeviceFacts& device, std::uint64_t tick_s) {
    return iso_8601(device.unix_at_tick_0 + static_cast<std::int64_t>(tick_s));
}

std::string decimal_units(std::int64_t mu) {
    const std::uint64_t size = mu < 0 ? ~static_cast<std::uint64_t>(mu) + 1 : static_cast<std::uint64_t>(mu);
    std::string text = fmt::format("{}{}.{:03}", mu < 0 ? "-" : "", size / 1'000, size % 1'000);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

}  // namespace basalt::eol
