#include "ui/view/palette.h"

#include <cmath>
#include <utility>

namespace basalt::view {
namespace {

using Colours = std::array<Rgb, role_count>;
constexpr Colours normal{{
    {18, 24, 32},     // background
    {30, 39, 51},     // card
    {240, 244, 248},  // text
    {168, 182, 197},  // quiet
    {122, 214, 148},  // good
    {102, 217, 239},  // low
    {255, 214, 10},   // medium
    {255, 107, 107},  // high
    {12, 14, 18},     // on_alarm
    {240, 244, 248},  // curve
    {110, 168, 254},  // insulin
    {38, 62, 52},     // band
    {196, 28, 34},    // stop
    {255, 255, 255},  // on_stop
}};
constexpr Colours high_contrast{{
    {0, 0, 0},        // background
    {0, 0, 0},        // card
    {255, 255, 255},  // text
    {224, 224, 224},  // quiet
    {124, 255, 160},  // good
    {128, 240, 255},  // low
    {255, 226, 64},   // medium
    {255, 138, 138},  // high
    {0, 0, 0},        // on_alarm
    {255, 255, 255},  // curve
    {150, 200, 255},  // insulin
    {28, 60, 40},     // band
    {255, 255, 255},  // stop
    {150, 0, 8},      // on_stop
}};

double linear(std::uint8_t channel) noexcept {
    const double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}
double luminance(Rgb c) noexcept { return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b); }

}  // namespace

Rgb colour(Role role, Theme theme) noexcept {
    return (theme == Theme::normal ? normal : high_contrast)[std::to_underlying(role)];
}

double contrast(Rgb a, Rgb b) noexcept {
    double bright = luminance(a), dark = luminance(b);
    if (bright < dark) std::swap(bright, dark);
    return (bright + 0.05) / (dark + 0.05);
}

}  // namespace basalt::view
