#include "scenarios/bench/glucose_sensor.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace basalt::bench {
namespace {

struct Process {
    double first, second, variance;
};
constexpr Process shared_error{1.34, -0.492, 5.538};
constexpr Process own_error{1.220, -0.331, 3.641};

double next(const Process& process, std::array<double, 2>& last, double normal) noexcept {
    const double value = process.first * last[0] + process.second * last[1] + std::sqrt(process.variance) * normal;
    last = {value, last[0]};
    return value;
}

// SplitMix64: Steele, Lea, Flood, OOPSLA 2014.
std::uint64_t draw(std::uint64_t& state) noexcept {
    std::uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}
double between_0_and_1(std::uint64_t& state) noexcept {
    return (static_cast<double>(draw(state) >> 11) + 0.5) * 0x1.0p-53;
}

}  // namespace

double GlucoseSensor::normal() noexcept {
    const double radius = std::sqrt(-2 * std::log(between_0_and_1(state_)));
    return radius * std::cos(2 * std::numbers::pi * between_0_and_1(state_));
}

std::uint16_t GlucoseSensor::read(double glucose_mg_dl) noexcept {
    const double error = next(shared_error, shared_, normal()) + next(own_error, own_, normal());
    return static_cast<std::uint16_t>(std::lround(std::clamp(glucose_mg_dl + error, 40.0, 400.0)));
}

}  // namespace basalt::bench
