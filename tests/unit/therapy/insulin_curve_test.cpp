#include "device/firmware/therapy/insulin_curve.h"

#include "tests/unit/therapy/table.h"

#include <cmath>

namespace basalt::firmware {
namespace {

/// The model as it was published, in floating point: see insulin_curve.h.
double closed_form(const InsulinAction& action, double minutes) {
    const double td = action.duration_min, tp = action.peak_min;
    if (minutes >= td) return 0;
    const double tau = tp * (1 - tp / td) / (1 - 2 * tp / td);
    const double a = 2 * tau / td;
    const double s = 1 / (1 - a + (1 + a) * std::exp(-td / tau));
    return 1 - s * (1 - a) *
                   ((minutes * minutes / (tau * td * (1 - a)) - minutes / tau - 1) * std::exp(-minutes / tau) + 1);
}

double share(const InsulinCurve& curve, std::uint64_t seconds) {
    return static_cast<double>(curve.remaining(seconds)) / InsulinCurve::one;
}
constexpr double error = static_cast<double>(InsulinCurve::error) / InsulinCurve::one;

/// Each setting that a person can make, in steps of five minutes.
template <class Each>
void for_each_action(Each each) {
    for (std::uint16_t duration = 300; duration <= 480; duration = static_cast<std::uint16_t>(duration + 5))
        for (std::uint16_t peak = 35; peak <= 120; peak = static_cast<std::uint16_t>(peak + 5)) {
            ASSERT_TRUE(is_settable(InsulinAction{duration, peak}));
            each(InsulinAction{duration, peak});
        }
}

TEST(InsulinCurve, IsLoopsTableOfOneBolusWithinATenthOfAMilliUnit) {
    const InsulinCurve curve{{360, 75}};
    const auto table = test::rows("iob-one-bolus.csv");
    ASSERT_EQ(table.size(), 76U);  // a header and 75 lines
    for (std::size_t r = 1; r < table.size(); ++r) {
        const std::int64_t seconds = std::stoll(table[r][0]);
        const double expected_mu = 1000 * std::stod(table[r][1]);
        const double got_mu = 1500 * share(curve, static_cast<std::uint64_t>(std::max<std::int64_t>(0, seconds)));
        EXPECT_NEAR(got_mu, expected_mu, 0.1) << seconds << " s";
    }
}

TEST(InsulinCurve, IsLoopsSingleFigure) {
    // Of testInsulinOnBoardLimitsForExponentialModel in LoopKit's InsulinMathTests.swift, before the delay was added.
    EXPECT_NEAR(share(InsulinCurve{{360, 75}}, 108 * 60), 0.5110493617156, 1e-8);
}

TEST(InsulinCurve, IsTheClosedFormWithinItsErrorAtEverySetting) {
    double worst = 0, worst_at_knots = 0;
    for_each_action([&](const InsulinAction& action) {
        const InsulinCurve curve{action};
        for (std::uint32_t s = 0; s <= 60U * action.duration_min + 600; s += 10) {
            const double off = std::abs(share(curve, s) - closed_form(action, s / 60.0));
            worst = std::max(worst, off);
            if (s % 60 == 0) worst_at_knots = std::max(worst_at_knots, off);
        }
    });
    EXPECT_LT(worst, error);
    EXPECT_GT(worst, error / 2);  // the bound that the header states is not a loose one
    EXPECT_LT(worst_at_knots, 1e-8);
}

TEST(InsulinCurve, NeverRisesAndEndsWhereItShouldAtEverySetting) {
    for_each_action([](const InsulinAction& action) {
        const InsulinCurve curve{action};
        const std::uint64_t end = std::uint64_t{60} * action.duration_min;
        EXPECT_EQ(curve.remaining(0), InsulinCurve::one);
        EXPECT_GT(curve.remaining(end - 60), 0U);
        EXPECT_EQ(curve.remaining(end), 0U);
        EXPECT_EQ(curve.remaining(UINT64_MAX), 0U);
        std::uint32_t before = InsulinCurve::one;
        bool rose = false;
        for (std::uint64_t s = 1; s <= end; ++s) {
            const std::uint32_t now = curve.remaining(s);
            rose = rose || now > before;
            before = now;
        }
        EXPECT_FALSE(rose) << action.duration_min << " " << action.peak_min;
    });
}

TEST(InsulinCurve, ActsMostAtItsPeak) {
    for_each_action([](const InsulinAction& action) {
        const InsulinCurve curve{action};
        std::uint64_t strongest = 0;
        std::uint32_t most = 0;
        for (std::uint64_t minute = 0; minute < action.duration_min; ++minute) {
            const std::uint32_t acted = curve.remaining(60 * minute) - curve.remaining(60 * minute + 60);
            if (acted > most) {
                most = acted;
                strongest = minute;
            }
        }
        EXPECT_NEAR(static_cast<double>(strongest), action.peak_min, 1.0);
    });
}

TEST(InsulinCurve, IsTheSameBytesEverywhere) {  // what this code gave when it agreed with all of the above
    const InsulinCurve curve{{360, 75}};
    EXPECT_EQ(curve.remaining(60 * 60), 836'762'688U);
    EXPECT_EQ(curve.remaining(3 * 60 * 60 + 30), 221'872'447U);
}

TEST(InsulinCurve, OnlyDurationsThatActLongEnoughCanBeSet) {
    EXPECT_TRUE(is_settable(InsulinAction{300, 35}));
    EXPECT_TRUE(is_settable(InsulinAction{480, 120}));
    EXPECT_FALSE(is_settable(InsulinAction{299, 75}));
    EXPECT_FALSE(is_settable(InsulinAction{481, 75}));
    EXPECT_FALSE(is_settable(InsulinAction{360, 34}));
    EXPECT_FALSE(is_settable(InsulinAction{360, 121}));
    EXPECT_FALSE(is_settable(InsulinAction{0, 0}));
}

}  // namespace
}  // namespace basalt::firmware
