#include "ui/cli/arguments.h"

#include "pump_model/nearest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace basalt::cli {
namespace {

template <class Number>
std::optional<Number> number_in(const std::string& word) {
    Number number{};
    const char* const end = word.data() + word.size();
    const auto read = std::from_chars(word.data(), end, number);
    if (read.ec != std::errc{} || read.ptr != end || word.empty()) return std::nullopt;
    return number;
}

}  // namespace

CLI::Option* take_whole_number(CLI::Option* option, std::uint64_t least, std::uint64_t most) {
    const auto check = [least, most](std::string& word) {
        const auto number = number_in<std::uint64_t>(word);
        if (!number || *number < least || *number > most)
            return fmt::format("'{}' is no whole number from {} to {}", word, least, most);
        word = fmt::format("{}", *number);  // CLI11 reads what begins with 0 as octal
        return std::string{};
    };
    return option->transform(CLI::Validator{check, fmt::format("{} to {}", least, most)});
}

CLI::Option* take_number(CLI::Option* option, double least, double most) {
    const auto check = [least, most](const std::string& word) {
        const auto number = number_in<double>(word);
        const bool fits = number && *number >= least && *number <= most;  // NaN compares as false
        return fits ? std::string{} : fmt::format("'{}' is no number from {} to {}", word, least, most);
    };
    return option->check(CLI::Validator{check, fmt::format("{} to {}", least, most)});
}

CLI::Option* take_word(CLI::Option* option) {
    return option->check(CLI::Validator{
        [](const std::string& word) { return word.empty() ? std::string{"its word is empty"} : std::string{}; }, ""});
}

CLI::Option* take_name(CLI::Option* option, std::vector<std::string> names) {
    const auto description = fmt::format("{}", fmt::join(names, ", "));
    const auto check = [names = std::move(names)](const std::string& word) {
        if (std::ranges::find(names, word) != names.end()) return std::string{};
        return fmt::format("there is no '{}'. Did you mean '{}'", word, pump_model::nearest(word, names));
    };
    return option->check(CLI::Validator{check, description});
}

}  // namespace basalt::cli
