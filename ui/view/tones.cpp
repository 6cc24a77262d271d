#include "ui/view/tones.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

namespace basalt::view {
namespace {

struct Pulse {
    double at_s;  ///< its beginning
    double length_s;
    double base_hz;
};

// Pulses of 150 ms (td) with x = 100 ms between them, 2x + td after the third, 600 ms after the fifth; then the same
// again.
constexpr double high_hz = 523.25, medium_hz = 440.0, low_hz = 349.23;
constexpr Pulse high[] = {{0.00, 0.15, high_hz}, {0.25, 0.15, high_hz}, {0.50, 0.15, high_hz}, {1.00, 0.15, high_hz},
                          {1.25, 0.15, high_hz}, {2.00, 0.15, high_hz}, {2.25, 0.15, high_hz}, {2.50, 0.15, high_hz},
                          {3.00, 0.15, high_hz}, {3.25, 0.15, high_hz}};
constexpr Pulse medium[] = {{0.0, 0.2, medium_hz}, {0.4, 0.2, medium_hz}, {0.8, 0.2, medium_hz}};
constexpr Pulse low[] = {{0.0, 0.2, low_hz}};

std::span<const Pulse> pulses_of(hal::Priority priority) noexcept {
    switch (priority) {
        case hal::Priority::high:
            return high;
        case hal::Priority::medium:
            return medium;
        case hal::Priority::low:
            return low;
        case hal::Priority::none:
            break;
    }
    return {};
}

// The base and its 2nd to 5th harmonics, none more than 6 dB below it: heard in noise, and from where the source is.
void add(std::vector<std::int16_t>& out, const Pulse& pulse) {
    constexpr double edge_s = 0.02, loudness = 9'000;
    const auto first = static_cast<std::size_t>(pulse.at_s * sample_rate_hz);
    const auto count = static_cast<std::size_t>(pulse.length_s * sample_rate_hz);
    for (std::size_t i = 0; i < count; ++i) {
        const double t = static_cast<double>(i) / sample_rate_hz;
        const double edge = std::min({1.0, t / edge_s, (pulse.length_s - t) / edge_s});
        double sum = 0;
        for (int harmonic = 1; harmonic <= 5; ++harmonic)
            sum += std::sin(2 * std::numbers::pi * pulse.base_hz * harmonic * t) / (harmonic == 1 ? 1.0 : 2.0);
        out[first + i] = static_cast<std::int16_t>(std::lround(loudness * edge * sum));
    }
}

}  // namespace

std::vector<std::int16_t> burst(hal::Priority priority) {
    const auto pulses = pulses_of(priority);
    if (pulses.empty()) return {};
    const double length_s = pulses.back().at_s + pulses.back().length_s;
    std::vector<std::int16_t> out(static_cast<std::size_t>(length_s * sample_rate_hz) + 1);
    for (const Pulse& pulse : pulses) add(out, pulse);
    return out;
}

double pause_after_burst_s(hal::Priority priority) noexcept {
    switch (priority) {
        case hal::Priority::high:
            return 5;
        case hal::Priority::medium:
            return 10;
        case hal::Priority::low:
        case hal::Priority::none:
            break;
    }
    return 20;
}

}  // namespace basalt::view
