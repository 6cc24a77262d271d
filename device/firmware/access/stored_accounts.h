// device/firmware/access/stored_accounts.h: accounts, badges, doors and emergency access in config.db.
#pragma once
#include "device/firmware/access/account.h"
#include "device/firmware/access/badge.h"
#include "device/firmware/access/break_glass.h"
#include "storage/accounts.h"

namespace basalt::access {

/// A password as bytes: FrameSet<'P', ...>, fixed size. Nothing for any other bytes.
std::vector<std::uint8_t> as_bytes(const StoredPassword& password);
std::optional<StoredPassword> stored_password(ByteView bytes);

/// Each save is a transaction of its own, durable when it returns. Opened over a database whose schema holds
/// storage::AccountTables::schema.
class StoredAccounts final : public AccountStore {
  public:
    /// `configuration` must outlive it and stay where it is.
    static Result<StoredAccounts> open(storage::Database& configuration);

    Result<std::optional<Account>> find(std::string_view name) override;
    /// Errors also: usage, for roles that nobody may hold together (R9); nothing is saved.
    Result<void> save(const Account& account) override;
    Result<Door> door(DoorId id) override;
    Result<void> save_doors(std::span<const std::pair<DoorId, Door>> doors) override;
    Result<void> save(const Account& account, std::span<const std::pair<DoorId, Door>> doors) override;

    /// The names that people have; the decoy of log_in() is left out.
    Result<std::vector<std::string>> names();
    Result<std::optional<Badge>> badge(const PublicKey& key);
    Result<std::vector<Badge>> badges_of(std::string_view account);
    Result<void> save(const Badge& badge);

    /// A fresh one where none was saved, or its bytes are damaged: the emergency badge then still opens.
    Result<EmergencyAccess> emergency();
    Result<void> save(const EmergencyAccess& state);

    /// Whom the signed configuration named last, as first_people.h spells it. nullopt: never saved.
    Result<std::optional<std::string>> configured();
    Result<void> save_configured(std::string_view names);

  private:
    StoredAccounts(storage::Database& database, storage::AccountTables tables) noexcept
        : database_{&database}, tables_{std::move(tables)} {}
    template <class Change>
    Result<void> in_transaction(Change change);
    Result<void> put(std::span<const std::pair<DoorId, Door>> doors);
    storage::Database* database_;
    storage::AccountTables tables_;
};

}  // namespace basalt::access
