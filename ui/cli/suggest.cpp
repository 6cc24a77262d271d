#include "ui/cli/suggest.h"

#include "pump_model/nearest.h"

#include <fmt/format.h>

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

}  // namespace

std::string wrong_usage(const CLI::App& app, const CLI::ParseError& error) {
    const CLI::App& at = innermost(app);
    const std::string where = path_of(at);
    const auto left = app.remaining(true);
    if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr || left.empty())
        return fmt::format("{}: {}. How it is used: {} --help", where, error.what(), where);
    const std::string word = left.front().substr(0, left.front().find('='));
    const bool option = word.starts_with('-');
    const auto known = option ? options_of(at) : commands_of(at);
    if (known.empty())
        return fmt::format("'{}' takes nothing like '{}'. How it is used: {} --help", where, word, where);
    return fmt::format("'{}' has no {} '{}'. Did you mean '{}'? All are shown by: {} --help", where,
                       option ? "option" : "command", word, pump_model::nearest(word, known), where);
}

}  // namespace basalt::cli
