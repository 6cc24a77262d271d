#include "pump_model/patients.h"

#include "pump_model/nearest.h"

#include <algorithm>
#include <array>

namespace basalt::pump_model {
namespace {

constexpr auto people = std::to_array<Person>({
#include "patient_rows.inc"  // written by patients.cmake from patients.csv
});
static_assert(people.size() == 30);
static_assert(std::ranges::all_of(people,
                                  [](const Person& p) { return p.parameters.TDI > 0 && p.start[Compartment::gs] > 0; }),
              "a row that is too short leaves its last columns at zero");

}  // namespace

std::span<const Person> all_people() noexcept { return people; }

std::expected<const Person*, UnknownPerson> find_person(std::string_view name) noexcept {
    const auto found = std::ranges::find(people, name, &Person::name);
    if (found != people.end()) return &*found;
    return std::unexpected{UnknownPerson{nearest(name, people, &Person::name)}};
}

}  // namespace basalt::pump_model
