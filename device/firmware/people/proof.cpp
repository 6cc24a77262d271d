#include "device/firmware/people/proof.h"

#include <fmt/format.h>

#include <bit>

namespace basalt::firmware {
std::string_view view_of(ByteView bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<access::Badge> badge_that_signed(access::StoredAccounts& accounts, std::string_view name,
                                               const Digest& digest, const Signature& signature, bool for_emergencies) {
    const auto badges = accounts.badges_of(name);
    if (!badges) return std::nullopt;
    for (const access::Badge& badge : *badges)
        if (badge.for_emergencies == for_emergencies && access::signed_by(badge, digest, signature)) return badge;
    return std::nullopt;
}

bool is_at_work(access::StoredAccounts& accounts, std::string_view name) {
    const auto account = accounts.find(name);
    return account && *account && !(*account)->disabled;
}

Person person_behind(access::StoredAccounts& accounts, const access::Session* session, const link::BadgeShown& badge,
                     std::uint8_t wanted_role, const Digest& digest) {
    Person person;
    if (session != nullptr && is_at_work(accounts, session->account)) {
        person.account = session->account;
        person.asker.role = session->role;
        person.asker.factors = session->factors();
    }
    const std::string_view name = view_of(badge.name);
    if (name.empty()) return person;
    const auto account = accounts.find(name);
    if (!account || !*account || (*account)->disabled) return person;
    const auto signed_with = badge_that_signed(accounts, name, digest, badge.signature, false);
    if (!signed_with) return person;
    if (person.account != name) person = {.account = std::string{name}, .asker = {}};
    if (wanted_role != link::any_role || person.asker.role == access::Role::nobody)
        person.asker.role = first_role((*account)->roles, wanted_role);
    person.asker.factors = person.asker.factors | access::Factor::badge;
    person.badge = signed_with->key;
    return person;
}

access::Role first_role(access::Roles roles, std::uint8_t wanted) noexcept {
    const auto asked = static_cast<access::Role>(wanted);
    if (wanted < access::role_count && roles.has(asked)) return asked;
    return roles.empty() ? access::Role::nobody : static_cast<access::Role>(std::countr_zero(roles.bits));
}

std::string link_name(const link::Identifier& client) {
    std::string name = "link-";
    for (std::size_t i = 0; i < 8; ++i) name += fmt::format("{:02x}", client[i]);
    return name;
}

}  // namespace basalt::firmware
