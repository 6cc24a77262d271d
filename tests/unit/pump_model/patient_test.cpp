#include "pump_model/patient.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace basalt::pump_model {
namespace {

Patient patient(std::string_view name) { return Patient{**find_person(name)}; }
double basal_u_per_min(const Patient& p) { return p.person().parameters.basal_u_per_h / 60; }

void live(Patient& p, int minutes, double insulin_u_per_min) {
    for (int m = 0; m < minutes; ++m) ASSERT_TRUE(p.advance_minute(insulin_u_per_min, 0));
}

TEST(Patient, FastingOnTheOwnBasalNobodyMoves) {
    for (const auto& person : all_people()) {
        Patient p{person};
        const double start = p.plasma_mg_dl();
        live(p, 24 * 60, basal_u_per_min(p));
        EXPECT_NEAR(p.plasma_mg_dl(), start, 1e-6) << person.name;
        EXPECT_NEAR(p.cgm_mg_dl(), start, 1e-6) << person.name;
        EXPECT_EQ(p.minute(), 24 * 60);
    }
}

TEST(Patient, AfterTheLowestLowFoodBringsGlucoseBack) {
    auto p = patient("child#002");
    ASSERT_TRUE(p.advance_minute(10, 0));
    double lowest = 1000;
    for (int m = 0; m < 600; ++m) {
        ASSERT_TRUE(p.advance_minute(basal_u_per_min(p), 0));
        lowest = std::min(lowest, p.plasma_mg_dl());
        ASSERT_GE(p.plasma_mg_dl(), 0);
        ASSERT_GE(p.cgm_mg_dl(), 0);
    }
    EXPECT_EQ(lowest, 0);  // the plain equations give -15: this patient needs the rule at zero
    EXPECT_EQ(p.validity(), Validity::low);
    ASSERT_TRUE(p.advance_minute(0, 60));
    live(p, 180, 0);
    EXPECT_GT(p.plasma_mg_dl(), 70);
    EXPECT_EQ(p.validity(), Validity::valid);
}

TEST(Patient, WithoutInsulinTheNumberIsCalledInvalidAboveSixHundred) {
    auto p = patient("adult#007");
    live(p, 12 * 60, 0);
    EXPECT_NEAR(p.plasma_mg_dl(), 1156, 2);  // as the published model, which has run away from the body here
    EXPECT_EQ(p.validity(), Validity::high);
    live(p, 12 * 60, 0);
    EXPECT_NEAR(p.plasma_mg_dl(), 2256, 2);
}

TEST(Patient, EatsFiveGramsAMinuteAndKeepsTheRestWaiting) {
    auto p = patient("adult#001");
    ASSERT_TRUE(p.advance_minute(0, 12));
    EXPECT_DOUBLE_EQ(p.food_waiting_g(), 7);
    live(p, 2, 0);
    EXPECT_DOUBLE_EQ(p.food_waiting_g(), 0);
}

TEST(Patient, AnInputThatIsNoAmountIsRefusedAndNoTimePasses) {
    auto p = patient("adult#001");
    const auto before = p.save();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinite = std::numeric_limits<double>::infinity();
    for (const double bad : {nan, infinite, -infinite, -1e-9, 1000.001}) {
        EXPECT_FALSE(p.advance_minute(bad, 0)) << bad;
        EXPECT_FALSE(p.advance_minute(0, bad)) << bad;
    }
    EXPECT_EQ(p.save(), before);
    EXPECT_TRUE(p.advance_minute(1000, 1000));
}

TEST(Patient, ASavedPatientGoesOnExactlyAsTheOther) {
    auto a = patient("adolescent#004");
    ASSERT_TRUE(a.advance_minute(3, 40));
    live(a, 3, 0.01);  // in the middle of a meal: the queue and the episode must be kept too
    auto b = Patient::restore(a.save());
    ASSERT_TRUE(b);
    EXPECT_EQ(*b, a);
    for (int m = 0; m < 300; ++m) {
        const double carbs = m == 2 || m == 100 ? 15 : 0;
        ASSERT_TRUE(a.advance_minute(0.01, carbs));
        ASSERT_TRUE(b->advance_minute(0.01, carbs));
        ASSERT_EQ(a.save(), b->save()) << m;
    }
}

TEST(Patient, DamagedBytesRestoreNobody) {
    const auto good = patient("adult#001").save();
    ASSERT_TRUE(Patient::restore(good));
    const auto with = [&good](std::size_t at, std::initializer_list<std::uint8_t> bytes) {
        auto bad = good;
        for (const auto b : bytes) bad[at++] = b;
        return Patient::restore(bad);
    };
    EXPECT_FALSE(with(0, {'X'}));                                     // another file
    EXPECT_FALSE(with(8, {'X'}));                                     // nobody of this name
    EXPECT_FALSE(with(23, {'X'}));                                    // letters after the name's end
    EXPECT_FALSE(with(31, {0x80}));                                   // before the start
    EXPECT_FALSE(with(32 + 8 * 3 + 6, {0xF0, 0x7F}));                 // plasma glucose is infinite
    EXPECT_FALSE(with(32 + 8 * 3 + 6, {0xF8, 0x7F}));                 // or no number
    EXPECT_FALSE(with(32 + 8 * 3 + 7, {0xC0}));                       // or negative
    EXPECT_TRUE(with(32 + 8 * 6, {0, 0, 0, 0, 0, 0, 0xF0, 0xBF}));    // X = -1 is a state of the body
    EXPECT_FALSE(with(32 + 8 * 13, {0, 0, 0, 0, 0, 0, 0xF0, 0xBF}));  // -1 g of food waits
    for (std::size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(Patient::restore(std::span{good}.first(size)));
}

}  // namespace
}  // namespace basalt::pump_model
