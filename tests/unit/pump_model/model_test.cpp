#include "pump_model/model.h"

#include "pump_model/patients.h"
#include "tests/unit/pump_model/rows.h"

#include <cmath>

namespace basalt::pump_model {
namespace {

using enum Compartment::Index;

TEST(Model, TheRightHandSideIsThatOfTheReferenceAtEveryGivenState) {
    const auto table = test::rows("derivatives.csv");
    ASSERT_EQ(table.size(), 31U);  // a header and 30 states
    for (std::size_t r = 1; r < table.size(); ++r) {
        const auto& row = table[r];
        SCOPED_TRACE(row[0] + ", row " + std::to_string(r));
        ASSERT_EQ(row.size(), 4 + 2 * compartments);
        const auto person = find_person(row[0]);
        ASSERT_TRUE(person);
        State s{};
        for (std::size_t c = 0; c < compartments; ++c) s[c] = test::number(row[4 + c]);
        const auto d = rate_of_change((*person)->parameters, s,
                                      {test::number(row[1]), test::number(row[2]), test::number(row[3])});
        for (std::size_t c = 0; c < compartments; ++c) {
            const double expected = test::number(row[4 + compartments + c]);
            // Differences of numbers up to 1e4: the last bits depend on the order of the sum.
            EXPECT_NEAR(d[c], expected, 1e-9 + 1e-12 * std::abs(expected)) << "compartment " << c;
        }
    }
}

TEST(Model, EveryPersonStartsAtRest) {
    for (const auto& person : all_people()) {
        const auto d = rate_of_change(person.parameters, person.start, {.insulin = person.parameters.u2ss});
        for (std::size_t c = 0; c < compartments; ++c)
            EXPECT_NEAR(d[c], 0, 1e-9) << person.name << " compartment " << c;
    }
}

TEST(Model, GlucoseThatIsUsedUpOnlyFills) {
    const auto& person = all_people()[0];
    State s = person.start;
    s[gp] = 0;
    s[gt] = 0;
    s[gs] = 0;
    s[id] = 5000;  // the liver gives nothing
    const auto d = rate_of_change(person.parameters, s, {});
    EXPECT_EQ(d[gp], 0);
    EXPECT_EQ(d[gt], 0);
    s[qgut] = 50'000;
    EXPECT_GT(rate_of_change(person.parameters, s, {})[gp], 0);
}

TEST(Model, AHalvedStepChangesTheResultLessEachTime) {
    const auto& person = all_people()[3];
    const auto end_with = [&](int steps) {
        State s = person.start;
        for (int i = 0; i < 60 * steps; ++i) s = step(person.parameters, s, {.insulin = 100}, 1.0 / steps);
        return s[gp];
    };
    const double coarse = std::abs(end_with(1) - end_with(2));
    const double fine = std::abs(end_with(2) - end_with(4));
    EXPECT_GT(coarse, 0);
    EXPECT_LT(fine, coarse / 8);  // 16 for a method of order 4
}

}  // namespace
}  // namespace basalt::pump_model
