// The patient against ten runs of the published model, computed by other code (tests/data/glucose/README.md).
#include "pump_model/patient.h"
#include "tests/unit/pump_model/rows.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace basalt::pump_model {
namespace {

struct Reading {
    int minute;
    double plasma, cgm, insulin;
};
struct Trajectory {
    std::string person;
    int minutes = 0;
    std::map<int, double> basal_u_per_h, bolus_u, carbs_g;
    std::vector<Reading> readings;
};

Trajectory load(const std::string& name) {
    Trajectory t;
    for (const auto& row : test::rows(name + ".csv")) {
        if (row[0] == "patient")
            t.person = row.at(1);
        else if (row[0] == "minutes")
            t.minutes = std::stoi(row.at(1));
        else if (row[0] == "at")
            t.readings.push_back(
                {std::stoi(row.at(1)), test::number(row.at(2)), test::number(row.at(3)), test::number(row.at(4))});
        else {
            auto& inputs = row[0] == "basal" ? t.basal_u_per_h : row[0] == "bolus" ? t.bolus_u : t.carbs_g;
            inputs[std::stoi(row.at(1))] = test::number(row.at(2));
        }
    }
    return t;
}

class Trajectories : public testing::TestWithParam<const char*> {};

TEST_P(Trajectories, AreFollowedToAboutAThousandthOfAMilligramPerDecilitre) {
    const auto t = load(GetParam());
    const auto person = find_person(t.person);
    ASSERT_TRUE(person) << t.person;
    ASSERT_EQ(t.readings.size(), static_cast<std::size_t>(t.minutes / 5 + 1));
    Patient patient{**person};
    double basal = 0;
    double plasma_squares = 0;
    double cgm_squares = 0;
    double worst = 0;
    double worst_insulin = 0;
    std::size_t next = 0;
    for (int m = 0; m <= t.minutes; ++m) {
        if (m % 5 == 0) {
            const auto& r = t.readings.at(next++);
            ASSERT_EQ(r.minute, m);
            const double plasma_off = patient.plasma_mg_dl() - r.plasma;
            const double cgm_off = patient.cgm_mg_dl() - r.cgm;
            plasma_squares += plasma_off * plasma_off;
            cgm_squares += cgm_off * cgm_off;
            worst = std::max({worst, std::abs(plasma_off), std::abs(cgm_off)});
            worst_insulin = std::max(worst_insulin, std::abs(patient.insulin_pmol_l() - r.insulin));
        }
        const auto at = [m](const std::map<int, double>& inputs) { return inputs.contains(m) ? inputs.at(m) : 0.0; };
        if (t.basal_u_per_h.contains(m)) basal = t.basal_u_per_h.at(m);
        ASSERT_TRUE(patient.advance_minute(basal / 60 + at(t.bolus_u), at(t.carbs_g)));
    }
    const auto n = static_cast<double>(t.readings.size());
    EXPECT_LT(std::sqrt(plasma_squares / n), 0.0005);
    EXPECT_LT(std::sqrt(cgm_squares / n), 0.0005);
    EXPECT_LT(worst, 0.0015);
    EXPECT_LT(worst_insulin, 0.001);
}

INSTANTIATE_TEST_SUITE_P(All, Trajectories,
                         testing::Values("basal-20pct", "basal-doubled-12h", "basal-stopped-12h", "fasting-24h",
                                         "kinks-basal-stopped-12h", "meal-edges", "meal60-bolus", "missed-bolus",
                                         "overdose-10U", "three-meals"),
                         [](const auto& trajectory) {
                             std::string name = trajectory.param;
                             std::erase(name, '-');
                             return name;
                         });

}  // namespace
}  // namespace basalt::pump_model
