#include "ui/cli/suggest.h"

#include "pump_model/nearest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace basalt::cli {
namespace {

const CLI::App& innermost(const CLI::App& app) {
    const CLI::App* at = &app;
    while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
    return *at;
}

std::vector<std::string> commands_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(command->get_name());
    if (app.get_parent() == nullptr) names.emplace_back("test");  // the launcher's own
    return names;
}

std::vector<std::string> options_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* option : app.get_options())
        for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    return names;
}

std::string path_of(const CLI::App& app) {
    return app.get_parent() == nullptr ? app.get_name() : path_of(*app.get_parent()) + " " + app.get_name();
}

/// Commands that Basalt is to have and has not: whoever types one is told so, and not that it is misspelt.
struct Planned {
    std::string_view of;
    std::string_view name;
};
constexpr std::array planned{
    Planned{"basalt", "patient"},
    Planned{"basalt", "user"},
    Planned{"basalt", "badge"},
    Planned{"basalt", "firmware"},
    Planned{"basalt", "attest"},
    Planned{"basalt", "keys"},
    Planned{"basalt", "network"},
    Planned{"basalt", "backup"},
    Planned{"basalt", "eol"},
    Planned{"basalt campaign", "cuts"},
    Planned{"basalt campaign", "faults"},
    Planned{"basalt campaign", "hostile"},
    Planned{"basalt campaign", "mutants"},
    Planned{"basalt campaign", "patients"},
    Planned{"basalt evidence", "report"},
};

bool is_planned(std::string_view of, std::string_view name) {
    return std::ranges::any_of(planned, [&](const Planned& p) { return p.of == of && p.name == name; });
}

/// CLI11's sentence, or a plainer one where its own is for programmers.
std::string in_words(const CLI::ParseError& error) {
    const std::string words = error.what();
    const std::string option = words.substr(0, words.find(':'));
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr)
        return words.ends_with("missing") ? option + " needs something after it" : option + " stands there twice";
    if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr)
        return "this cannot be: " + words.substr(words.find(':') + 2);
    return words;
}

Error unknown_word(const CLI::App& at, const std::string& word) {
    const std::string where = path_of(at);
    const bool option = word.starts_with('-');
    const auto known = option ? options_of(at) : commands_of(at);
    if (!option && is_planned(where, word))
        return {ErrorCode::missing, fmt::format("'{} {}' is not built yet.", where, word),
                fmt::format("What there is: {} --help", where), 0};
    if (known.empty())
        return {ErrorCode::usage, fmt::format("'{}' takes nothing like '{}'.", where, word),
                fmt::format("How it is used: {} --help", where), 0};
    return {ErrorCode::usage, fmt::format("'{}' has no {} '{}'.", where, option ? "option" : "command", word),
            fmt::format("Did you mean '{}'? All are shown by: {} --help", pump_model::nearest(word, known), where), 0};
}

}  // namespace

Error wrong_usage(const CLI::App& app, const CLI::ParseError& error) {
    const CLI::App& at = innermost(app);
    const std::string where = path_of(at);
    const auto left = app.remaining(true);
    // A word before a command that is one: the command whose place it took is above.
    if (const auto above = app.remaining(false); !above.empty() && &at != &app && !above.front().starts_with('-'))
        return unknown_word(app, above.front());
    // CLI11 misses a command that it requires before it looks at the words that are left: one of them was meant for it.
    const bool extras = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
    const bool required = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
    if ((extras || required) && !left.empty()) return unknown_word(at, left.front().substr(0, left.front().find('=')));
    const std::string help = fmt::format("How it is used: {} --help", where);
    if (required && !commands_of(at).empty())
        return {ErrorCode::usage,
                fmt::format("'{}' needs one of its commands: {}.", where, fmt::join(commands_of(at), ", ")), help, 0};
    return {ErrorCode::usage, fmt::format("'{}': {}.", where, in_words(error)), help, 0};
}

}  // namespace basalt::cli
