// ui/cli/device_clock.h: a device's ticks as people's days and hours.
#pragma once
#include "scenarios/bench/board.h"
#include "scenarios/engine/text.h"

#include <string>

namespace basalt::cli {

class DeviceClock {
  public:
    explicit DeviceClock(const bench::BoardRecord& board) noexcept;
    /// Seconds from the midnight before the device's first tick to `tick`.
    std::uint64_t seconds(std::uint64_t tick) const noexcept { return tick + first_of_day_s_; }
    /// "day 2 07:05".
    std::string in_words(std::uint64_t tick, scenarios::Language language) const;

  private:
    std::uint64_t first_of_day_s_;
};

/// The same for seconds that are counted from a midnight already.
std::string day_and_hour(std::uint64_t seconds, scenarios::Language language);

}  // namespace basalt::cli
