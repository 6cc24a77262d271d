// Contrast as WCAG 2.2 asks for: 4.5 for text (7 in high contrast), 3 for what is drawn.
#include "ui/view/palette.h"

#include <gtest/gtest.h>

namespace basalt::view {
namespace {

constexpr std::array themes{Theme::normal, Theme::high_contrast};

double between(Role a, Role b, Theme theme) { return contrast(colour(a, theme), colour(b, theme)); }

TEST(Palette, TheContrastOfBlackAndWhiteIsTwentyOne) {
    EXPECT_NEAR(contrast({0, 0, 0}, {255, 255, 255}), 21, 0.001);
    EXPECT_NEAR(contrast({119, 119, 119}, {255, 255, 255}), 4.48, 0.01);  // WCAG's well-known grey that just fails
}

TEST(Palette, EveryTextCanBeReadOnEverySurfaceThatItStandsOn) {
    for (const Theme theme : themes) {
        const double least = theme == Theme::normal ? 4.5 : 7;
        for (const Role surface : {Role::background, Role::card})
            for (const Role words : {Role::text, Role::quiet, Role::good, Role::low, Role::medium, Role::high})
                EXPECT_GE(between(words, surface, theme), least)
                    << static_cast<int>(words) << " on " << static_cast<int>(surface);
        for (const Role surface : {Role::low, Role::medium, Role::high})
            EXPECT_GE(between(Role::on_alarm, surface, theme), least) << static_cast<int>(surface);
        EXPECT_GE(between(Role::on_stop, Role::stop, theme), least);
    }
}

TEST(Palette, InHighContrastNothingOutshinesTheButtonThatStops) {
    const auto on_screen = [](Role role) { return between(role, Role::background, Theme::high_contrast); };
    for (const Role other : {Role::text, Role::quiet, Role::good, Role::low, Role::medium, Role::high, Role::insulin})
        EXPECT_GE(on_screen(Role::stop), on_screen(other)) << static_cast<int>(other);
}

TEST(Palette, TheCurveAndTheDosesAreSeenOnTheBandAndBesideIt) {
    for (const Theme theme : themes)
        for (const Role surface : {Role::card, Role::band})
            for (const Role line : {Role::curve, Role::insulin, Role::medium, Role::high})
                EXPECT_GE(between(line, surface, theme), 3) << static_cast<int>(line);
}

}  // namespace
}  // namespace basalt::view
