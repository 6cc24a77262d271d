// Who may no longer: an account disabled, a badge revoked. It holds at once, whatever is open.
#include "device/firmware/people/replies.h"

#include <algorithm>

namespace basalt::firmware {
namespace {
using access::Role;
using link::Outcome;
using storage::EventId;
}  // namespace

Done Desk::disable_account(std::string_view name, const Wanted& wanted, const At& at) {
    if (accounts_ == nullptr) return records_closed();
    auto account = accounts_->find(name);
    if (!account) return could_not(account.error());
    if (!*account)
        return refused("No account has that name. Nothing was done. Read the name again.",
                       "Aucun compte n'a ce nom. Rien n'a été fait. Relisez le nom.");
    if ((*account)->disabled)
        return Done{Outcome::done, {"The account was disabled already.", "Le compte était déjà désactivé."}};
    // It takes one of each to make or disable accounts: without them nobody could let anybody in again.
    if (is_last_of(Role::biomedical, **account) || is_last_of(Role::it_security, **account))
        return refused(
            "This is the last account of biomedical engineering or of IT security, and without it nobody could "
            "manage accounts. Nothing was done. Have a signed configuration with somebody else installed first.",
            "C'est le dernier compte du génie biomédical ou de la sécurité informatique ; sans lui, personne ne "
            "pourrait gérer les comptes. Rien n'a été fait. Faites d'abord installer une configuration signée "
            "avec une autre personne.");
    (*account)->disabled = true;
    if (auto saved = accounts_->save(**account); !saved) return could_not(saved.error());
    (void)note(EventId::account_disabled, at, wanted.person.account, storage::Outcome::done, {std::string{name}});
    put_out(name, at);
    return Done{Outcome::done,
                {fmt::format("The account {} is disabled. Whoever was logged in with it is out.", name),
                 fmt::format("Le compte {} est désactivé. Qui l'utilisait est déconnecté.", name)}};
}

bool Desk::is_last_of(Role role, const access::Account& account) {
    if (!account.roles.has(role)) return false;
    const auto names = accounts_->names();
    if (!names) return true;  // what cannot be read is no reason to go on
    return std::ranges::none_of(*names, [&](const std::string& name) {
        const auto other = accounts_->find(name);
        return name != account.name && other && *other && !(*other)->disabled && (*other)->roles.has(role);
    });
}

Done Desk::revoke_badge(const link::BadgeWish& what, const Wanted& wanted, const At& at) {
    if (accounts_ == nullptr) return records_closed();
    const std::string name{view_of(what.name)};
    auto badges = accounts_->badges_of(name);
    if (!badges) return could_not(badges.error());
    int revoked = 0;
    for (access::Badge& badge : *badges) {
        const Digest key = sha256(badge.key);
        if (badge.revoked || (what.key != Digest{} && what.key != key)) continue;
        badge.revoked = true;
        if (auto saved = accounts_->save(badge); !saved) {
            if (revoked > 0) put_out(name, at);  // what was revoked holds, whatever became of the rest
            return could_not(saved.error());
        }
        (void)note(EventId::badge_revoked, at, wanted.person.account, storage::Outcome::done, {name, hex(key)});
        std::erase_if(changes_, [&](const Change& change) { return change.pending.badge == badge.key; });
        ++revoked;
    }
    if (revoked == 0)
        return refused("No badge in use fits that. Nothing was done. Read the name again.",
                       "Aucun badge en service ne correspond. Rien n'a été fait. Relisez le nom.");
    put_out(name, at);
    return Done{Outcome::done,
                {fmt::format("Badges of {} that are good no more: {}.", name, revoked),
                 fmt::format("Badges de {} qui ne valent plus : {}.", name, revoked)}};
}

/// Whoever bears that name is out everywhere; what waits for the button is looked at when somebody presses.
void Desk::put_out(std::string_view account, const At& at) {
    sessions_.close_all_of(account);
    std::erase_if(changes_, [&](const Change& change) { return change.pending.account == account; });
    const auto* use = access::open_use(emergency_, at.now);
    if (use != nullptr && view_of(use->holder) == account)
        (void)save_emergency(access::close_emergency(emergency_, at.now));
}

}  // namespace basalt::firmware
