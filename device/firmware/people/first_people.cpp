#include "device/firmware/people/first_people.h"

namespace basalt::firmware {

Digest digest_of_first_code(std::string_view code) {
    constexpr std::string_view domain = "basalt first code 1\n";
    std::string letters;
    for (char c : code) {
        if (c == ' ' || c == '-') continue;
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c == 'O') c = '0';
        if (c == 'I' || c == 'L') c = '1';
        letters += c;
    }
    const auto bytes = [](std::string_view text) {
        return ByteView{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
    };
    return sha256(bytes(domain), bytes(letters));
}

Result<void> make_first_people(access::StoredAccounts& accounts, const std::vector<FirstPerson>& people, Tick now) {
    for (const FirstPerson& person : people) {
        const auto there = accounts.find(person.name);
        if (!there) return std::unexpected{there.error()};
        if (!*there) {
            access::Account account{.name = person.name, .shown = person.shown, .roles = person.roles, .password = {}};
            account.password_set_s = now.seconds;
            if (auto saved = accounts.save(account); !saved) return saved;
        }
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
