// device/common/units.h: insulin, rates and time as types of their own, so that no number is ever in the wrong unit.
#pragma once
#include <compare>
#include <cstdint>

namespace basalt {

/// Insulin. 1 mU = 0.001 U. Integers only: a dose is never a floating-point number (docs/decisions/0002-integers.md).
struct MilliUnits {
    std::int32_t count = 0;
    friend constexpr auto operator<=>(MilliUnits, MilliUnits) = default;
    friend constexpr MilliUnits operator+(MilliUnits a, MilliUnits b) noexcept { return {a.count + b.count}; }
    friend constexpr MilliUnits operator-(MilliUnits a, MilliUnits b) noexcept { return {a.count - b.count}; }
    constexpr MilliUnits& operator+=(MilliUnits b) noexcept { count += b.count; return *this; }
};

/// A basal rate in 0.001 U/h.
struct MilliUnitsPerHour {
    std::int32_t count = 0;
    friend constexpr auto operator<=>(MilliUnitsPerHour, MilliUnitsPerHour) = default;
};

/// Monotonic device time in seconds since the device was made. One tick is one second. Never goes back.
struct Tick {
    std::uint64_t seconds = 0;
    friend constexpr auto operator<=>(Tick, Tick) = default;
    friend constexpr Tick operator+(Tick t, std::uint64_t s) noexcept { return {t.seconds + s}; }
};

/// The local time of day in seconds, 0 to 86 399. Wall time: it may jump, and nothing that limits a dose reads it.
struct SecondOfDay {
    std::uint32_t seconds = 0;
    friend constexpr auto operator<=>(SecondOfDay, SecondOfDay) = default;
};

/// The motor's position: insulin pushed out since the motor was made, in mU. Absolute, so that saying the same target
/// twice moves nothing twice. It outlives every program of the device.
struct MotorCount {
    std::int64_t milli_units = 0;
    friend constexpr auto operator<=>(MotorCount, MotorCount) = default;
    friend constexpr MotorCount operator+(MotorCount c, MilliUnits m) noexcept { return {c.milli_units + m.count}; }
};

inline namespace literals {
consteval MilliUnits operator""_mU(unsigned long long n) { return {static_cast<std::int32_t>(n)}; }
consteval MilliUnits operator""_U(unsigned long long n) { return {static_cast<std::int32_t>(n * 1000)}; }
consteval MilliUnitsPerHour operator""_mU_per_h(unsigned long long n) { return {static_cast<std::int32_t>(n)}; }
}  // namespace literals

}  // namespace basalt
