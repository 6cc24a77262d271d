// device/firmware/configuration_reader.h: how a part of device.cfg is read: with the line of each fault. Private to the
// reading of configurations.
#pragma once
#include "device/common/result.h"
#include "device/firmware/people/first_person.h"
#include "device/firmware/therapy/calculator_settings.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <vector>

namespace basalt::firmware {

struct ConfigurationReader {
    static constexpr std::string_view next_step =
        "Correct the file, sign it again, and install it. Until then the pump goes on with its failsafe profile.";
    std::string_view file;

    std::unexpected<Error> refuse(std::uint32_t line, std::string_view why) const {
        return fail(ErrorCode::unreadable, fmt::format("{}, line {}: {}", file, line, why), std::string{next_step});
    }
    std::unexpected<Error> refuse(const toml::node& at, std::string_view why) const {
        return refuse(std::max<std::uint32_t>(at.source().begin.line, 1), why);  // the root of an empty file has line 0
    }

    /// `parent`'s key, of the wanted type; or words that say what stands there instead.
    template <class Node>
    Result<const Node*> need(const toml::table& parent, std::string_view name, std::string_view key,
                             std::string_view wanted) const {
        const toml::node* found = parent.get(key);
        if (found == nullptr) return refuse(parent, fmt::format("\"{}\" is missing. Expected {}.", name, wanted));
        const Node* typed = nullptr;
        if constexpr (std::is_same_v<Node, toml::table>)
            typed = found->as_table();
        else if constexpr (std::is_same_v<Node, toml::array>)
            typed = found->as_array();
        else
            typed = found->as<typename Node::value_type>();
        if (typed == nullptr)
            return refuse(*found, fmt::format("\"{}\" has the wrong type. Expected {}.", name, wanted));
        return typed;
    }

    /// A setting that nobody knows is a spelling mistake, and what was meant would silently not be set.
    Result<void> only(const toml::table& table, std::initializer_list<std::string_view> known) const {
        for (const auto& [key, node] : table)
            if (std::ranges::find(known, key.str()) == known.end())
                return refuse(key.source().begin.line,
                              fmt::format("\"{}\" is no setting. Expected: {}.", key.str(), fmt::join(known, ", ")));
        return {};
    }
};

/// `[calculator]`, or nothing. Ranges as in fault_of() of calculator_settings.h.
Result<std::optional<CalculatorSettings>> read_calculator(const ConfigurationReader& reader, const toml::table& root);
std::string to_toml(const CalculatorSettings& settings);

/// A list as TOML: eight values to a line, which are four hours.
template <class Values, class Number>
std::string eight_to_a_line(const Values& values, Number number) {
    std::string text = "[";
    for (std::size_t i = 0; i < values.size(); ++i)
        fmt::format_to(std::back_inserter(text), "{}{},", i % 8 == 0 ? "\n    " : " ", number(values[i]));
    return text + "\n]\n";
}

/// `[[people]]`, none or more. Errors: a name, role, code or badge that is none; two of the same name.
Result<std::vector<FirstPerson>> read_people(const ConfigurationReader& reader, const toml::table& root);
std::string to_toml(const FirstPerson& person);

}  // namespace basalt::firmware
