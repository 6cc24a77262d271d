// device/link/device_clock.h: the device's time as a client knows it, whatever its own clock says of the date.
#pragma once
#include "device/link/defences.h"

#include <algorithm>
#include <cstdint>

namespace basalt::link {

/// The device's answer sets it within the time that the answer took, the client's own seconds count it on, and
/// everything that the device says narrows it. Rely on: the least never runs behind a stamp that was heard. A jump of
/// the client's own clock is found by the device
///          (Drop::ahead) or makes messages stale; it never makes a wrong command right.
class DeviceClock {
  public:
    /// `now_s`: the client's own clock, which counts seconds from anywhere and never goes back. The stamp answers what
    /// was asked at `asked_s`: since it was made no more time can have passed than since the question.
    void set(Tick stamp, std::uint64_t asked_s, std::uint64_t now_s) noexcept {
        now_ = {stamp, stamp + since(asked_s, now_s)};
        counted_s_ = now_s;
    }
    Now at(std::uint64_t now_s) const noexcept {
        const std::uint64_t passed = since(counted_s_, now_s);
        return {now_.least + passed, now_.most + passed};
    }
    /// As set(), and keeps what was known before.
    void answered(Tick stamp, std::uint64_t asked_s, std::uint64_t now_s) noexcept {
        const Now now = at(now_s);
        const Tick most = std::max(stamp, std::min(now.most, stamp + since(asked_s, now_s)));
        now_ = {std::min(std::max(now.least, stamp), most), most};
        counted_s_ = now_s;
    }

  private:
    static std::uint64_t since(std::uint64_t then_s, std::uint64_t now_s) noexcept {
        return now_s > then_s ? now_s - then_s : 0;
    }
    Now now_{Tick{}};
    std::uint64_t counted_s_ = 0;
};

}  // namespace basalt::link
