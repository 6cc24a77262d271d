// device/firmware/therapy/glucose.h: glucose as people read it.
#pragma once
#include <cstdint>

namespace basalt::firmware {

enum class GlucoseUnit : std::uint8_t { mg_dl, mmol_l };

/// What a sensor can say: below and above it shows LOW and HIGH, which are no numbers.
inline constexpr std::uint16_t lowest_reading_mg_dl = 40, highest_reading_mg_dl = 400;
/// Below this, sugar comes before insulin (hypoglycaemia, level 1).
inline constexpr std::uint16_t hypoglycaemia_mg_dl = 70;

/// 1 mmol/L of glucose is 18.016 mg/dL. `tenths` of mmol/L become whole mg/dL, rounded down: never more insulin.
constexpr std::uint16_t mg_dl_of(std::int32_t tenths) noexcept {
    return static_cast<std::uint16_t>(std::int64_t{tenths} * 18'016 / 10'000);
}
/// The same, rounded up: for settings that mean less insulin when they are larger.
constexpr std::uint16_t mg_dl_above(std::int32_t tenths) noexcept {
    return static_cast<std::uint16_t>((std::int64_t{tenths} * 18'016 + 9'999) / 10'000);
}
/// Whole mg/dL as tenths of mmol/L, to the nearest: for showing alone.
constexpr std::int32_t tenths_of_mmol(std::uint16_t mg_dl) noexcept {
    return static_cast<std::int32_t>((std::int64_t{mg_dl} * 10'000 + 9'008) / 18'016);
}

}  // namespace basalt::firmware
