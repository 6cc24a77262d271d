// storage/accounts.h: the tables of config.db about people: accounts, badges, what the throttle counted, and what
// access remembers as bytes. What the bytes mean is device/firmware/access's affair. No password stands here: a tag
// that says nothing without the TPM's pepper.
#pragma once
#include "storage/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace basalt::storage {

struct AccountRow {
    std::string name, shown;
    std::int64_t roles = 0;              ///< a bit a role
    std::vector<std::uint8_t> password;  ///< cost, salt, tag
    std::vector<std::uint8_t> earlier;   ///< the same of earlier ones, newest first
    std::int64_t password_set_s = 0;
    bool must_change = true, disabled = false;
    std::optional<std::int64_t> last_login_s;
    std::string last_login_from;
    std::int64_t failed_since = 0;
    friend bool operator==(const AccountRow&, const AccountRow&) = default;
};

struct BadgeRow {
    std::array<std::uint8_t, 65> key{};  ///< the public half
    std::string account;
    bool for_emergencies = false, revoked = false;
    friend bool operator==(const BadgeRow&, const BadgeRow&) = default;
};

struct DoorRow {
    std::int64_t failures = 0, charged_at_s = 0;
    friend bool operator==(const DoorRow&, const DoorRow&) = default;
};

/// Every change happens inside the caller's transaction. Errors: the database's; unreadable, where a row holds what no
/// such row holds.
class AccountTables {
  public:
    static constexpr std::string_view schema =
        "CREATE TABLE accounts (name TEXT PRIMARY KEY, shown TEXT NOT NULL, roles INTEGER NOT NULL, password BLOB NOT "
        "NULL, earlier BLOB NOT NULL, password_set_s INTEGER NOT NULL, must_change INTEGER NOT NULL, disabled INTEGER "
        "NOT NULL, last_login_s INTEGER, last_login_from TEXT NOT NULL, failed_since INTEGER NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE badges (key BLOB PRIMARY KEY, account TEXT NOT NULL, for_emergencies INTEGER NOT NULL, revoked "
        "INTEGER NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE doors (door INTEGER PRIMARY KEY, failures INTEGER NOT NULL, charged_at_s INTEGER NOT NULL);"
        "CREATE TABLE access_state (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;";

    static Result<AccountTables> open(const Database& configuration);

    Result<std::optional<AccountRow>> account(std::string_view name);
    Result<std::vector<std::string>> account_names();
    Result<void> put(const AccountRow& account);
    Result<std::optional<BadgeRow>> badge(const std::array<std::uint8_t, 65>& key);
    /// All badges of one account, revoked ones too.
    Result<std::vector<BadgeRow>> badges_of(std::string_view account);
    Result<void> put(const BadgeRow& badge);
    /// One that was never counted is {}.
    Result<DoorRow> door(std::uint16_t number);
    Result<void> put(std::uint16_t number, const DoorRow& door);
    /// nullopt: never put.
    Result<std::optional<std::vector<std::uint8_t>>> state(std::string_view name);
    Result<void> put_state(std::string_view name, Blob value);

  private:
    AccountTables() = default;
    struct Statements;
    struct End {
        void operator()(Statements* statements) const noexcept;
    };
    std::unique_ptr<Statements, End> statements_;
};

}  // namespace basalt::storage
