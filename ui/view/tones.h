// ui/view/tones.h: the alarm sounds of IEC 60601-1-8 (2020, table 3 and 4) as samples: one burst of pulses for each
// priority, and how long it is silent until the next.
#pragma once
#include "device/hal/board_frames.h"

#include <cstdint>
#include <vector>

namespace basalt::view {

inline constexpr int sample_rate_hz = 22'050;

/// One burst, 16 bits, one channel. High: ten pulses in two groups of five (3-2); medium: three; low: one; none: empty.
std::vector<std::int16_t> burst(hal::Priority priority);
/// Silence between the end of one burst and the beginning of the next, in seconds: 5, 10 and 20.
double pause_after_burst_s(hal::Priority priority) noexcept;

}  // namespace basalt::view
