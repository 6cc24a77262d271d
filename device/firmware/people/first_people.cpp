#include "device/firmware/people/first_people.h"

namespace basalt::firmware {
namespace {
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

}  // namespace basalt::firmware
