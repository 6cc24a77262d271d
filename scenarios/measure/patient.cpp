#include "scenarios/measure/patient.h"

#include "pump_model/patient.h"

#include <array>
#include <cmath>

namespace basalt::measure {
namespace {

constexpr int days_a_round = 20;
constexpr int minutes_a_day = 24 * 60;
constexpr std::array mealtimes{7 * 60, 12 * 60 + 30, 18 * 60 + 30};
constexpr double meal_g = 60, bolus_u = 6;

/// Returns the glucose at the end, which keeps the work from being optimised away.
double live(bool meals) {
    pump_model::Patient patient{pump_model::all_people()[5]};
    const double basal_u = patient.person().parameters.basal_u_per_h / 60;
    for (int minute = 0; minute < days_a_round * minutes_a_day; ++minute) {
        bool eats = false;
        for (const int mealtime : mealtimes) eats = eats || (meals && minute % minutes_a_day == mealtime);
        if (!patient.advance_minute(basal_u + (eats ? bolus_u : 0), eats ? meal_g : 0)) return NAN;
    }
    return patient.plasma_mg_dl();
}

}  // namespace

Figures measure_patient(int rounds) {
    Rounds measured;
    double sum = 0;
    for (int round = 0; round < rounds; ++round) {
        measured.own_s.push_back(seconds_of([&] { sum += live(true); }));
        measured.peer_s.push_back(seconds_of([&] { sum += live(false); }));
    }
    if (!std::isfinite(sum)) return {{}, {{"patient_three_meals", "The model left its validity."}}};
    return {{speed_figure({"patient_three_meals", "a patient's day with three meals / fasting", 3}, measured,
                          days_a_round)},
            {}};
}

}  // namespace basalt::measure
