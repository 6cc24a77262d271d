#include "storage/settings.h"

namespace basalt::storage {

Result<SettingsTable> SettingsTable::open(const Database& configuration) {
    auto replace = configuration.prepare("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)");
    if (!replace) return std::unexpected{replace.error()};
    auto one = configuration.prepare("SELECT value FROM settings WHERE name = ?");
    if (!one) return std::unexpected{one.error()};
    auto all = configuration.prepare("SELECT name, value FROM settings ORDER BY name");
    if (!all) return std::unexpected{all.error()};
    return SettingsTable{std::move(*replace), std::move(*one), std::move(*all)};
}

Result<void> SettingsTable::set(std::string_view name, std::string_view value) { return replace_.run(name, value); }

Result<std::optional<std::string>> SettingsTable::get(std::string_view name) {
    auto row = one_.one<std::string>(name);
    if (!row) return std::unexpected{row.error()};
    if (!*row) return std::optional<std::string>{};
    return std::get<0>(std::move(**row));
}

Result<std::map<std::string, std::string>> SettingsTable::all() {
    std::map<std::string, std::string> settings;
    if (auto begun = all_.start(); !begun) return std::unexpected{begun.error()};
    for (;;) {
        auto row = all_.next<std::string, std::string>();
        if (!row) return std::unexpected{row.error()};
        if (!*row) return settings;
        settings.insert({std::get<0>(**row), std::get<1>(**row)});
    }
}

}  // namespace basalt::storage
