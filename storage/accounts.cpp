#include "storage/accounts.h"

#include <array>

namespace basalt::storage {

struct AccountTables::Statements {
    Statement account, names, put_account, badge, badges, put_badge, door, put_door, state, put_state;
};
void AccountTables::End::operator()(Statements* statements) const noexcept { delete statements; }

namespace {

std::unexpected<Error> damaged() {
    return fail(ErrorCode::unreadable, "The table of accounts holds a row that this pump never wrote.",
                "Restore the pump's configuration, or provision it again. Emergency access still works.");
}

bool is_flag(std::int64_t value) noexcept { return value == 0 || value == 1; }

Result<BadgeRow> badge_of(std::array<std::uint8_t, 65> key, std::string account, std::int64_t emergencies,
                          std::int64_t revoked) {
    if (!is_flag(emergencies) || !is_flag(revoked)) return damaged();
    return BadgeRow{key, std::move(account), emergencies == 1, revoked == 1};
}

}  // namespace

Result<AccountTables> AccountTables::open(const Database& configuration) {
    constexpr std::array<std::string_view, 10> sql{
        "SELECT shown, roles, password, earlier, password_set_s, must_change, disabled, last_login_s, last_login_from, "
        "failed_since FROM accounts WHERE name = ?",
        "SELECT name FROM accounts ORDER BY name",
        "INSERT OR REPLACE INTO accounts (name, shown, roles, password, earlier, password_set_s, must_change, "
        "disabled, "
        "last_login_s, last_login_from, failed_since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "SELECT account, for_emergencies, revoked FROM badges WHERE key = ?",
        "SELECT key, account, for_emergencies, revoked FROM badges WHERE account = ? ORDER BY key",
        "INSERT OR REPLACE INTO badges (key, account, for_emergencies, revoked) VALUES (?, ?, ?, ?)",
        "SELECT failures, charged_at_s FROM doors WHERE door = ?",
        "INSERT OR REPLACE INTO doors (door, failures, charged_at_s) VALUES (?, ?, ?)",
        "SELECT value FROM access_state WHERE name = ?",
        "INSERT OR REPLACE INTO access_state (name, value) VALUES (?, ?)"};
    std::vector<Statement> made;
    for (const std::string_view text : sql) {
        auto statement = configuration.prepare(text);
        if (!statement) return std::unexpected{statement.error()};
        made.push_back(std::move(*statement));
    }
    AccountTables tables;
    tables.statements_.reset(new Statements{
        std::move(made[0]), std::move(made[1]), std::move(made[2]), std::move(made[3]), std::move(made[4]),
        std::move(made[5]), std::move(made[6]), std::move(made[7]), std::move(made[8]), std::move(made[9])});
    return tables;
}

Result<std::optional<AccountRow>> AccountTables::account(std::string_view name) {
    auto row = statements_->account
                   .one<std::string, std::int64_t, std::vector<std::uint8_t>, std::vector<std::uint8_t>, std::int64_t,
                        std::int64_t, std::int64_t, std::optional<std::int64_t>, std::string, std::int64_t>(name);
    if (!row) return std::unexpected{row.error()};
    if (!*row) return std::optional<AccountRow>{};
    auto& [shown, roles, password, earlier, set_s, must_change, disabled, last_s, from, failed] = **row;
    if (!is_flag(must_change) || !is_flag(disabled)) return damaged();
    return AccountRow{std::string{name},
                      std::move(shown),
                      roles,
                      std::move(password),
                      std::move(earlier),
                      set_s,
                      must_change == 1,
                      disabled == 1,
                      last_s,
                      std::move(from),
                      failed};
}

Result<std::vector<std::string>> AccountTables::account_names() {
    std::vector<std::string> names;
    if (auto begun = statements_->names.start(); !begun) return std::unexpected{begun.error()};
    for (;;) {
        auto row = statements_->names.next<std::string>();
        if (!row) return std::unexpected{row.error()};
        if (!*row) return names;
        names.push_back(std::get<0>(std::move(**row)));
    }
}

Result<void> AccountTables::put(const AccountRow& a) {
    return statements_->put_account.run(a.name, a.shown, a.roles, Blob{a.password}, Blob{a.earlier}, a.password_set_s,
                                        a.must_change ? 1 : 0, a.disabled ? 1 : 0, a.last_login_s, a.last_login_from,
                                        a.failed_since);
}

Result<std::optional<BadgeRow>> AccountTables::badge(const std::array<std::uint8_t, 65>& key) {
    auto row = statements_->badge.one<std::string, std::int64_t, std::int64_t>(Blob{key});
    if (!row) return std::unexpected{row.error()};
    if (!*row) return std::optional<BadgeRow>{};
    auto& [account, emergencies, revoked] = **row;
    auto badge = badge_of(key, std::move(account), emergencies, revoked);
    if (!badge) return std::unexpected{badge.error()};
    return std::optional{std::move(*badge)};
}

Result<std::vector<BadgeRow>> AccountTables::badges_of(std::string_view account) {
    std::vector<BadgeRow> badges;
    if (auto begun = statements_->badges.start(account); !begun) return std::unexpected{begun.error()};
    for (;;) {
        auto row = statements_->badges.next<std::array<std::uint8_t, 65>, std::string, std::int64_t, std::int64_t>();
        if (!row) return std::unexpected{row.error()};
        if (!*row) return badges;
        auto& [key, whose, emergencies, revoked] = **row;
        auto badge = badge_of(key, std::move(whose), emergencies, revoked);
        if (!badge) return std::unexpected{badge.error()};
        badges.push_back(std::move(*badge));
    }
}

Result<void> AccountTables::put(const BadgeRow& b) {
    return statements_->put_badge.run(Blob{b.key}, b.account, b.for_emergencies ? 1 : 0, b.revoked ? 1 : 0);
}

Result<DoorRow> AccountTables::door(std::uint16_t number) {
    auto row = statements_->door.one<std::int64_t, std::int64_t>(number);
    if (!row) return std::unexpected{row.error()};
    if (!*row) return DoorRow{};
    const auto& [failures, charged_at_s] = **row;
    if (failures < 0 || failures > UINT32_MAX || charged_at_s < 0) return damaged();
    return DoorRow{failures, charged_at_s};
}

Result<void> AccountTables::put(std::uint16_t number, const DoorRow& door) {
    return statements_->put_door.run(number, door.failures, door.charged_at_s);
}

Result<std::optional<std::vector<std::uint8_t>>> AccountTables::state(std::string_view name) {
    auto row = statements_->state.one<std::vector<std::uint8_t>>(name);
    if (!row) return std::unexpected{row.error()};
    if (!*row) return std::optional<std::vector<std::uint8_t>>{};
    return std::optional{std::get<0>(std::move(**row))};
}

Result<void> AccountTables::put_state(std::string_view name, Blob value) {
    return statements_->put_state.run(name, value);
}

}  // namespace basalt::storage
