// device/firmware/access/account.h: a named account, and where accounts are kept.
#pragma once
#include "device/firmware/access/stored_password.h"
#include "device/firmware/access/throttle.h"

#include <vector>

namespace basalt::access {

struct Account {
    std::string name;   ///< short_name()
    std::string shown;  ///< shown_name()
    Roles roles;        ///< may_be_held_together()
    StoredPassword password;
    std::vector<StoredPassword> earlier{};  ///< newest first, as many as the rules' history asks for
    std::uint64_t password_set_s = 0;
    bool must_change = true;  ///< the password was given by somebody else, or by the factory
    bool disabled = false;
    std::optional<std::uint64_t> last_login_s{};
    std::string last_login_from{};   ///< the link's name, or "pump"
    std::uint32_t failed_since = 0;  ///< wrong passwords since that log-in
    friend bool operator==(const Account&, const Account&) = default;
};

/// Under this name log_in() keeps what it does for names that nobody has. short_name() gives it to no account.
inline constexpr std::string_view decoy_name = "-";

/// The tables behind the accounts. Every save is durable when it returns without error.
class AccountStore {
  public:
    virtual ~AccountStore() = default;
    /// nullopt: no account has that name.
    virtual Result<std::optional<Account>> find(std::string_view name) = 0;
    virtual Result<void> save(const Account& account) = 0;
    /// A door that was never stored is open: Door{}.
    virtual Result<Door> door(DoorId id) = 0;
    /// Both at once or neither.
    virtual Result<void> save_doors(std::span<const std::pair<DoorId, Door>> doors) = 0;
    /// What a log-in leaves: all of it or nothing, in one write to the disk.
    virtual Result<void> save(const Account& account, std::span<const std::pair<DoorId, Door>> doors) = 0;
};

}  // namespace basalt::access
