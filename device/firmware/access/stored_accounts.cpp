#include "device/firmware/access/stored_accounts.h"

#include <algorithm>

namespace basalt::access {
namespace {

struct PasswordFrame {
    static constexpr std::uint8_t number = 1;
    StoredPassword password;
    template <class C>
    void fields(C& c) {
        c(password.cost.memory_kib);
        c(password.cost.passes);
        c(password.cost.lanes);
        c(password.salt);
        c(password.tag);
    }
};
using PasswordFrames = FrameSet<'P', PasswordFrame>;
constexpr std::size_t password_size = 2 + 3 * 4 + sizeof(Salt) + sizeof(Digest);

constexpr std::string_view emergency_name = "emergency", configured_name = "configured";

std::unexpected<Error> damaged() {
    return fail(ErrorCode::unreadable, "The table of accounts holds an account that this pump never wrote.",
                "Restore the pump's configuration, or provision it again. Emergency access still works.");
}

storage::AccountRow row_of(const Account& account) {
    storage::AccountRow row;
    row.name = account.name;
    row.shown = account.shown;
    row.roles = account.roles.bits;
    row.password = as_bytes(account.password);
    for (const StoredPassword& one : account.earlier) {
        const auto bytes = as_bytes(one);
        row.earlier.insert(row.earlier.end(), bytes.begin(), bytes.end());
    }
    row.password_set_s = static_cast<std::int64_t>(account.password_set_s);
    row.must_change = account.must_change;
    row.disabled = account.disabled;
    if (account.last_login_s) row.last_login_s = static_cast<std::int64_t>(*account.last_login_s);
    row.last_login_from = account.last_login_from;
    row.failed_since = account.failed_since;
    return row;
}

Result<Account> account_of(const storage::AccountRow& row) {
    Account account;
    account.name = row.name;
    account.shown = row.shown;
    account.roles.bits = static_cast<std::uint32_t>(row.roles);
    const auto password = stored_password(row.password);
    const bool can_be = password && row.roles >= 0 && row.roles < (1 << role_count) && row.password_set_s >= 0 &&
                        row.last_login_s.value_or(0) >= 0 && row.failed_since >= 0 && row.failed_since <= UINT32_MAX &&
                        row.earlier.size() % password_size == 0;
    if (!can_be) return damaged();
    account.password = *password;
    for (std::size_t at = 0; at < row.earlier.size(); at += password_size) {
        const auto one = stored_password(ByteView{row.earlier}.subspan(at, password_size));
        if (!one) return damaged();
        account.earlier.push_back(*one);
    }
    account.password_set_s = static_cast<std::uint64_t>(row.password_set_s);
    account.must_change = row.must_change;
    account.disabled = row.disabled;
    if (row.last_login_s) account.last_login_s = static_cast<std::uint64_t>(*row.last_login_s);
    account.last_login_from = row.last_login_from;
    account.failed_since = static_cast<std::uint32_t>(row.failed_since);
    return account;
}

Result<void> may_be_saved(const Account& account) {
    if (account.disabled || may_be_held_together(account.roles)) return {};
    return fail(ErrorCode::usage, "Nobody may hold these roles together.",
                "Give audit and biomedical, or biomedical and IT security, to two people.");
}

Badge badge_of(const storage::BadgeRow& row) { return {row.key, row.account, row.for_emergencies, row.revoked}; }

}  // namespace

std::vector<std::uint8_t> as_bytes(const StoredPassword& password) {
    const EncodedFrame frame = PasswordFrames::encode(PasswordFrame{password});
    return {frame.view().begin(), frame.view().end()};
}

std::optional<StoredPassword> stored_password(ByteView bytes) {
    const auto frame = PasswordFrames::decode(bytes);
    if (!frame) return std::nullopt;
    return std::get<PasswordFrame>(*frame).password;
}

Result<StoredAccounts> StoredAccounts::open(storage::Database& configuration) {
    auto tables = storage::AccountTables::open(configuration);
    if (!tables) return std::unexpected{tables.error()};
    return StoredAccounts{configuration, std::move(*tables)};
}

template <class Change>
Result<void> StoredAccounts::in_transaction(Change change) {
    auto transaction = database_->begin();
    if (!transaction) return std::unexpected{transaction.error()};
    if (auto changed = change(); !changed) return changed;
    return transaction->commit();
}

Result<std::optional<Account>> StoredAccounts::find(std::string_view name) {
    const auto row = tables_.account(name);
    if (!row) return std::unexpected{row.error()};
    if (!*row) return std::optional<Account>{};
    auto account = account_of(**row);
    if (!account) return std::unexpected{account.error()};
    return std::optional{std::move(*account)};
}

Result<void> StoredAccounts::save(const Account& account) {
    if (auto may = may_be_saved(account); !may) return may;
    return in_transaction([&] { return tables_.put(row_of(account)); });
}

Result<void> StoredAccounts::save(const Account& account, std::span<const std::pair<DoorId, Door>> doors) {
    if (auto may = may_be_saved(account); !may) return may;
    return in_transaction([&]() -> Result<void> {
        if (auto saved = tables_.put(row_of(account)); !saved) return saved;
        return put(doors);
    });
}

Result<Door> StoredAccounts::door(DoorId id) {
    const auto row = tables_.door(id.number());
    if (!row) return std::unexpected{row.error()};
    return Door{static_cast<std::uint32_t>(row->failures), static_cast<std::uint64_t>(row->charged_at_s)};
}

Result<void> StoredAccounts::put(std::span<const std::pair<DoorId, Door>> doors) {
    for (const auto& [id, door] : doors)
        if (auto done = tables_.put(id.number(), {door.failures, static_cast<std::int64_t>(door.charged_at_s)}); !done)
            return done;
    return {};
}

Result<void> StoredAccounts::save_doors(std::span<const std::pair<DoorId, Door>> doors) {
    return in_transaction([&] { return put(doors); });
}

Result<std::vector<std::string>> StoredAccounts::names() {
    auto names = tables_.account_names();
    if (names) std::erase(*names, decoy_name);
    return names;
}

Result<std::optional<Badge>> StoredAccounts::badge(const PublicKey& key) {
    const auto row = tables_.badge(key);
    if (!row) return std::unexpected{row.error()};
    return *row ? std::optional{badge_of(**row)} : std::nullopt;
}

Result<std::vector<Badge>> StoredAccounts::badges_of(std::string_view account) {
    const auto rows = tables_.badges_of(account);
    if (!rows) return std::unexpected{rows.error()};
    std::vector<Badge> badges;
    std::ranges::transform(*rows, std::back_inserter(badges), badge_of);
    return badges;
}

Result<void> StoredAccounts::save(const Badge& badge) {
    return in_transaction(
        [&] { return tables_.put({badge.key, badge.account, badge.for_emergencies, badge.revoked}); });
}

Result<EmergencyAccess> StoredAccounts::emergency() {
    const auto bytes = tables_.state(emergency_name);
    if (!bytes) return std::unexpected{bytes.error()};
    if (!*bytes) return EmergencyAccess{};
    const auto frame = EmergencyFrames::decode(**bytes);
    return frame ? std::get<EmergencyAccess>(*frame) : EmergencyAccess{};
}

Result<void> StoredAccounts::save(const EmergencyAccess& state) {
    return in_transaction([&] { return tables_.put_state(emergency_name, EmergencyFrames::encode(state).view()); });
}

Result<std::optional<std::string>> StoredAccounts::configured() {
    const auto bytes = tables_.state(configured_name);
    if (!bytes) return std::unexpected{bytes.error()};
    if (!*bytes) return std::optional<std::string>{};
    return std::string{(*bytes)->begin(), (*bytes)->end()};
}

Result<void> StoredAccounts::save_configured(std::string_view names) {
    return in_transaction([&] {
        return tables_.put_state(configured_name, {reinterpret_cast<const std::uint8_t*>(names.data()), names.size()});
    });
}

}  // namespace basalt::access
