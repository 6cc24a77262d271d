#include "device/firmware/people/first_people.h"

#include "device/firmware/hex.h"

#include <set>
#include <sstream>

namespace basalt::firmware {
namespace {
using storage::EventId;

/// One line each: an account by its name, a badge by its key and whose it is.
constexpr std::string_view account_mark = "account ", badge_mark = "badge ";
using Lines = std::set<std::string>;

Lines lines_of(const std::vector<FirstPerson>& people) {
    Lines lines;
    for (const FirstPerson& person : people) {
        if (!person.for_emergencies) lines.insert(std::string{account_mark} + person.name);
        if (person.badge) lines.insert(std::string{badge_mark} + hex(*person.badge));
    }
    return lines;
}
/// Before anything was kept every account and badge came from a configuration.
Result<Lines> lines_before(access::StoredAccounts& accounts) {
    const auto kept = accounts.configured();
    if (!kept) return std::unexpected{kept.error()};
    Lines lines;
    if (*kept) {
        std::istringstream text{**kept};
        for (std::string line; std::getline(text, line);) lines.insert(line);
        return lines;
    }
    const auto names = accounts.names();
    if (!names) return std::unexpected{names.error()};
    for (const std::string& name : *names) {
        lines.insert(std::string{account_mark} + name);
        const auto badges = accounts.badges_of(name);
        if (!badges) return std::unexpected{badges.error()};
        for (const access::Badge& badge : *badges)
            if (!badge.revoked) lines.insert(std::string{badge_mark} + hex(badge.key));
    }
    return lines;
}

Result<void> out(access::StoredAccounts& accounts, const std::string& line, Tick now,
                 std::vector<storage::Event>& events) {
    const auto note = [&](EventId id, std::initializer_list<storage::Value> values) {
        events.push_back(storage::make_event(id, now.seconds, "firmware", storage::Outcome::done, values));
    };
    if (line.starts_with(account_mark)) {
        const std::string name = line.substr(account_mark.size());
        auto account = accounts.find(name);
        if (!account) return std::unexpected{account.error()};
        if (!*account) return {};
        (*account)->disabled = true;
        note(EventId::account_disabled, {name});
        return accounts.save(**account);
    }
    const auto key = array_of_hex<65>(std::string_view{line}.substr(std::min(badge_mark.size(), line.size())));
    if (!key) return {};
    auto badge = accounts.badge(*key);
    if (!badge) return std::unexpected{badge.error()};
    if (!*badge) return {};
    (*badge)->revoked = true;
    note(EventId::badge_revoked, {(*badge)->account, hex(sha256(*key))});
    return accounts.save(**badge);
}
Result<void> in_again(access::StoredAccounts& accounts, const FirstPerson& person, Tick now,
                      std::vector<storage::Event>& events) {
    auto account = accounts.find(person.name);
    if (!account) return std::unexpected{account.error()};
    if (!*account || !(*account)->disabled) return {};
    (*account)->disabled = false;
    (*account)->roles = person.roles;
    (*account)->password = {};
    std::string roles;
    for (std::size_t i = 0; i < access::role_count; ++i)
        if (const auto role = static_cast<access::Role>(i); person.roles.has(role))
            roles += (roles.empty() ? "" : " ") + std::string{access::word(role).key};
    events.push_back(storage::make_event(EventId::account_changed, now.seconds, "firmware", storage::Outcome::done,
                                         {person.name, roles}));
    return accounts.save(**account);
}
Result<void> seal_first_code(access::StoredAccounts& accounts, const Digest& code) {
    auto emergency = accounts.emergency();
    if (!emergency) return std::unexpected{emergency.error()};
    if (emergency->last_number != 0 || emergency->code_sealed) return {};
    emergency->code = code;
    emergency->code_sealed = true;
    return accounts.save(*emergency);
}
}  // namespace

Result<void> make_first_people(access::StoredAccounts& accounts, const std::vector<FirstPerson>& people, Tick now) {
    for (const FirstPerson& person : people) {
        const auto there = accounts.find(person.name);
        if (!there) return std::unexpected{there.error()};
        if (!*there && !person.for_emergencies) {
            access::Account account{.name = person.name, .shown = person.shown, .roles = person.roles, .password = {}};
            account.password_set_s = now.seconds;
            if (auto saved = accounts.save(account); !saved) return saved;
        }
        if (person.for_emergencies && person.code)
            if (auto sealed = seal_first_code(accounts, *person.code); !sealed) return sealed;
        if (!person.badge) continue;
        const auto badge = accounts.badge(*person.badge);
        if (!badge) return std::unexpected{badge.error()};
        if (*badge) continue;
        if (auto saved = accounts.save(access::Badge{*person.badge, person.name, person.for_emergencies, false});
            !saved)
            return saved;
    }
    return {};
}

Result<Followed> follow_configuration(access::StoredAccounts& accounts, const std::vector<FirstPerson>& people,
                                      Tick now) {
    Followed followed;
    auto before = lines_before(accounts);
    if (!before) return std::unexpected{before.error()};
    const Lines after = lines_of(people);
    const Lines& kept = after.empty() ? *before : after;
    if (!after.empty()) {
        for (const std::string& line : *before)
            if (!after.contains(line))
                if (auto gone = out(accounts, line, now, followed.events); !gone) return std::unexpected{gone.error()};
        for (const FirstPerson& person : people)
            if (!person.for_emergencies && !before->contains(std::string{account_mark} + person.name))
                if (auto back = in_again(accounts, person, now, followed.events); !back)
                    return std::unexpected{back.error()};
    }
    for (const std::string& line : kept) followed.names += line + "\n";
    return followed;
}

}  // namespace basalt::firmware
