// device/firmware/access/login.h: logging in by name and password, and giving an account another password.
#pragma once
#include "device/firmware/access/account.h"

#include <functional>

namespace basalt::access {

/// What a log-in needs of the world.
struct LoginTools {
    AccountStore& accounts;
    Pepper& pepper;
    std::function<Result<Salt>()> fresh_salt;
    HashCost cost =
        present_cost;  ///< what new tags are made with; older ones are raised to it when their owner logs in
};

struct LoginTry {
    std::string_view name, password;  ///< as typed, bounded by nobody yet
    std::string_view link;            ///< the name of the link that it came over; empty: at the pump's own screen
    bool presence = false;            ///< the pump's button was pressed for it
};

/// Why nobody is logged in.
struct LoginRefused {
    enum class Reason : std::uint8_t {
        wrong,    ///< the name or the password; it is not said which
        hold,     ///< too soon; nothing was looked at
        failure,  ///< the device could not look: `error`
    } reason = Reason::wrong;
    Hold hold{};
    Error error{};
};
/// One or two sentences: what happened, what to do.
std::string in_words(const LoginRefused& refused, Language language);

/// Who is in now, and what to show them first (R11).
struct LoggedIn {
    std::string name, shown;
    Roles roles;
    std::optional<std::uint64_t> last_login_s{};  ///< device time; nullopt: never before
    std::string last_login_from{};
    std::uint32_t failed_since = 0;
    bool must_change = false;  ///< nothing but a new password is open to this session
};

/// Order of work: the doors are counted and stored, then the password is looked at, so that a power cut gives no try
/// back. A name that no account has, and a disabled account, cost the same work, the same reads and the same writes as
/// an account with a wrong password, and are answered alike.
/// Rely on:  total for any bytes in `what`; a failure of TPM or storage is never a log-in.
std::expected<LoggedIn, LoginRefused> log_in(LoginTools& tools, const LoginTry& what, const PasswordRules& rules,
                                             Tick now);

/// A password that its owner chose. Errors: refused: may_be_chosen(), the present one or an earlier one again;
/// storage's and the TPM's. `account` is stored with it.
Result<void> choose_password(LoginTools& tools, Account& account, const Password& password, const PasswordRules& rules,
                             bool only_factor, ContextWords words, Tick now);

}  // namespace basalt::access
