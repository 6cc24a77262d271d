// tests/support/heard.h: what an ear makes of samples: pulses, their lengths and pitch, and which alarm of IEC
// 60601-1-8 they are.
#pragma once
#include "ui/view/tones.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numbers>
#include <optional>
#include <span>
#include <vector>

namespace basalt::test {

using Samples = std::vector<std::int16_t>;

struct Pulse {
    double begin_s, end_s;
    double length_s() const { return end_s - begin_s; }
};

/// Where the sound is: a pulse ends when 30 ms are silent.
inline std::vector<Pulse> pulses_in(std::span<const std::int16_t> samples) {
    std::vector<Pulse> found;
    constexpr int loud = 1'000, silent_samples = view::sample_rate_hz * 30 / 1000;
    int quiet = silent_samples;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double at = static_cast<double>(i) / view::sample_rate_hz;
        if (std::abs(int{samples[i]}) >= loud) {
            if (quiet >= silent_samples) found.push_back({at, at});
            found.back().end_s = at;
            quiet = 0;
        } else {
            ++quiet;
        }
    }
    return found;
}

/// How strong one frequency is in a part of the samples (a single term of its Fourier sum).
inline double strength(std::span<const std::int16_t> samples, const Pulse& pulse, double hz) {
    double re = 0, im = 0;
    for (auto i = static_cast<std::size_t>(pulse.begin_s * view::sample_rate_hz);
         i < static_cast<std::size_t>(pulse.end_s * view::sample_rate_hz); ++i) {
        const double angle = 2 * std::numbers::pi * hz * static_cast<double>(i) / view::sample_rate_hz;
        re += samples[i] * std::cos(angle);
        im += samples[i] * std::sin(angle);
    }
    return std::hypot(re, im);
}

/// The strongest frequency of a pulse between 150 and 1000 Hz, where the standard wants its fundamental.
inline int pitch_hz(std::span<const std::int16_t> samples, const Pulse& pulse) {
    int best = 0;
    double most = 0;
    for (int hz = 150; hz <= 1'000; ++hz)
        if (const double found = strength(samples, pulse, hz); found > most) {
            most = found;
            best = hz;
        }
    return best;
}

/// The first burst: pulses up to a silence of more than 1.5 s (the longest within a burst is 0.6 s).
inline std::vector<Pulse> first_burst(std::span<const std::int16_t> samples) {
    std::vector<Pulse> burst;
    for (const Pulse& pulse : pulses_in(samples)) {
        if (!burst.empty() && pulse.begin_s - burst.back().end_s > 1.5) break;
        burst.push_back(pulse);
    }
    return burst;
}

/// What an ear would call it; nothing: none of the three.
inline std::optional<hal::Priority> recognised(std::span<const std::int16_t> samples) {
    switch (first_burst(samples).size()) {
        case 10:
            return hal::Priority::high;
        case 3:
            return hal::Priority::medium;
        case 1:
        case 2:
            return hal::Priority::low;
        default:
            return std::nullopt;
    }
}

/// What SDL's `disk` driver wrote until now: what a loudspeaker would have got.
inline Samples recorded(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    const std::vector<char> bytes{std::istreambuf_iterator<char>{in}, {}};
    Samples samples(bytes.size() / 2);
    for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = static_cast<std::int16_t>(static_cast<std::uint8_t>(bytes[2 * i]) |
                                               static_cast<std::uint8_t>(bytes[2 * i + 1]) << 8);
    return samples;
}

}  // namespace basalt::test
