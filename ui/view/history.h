// ui/view/history.h: the last day as the chart shows it: glucose readings, doses, meals and modes by the device's time.
#pragma once
#include "device/common/units.h"
#include "device/hal/board_frames.h"

#include <cstdint>
#include <deque>
#include <optional>

namespace basalt::view {

struct Reading {
    std::uint64_t at_s = 0;
    std::uint16_t mg_dl = 0;  ///< > 0
};
struct GivenDose {
    std::uint64_t at_s = 0;
    MilliUnits amount;
    bool by_firmware = false;
};
struct Meal {
    std::uint64_t at_s = 0;
    int carbs_g = 0;
};

/// From below: two, one, none, and the same upwards.
enum class Trend : std::uint8_t { falling_fast, falling, steady, rising, rising_fast };

class History {
  public:
    static constexpr std::uint64_t kept_s = 24 * 3600;

    /// Times never go back; what is older than kept_s before the newest time is dropped. A reading with the time of the
    /// last one replaces it.
    void add(const Reading& reading);
    void add(const GivenDose& dose);
    void add(const Meal& meal);

    const std::deque<Reading>& readings() const noexcept { return readings_; }
    const std::deque<GivenDose>& doses() const noexcept { return doses_; }
    const std::deque<Meal>& meals() const noexcept { return meals_; }

    /// By the readings of the last 20 minutes before `now_s`: at least three of them, the newest at most 7 minutes old.
    /// From 1 mg/dL a minute on it rises or falls, from 2 on it does so fast (the arrows of present sensors).
    std::optional<Trend> trend(std::uint64_t now_s) const;
    /// What was given after `from_s`.
    MilliUnits given_since(std::uint64_t from_s) const noexcept;

  private:
    void forget(std::uint64_t now_s);
    std::deque<Reading> readings_;
    std::deque<GivenDose> doses_;
    std::deque<Meal> meals_;
};

}  // namespace basalt::view
