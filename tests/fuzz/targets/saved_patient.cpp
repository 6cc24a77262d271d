#include "pump_model/patient.h"
#include "tests/fuzz/target.h"

#include <algorithm>
#include <cmath>

// A saved patient is restored exactly, and can live on, or not at all.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    auto patient = pump_model::Patient::restore({data, size});
    if (!patient) return 0;
    fuzz::require(std::ranges::equal(patient->save(), std::span{data, size}), "what was restored is what was saved");
    fuzz::require(patient->plasma_mg_dl() >= 0 && std::isfinite(patient->plasma_mg_dl()), "glucose is a number");
    fuzz::require(patient->advance_minute(0.02, 0), "a restored patient lives on");
    fuzz::require(patient->plasma_mg_dl() >= 0, "glucose does not fall below zero");
    return 0;
}

std::vector<basalt::fuzz::Input> basalt::fuzz::seeds() {
    std::vector<Input> all;
    for (const auto& person : pump_model::all_people().first(3)) {
        pump_model::Patient patient{person};
        require(patient.advance_minute(1, 30), "a fresh patient lives");
        const auto saved = patient.save();
        all.emplace_back(saved.begin(), saved.end());
    }
    return all;
}
