#include "pump_model/patients.h"

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

/// Levenshtein: how many letters must be put in, taken out or changed. Longer strings are compared by their first 31
/// letters.
std::size_t distance(std::string_view a, std::string_view b) noexcept {
    constexpr std::size_t longest = 31;
    a = a.substr(0, longest);
    b = b.substr(0, longest);
    std::array<std::size_t, longest + 1> row{};
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
        }
    }
    return row[b.size()];
}

}  // namespace

std::span<const Person> all_people() noexcept { return people; }

std::expected<const Person*, UnknownPerson> find_person(std::string_view name) noexcept {
    const auto found = std::ranges::find(people, name, &Person::name);
    if (found != people.end()) return &*found;
    const auto nearest =
        std::ranges::min_element(people, {}, [name](const Person& p) { return distance(name, p.name); });
    return std::unexpected{UnknownPerson{nearest->name}};
}

}  // namespace basalt::pump_model
