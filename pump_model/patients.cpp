#include "pump_model/patients.h"

#include "pump_model/nearest.h"

#include <algorithm>

namespace basalt::pump_model {

// all_people() stands beside the table, which the build makes from patients.csv (patients_table.cpp.in).

std::expected<const Person*, UnknownPerson> find_person(std::string_view name) noexcept {
    const auto people = all_people();
    const auto found = std::ranges::find(people, name, &Person::name);
    if (found != people.end()) return &*found;
    return std::unexpected{UnknownPerson{nearest(name, people, &Person::name)}};
}

}  // namespace basalt::pump_model
