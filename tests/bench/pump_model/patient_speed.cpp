// How many days of a patient pass in a second, on one processor, without heap: fasting, and a day with three meals,
// where the stomach's hyperbolic tangents cost most.
#include "pump_model/patient.h"

#include <chrono>
#include <cstdio>

namespace {

using basalt::pump_model::Patient;

/// Days a second, over at least `seconds` of wall time. `sum` keeps the work from being optimised away.
double days_per_s(bool meals, double seconds, double& sum) {
    Patient patient{basalt::pump_model::all_people()[5]};
    const double basal = patient.person().parameters.basal_u_per_h / 60;
    const auto begin = std::chrono::steady_clock::now();
    int days = 0;
    std::chrono::duration<double> passed{};
    do {
        for (int m = 0; m < 24 * 60; ++m) {
            const bool eats = meals && (m == 7 * 60 || m == 12 * 60 + 30 || m == 18 * 60 + 30);
            if (!patient.advance_minute(basal + (eats ? 6 : 0), eats ? 60 : 0)) return 0;
            sum += patient.plasma_mg_dl();
        }
        ++days;
        passed = std::chrono::steady_clock::now() - begin;
    } while (passed.count() < seconds);
    return days / passed.count();
}

}  // namespace

int main() {
    double sum = 0;
    const double fasting = days_per_s(false, 1, sum);
    const double meals = days_per_s(true, 1, sum);
    std::printf(
        "{\"schema\": 1, \"results\": [\n"
        "  {\"name\": \"patient_fasting\", \"value\": %.0f, \"unit\": \"days_per_s\", \"peer_value\": null, \"ratio\": "
        "null, "
        "\"goal\": null, \"met\": null},\n"
        "  {\"name\": \"patient_three_meals\", \"value\": %.0f, \"unit\": \"days_per_s\", \"peer_value\": null, "
        "\"ratio\": null, "
        "\"goal\": null, \"met\": null}]}\n",
        fasting, meals);
    return sum > 0 ? 0 : 1;
}
