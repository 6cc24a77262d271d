#include "device/firmware/access/login.h"

#include <algorithm>
#include <array>

namespace basalt::access {
namespace {

constexpr std::uint64_t day_s = 24 * 60 * 60;

/// The account of a name that nobody has: looked at and saved like any other, and never logged in. Its name is none
/// that short_name() gives.
Account decoy() {
    Account account;
    account.name = account.shown = decoy_name;
    account.disabled = true;
    return account;
}

std::unexpected<LoginRefused> failed(const Error& error) {
    return std::unexpected{LoginRefused{LoginRefused::Reason::failure, {}, error}};
}

/// The doors of one try, as they were and as they are once it is counted.
struct Doors {
    std::array<std::pair<DoorId, Door>, 2> before{}, charged{};
    std::size_t count = 0;
    std::span<const std::pair<DoorId, Door>> now() const noexcept { return std::span{charged}.first(count); }
};

std::expected<Doors, LoginRefused> charge_doors(AccountStore& accounts, const LoginTry& what, Tick now) {
    const std::array ids{door_of(what.presence ? DoorKind::account_at_pump : DoorKind::account, what.name),
                         door_of(DoorKind::link, what.link)};
    Doors doors;
    doors.count = what.presence ? 1 : 2;  // at the pump no link makes anybody wait
    for (std::size_t i = 0; i < doors.count; ++i) {
        const auto door = accounts.door(ids[i]);
        if (!door) return failed(door.error());
        const auto next = charge(*door, ids[i].kind, now);
        if (!next) return std::unexpected{LoginRefused{LoginRefused::Reason::hold, next.error(), {}}};
        doors.before[i] = {ids[i], *door};
        doors.charged[i] = {ids[i], *next};
    }
    if (auto stored = accounts.save_doors(doors.now()); !stored) return failed(stored.error());
    return doors;
}

Result<void> keep(LoginTools& tools, Account& account, const Password& password, std::uint32_t history) {
    const auto salt = tools.fresh_salt();
    if (!salt) return std::unexpected{salt.error()};
    auto stored = store(password, *salt, tools.cost, tools.pepper);
    if (!stored) return std::unexpected{stored.error()};
    account.earlier.insert(account.earlier.begin(), account.password);
    if (account.earlier.size() > history) account.earlier.resize(history);
    account.password = *stored;
    return {};
}

}  // namespace

std::expected<LoggedIn, LoginRefused> log_in(LoginTools& tools, const LoginTry& what, const PasswordRules& rules,
                                             Tick now) {
    auto doors = charge_doors(tools.accounts, what, now);
    if (!doors) return std::unexpected{doors.error()};

    // Text that cannot be a password is a wrong one, at the same price.
    const bool is_text = Password::typed(what.password).has_value();
    const auto password = Password::typed(is_text ? what.password : "-");
    if (!password) return failed(password.error());

    auto found = tools.accounts.find(what.name);
    if (!found) return failed(found.error());
    Account account = found->value_or(decoy());
    if (account.password.tag == Digest{}) account.password.cost = tools.cost;
    const auto right = fits(*password, account.password, tools.pepper);
    if (!right) return failed(right.error());

    if (!*right || !is_text || account.disabled) {
        ++account.failed_since;
        if (auto saved = tools.accounts.save(account); !saved) return failed(saved.error());
        return std::unexpected{LoginRefused{}};
    }

    const bool old = rules.renew_after_days > 0 && now.seconds > account.password_set_s &&
                     now.seconds - account.password_set_s >= rules.renew_after_days * day_s;
    LoggedIn in{account.name,
                account.shown,
                account.roles,
                account.last_login_s,
                account.last_login_from,
                account.failed_since,
                account.must_change || old};
    if (account.password.cost != tools.cost) {
        const auto salt = tools.fresh_salt();
        if (!salt) return failed(salt.error());
        const auto raised = store(*password, *salt, tools.cost, tools.pepper);
        if (!raised) return failed(raised.error());
        account.password = *raised;
    }
    account.last_login_s = now.seconds;
    account.last_login_from = what.link.empty() ? "pump" : what.link;
    account.failed_since = 0;
    for (std::size_t i = 0; i < doors->count; ++i)
        doors->charged[i].second = after_success(doors->before[i].second, doors->before[i].first.kind);
    if (auto saved = tools.accounts.save(account, doors->now()); !saved) return failed(saved.error());
    return in;
}

Result<void> choose_password(LoginTools& tools, Account& account, const Password& password, const PasswordRules& rules,
                             bool only_factor, ContextWords words, Tick now) {
    std::vector<std::string> all{words.begin(), words.end()};
    all.push_back(account.name);
    all.push_back(account.shown);
    if (auto allowed = may_be_chosen(password, rules, only_factor, all); !allowed) return allowed;
    std::vector<StoredPassword> used{account.password};
    const auto kept = std::min<std::size_t>(account.earlier.size(), rules.history);
    used.insert(used.end(), account.earlier.begin(), account.earlier.begin() + static_cast<std::ptrdiff_t>(kept));
    for (const StoredPassword& one : used) {
        const auto same = one.tag == Digest{} ? Result<bool>{false} : fits(password, one, tools.pepper);
        if (!same) return std::unexpected{same.error()};
        if (*same)
            return fail(ErrorCode::refused, "This account had that password before.",
                        "Choose one that is new to this pump.");
    }
    Account changed = account;
    if (auto done = keep(tools, changed, password, rules.history); !done) return done;
    changed.must_change = false;
    changed.password_set_s = now.seconds;
    if (auto saved = tools.accounts.save(changed); !saved) return saved;
    account = std::move(changed);
    return {};
}

std::string in_words(const LoginRefused& refused, Language language) {
    switch (refused.reason) {
        case LoginRefused::Reason::hold:
            return in_words(refused.hold, language);
        case LoginRefused::Reason::failure:
            return refused.error.what + " " + refused.error.next_step;
        case LoginRefused::Reason::wrong:
            break;
    }
    return language == Language::french ? "Le nom ou le mot de passe est faux. Vérifiez les deux, puis réessayez."
                                        : "The name or the password is wrong. Check both, then try again.";
}

}  // namespace basalt::access
