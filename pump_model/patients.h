// pump_model/patients.h: the 30 people that ship with Basalt, by name.
#pragma once
#include "pump_model/model.h"

#include <expected>
#include <span>
#include <string_view>

namespace basalt::pump_model {

struct Person {
    std::string_view name;  ///< "adult#001" to "adult#010", "adolescent#001" ..., "child#001" ...
    Parameters parameters;
    State start;  ///< fasting steady state at the person's own basal rate
};

/// All of them, in the order adult, adolescent, child. They live as long as the program.
std::span<const Person> all_people() noexcept;

struct UnknownPerson {
    std::string_view nearest;  ///< the name that was probably meant
};

/// Finds a person by exact name.
std::expected<const Person*, UnknownPerson> find_person(std::string_view name) noexcept;

}  // namespace basalt::pump_model
