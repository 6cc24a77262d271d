// storage/settings.h: the settings table of config.db: names and values that a person chose. It follows the event log,
// record by record (setting_changed). No secret stands here.
#pragma once
#include "storage/database.h"

#include <map>
#include <optional>
#include <string>

namespace basalt::storage {

class SettingsTable {
  public:
    static constexpr std::string_view schema =
        "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;";

    static Result<SettingsTable> open(const Database& configuration);
    /// Inside the caller's transaction.
    Result<void> set(std::string_view name, std::string_view value);
    /// nullopt: never set.
    Result<std::optional<std::string>> get(std::string_view name);
    Result<std::map<std::string, std::string>> all();

  private:
    SettingsTable(Statement replace, Statement one, Statement all) noexcept
        : replace_(std::move(replace)), one_(std::move(one)), all_(std::move(all)) {}
    Statement replace_, one_, all_;
};

}  // namespace basalt::storage
