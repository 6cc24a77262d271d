#include "pump_model/patients.h"

#include <gtest/gtest.h>

#include <set>

namespace basalt::pump_model {
namespace {

TEST(People, AreThirtyWithNamesOfTheirOwnAndPlausibleBodies) {
    std::set<std::string_view> names;
    for (const auto& person : all_people()) {
        names.insert(person.name);
        EXPECT_GT(person.parameters.BW, 15) << person.name;
        EXPECT_LT(person.parameters.BW, 150) << person.name;
        EXPECT_NEAR(person.parameters.basal_u_per_h, person.parameters.u2ss * person.parameters.BW / 100, 1e-9);
        EXPECT_NEAR(person.start[Compartment::gp] / person.parameters.Vg, person.parameters.Gb, 1e-6) << person.name;
    }
    EXPECT_EQ(names.size(), 30U);
    EXPECT_TRUE(names.contains("adult#010"));
    EXPECT_TRUE(names.contains("adolescent#001"));
    EXPECT_TRUE(names.contains("child#010"));
}

TEST(People, AWrongNameIsAnsweredWithTheNearest) {
    ASSERT_TRUE(find_person("child#005"));
    EXPECT_EQ((*find_person("child#005"))->name, "child#005");
    EXPECT_EQ(find_person("adlut#003").error().nearest, "adult#003");
    EXPECT_EQ(find_person("Adult#003").error().nearest, "adult#003");
    EXPECT_EQ(find_person("teen adolescent#7").error().nearest.substr(0, 10), "adolescent");
    EXPECT_FALSE(find_person("").error().nearest.empty());
    EXPECT_FALSE(find_person(std::string(100'000, 'a')).error().nearest.empty());
}

}  // namespace
}  // namespace basalt::pump_model
