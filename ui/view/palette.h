// ui/view/palette.h: the console's colours by what they mean, in two themes, and the contrast of each pair (WCAG 2.2).
// No meaning is carried by colour alone: marks and words stand beside each.
#pragma once
#include <array>
#include <cstdint>

namespace basalt::view {

struct Rgb {
    std::uint8_t r = 0, g = 0, b = 0;
    friend constexpr bool operator==(Rgb, Rgb) = default;
};

/// What a colour means.
enum class Role : std::uint8_t {
    background,
    card,      ///< a surface on the background
    text,      ///< on background and card
    quiet,     ///< less important text on both
    good,      ///< as it should be
    low,       ///< low-priority alarm: cyan (IEC 60601-1-8)
    medium,    ///< medium-priority alarm: yellow
    high,      ///< high-priority alarm: red
    on_alarm,  ///< text on a surface in low, medium or high
    curve,     ///< the glucose curve
    insulin,   ///< doses in the chart
    band,      ///< the target band behind the curve
    stop,      ///< the surface of the button that stops insulin
    on_stop,   ///< its text
};
inline constexpr std::size_t role_count = 14;

enum class Theme : std::uint8_t { normal, high_contrast };

Rgb colour(Role role, Theme theme) noexcept;
/// Contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio").
double contrast(Rgb a, Rgb b) noexcept;

}  // namespace basalt::view
