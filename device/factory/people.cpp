#include "device/factory/people.h"

#include "device/factory/p256_key.h"
#include "device/factory/provision_tpm.h"
#include "device/firmware/access/break_glass.h"

#include <fmt/format.h>

#include <algorithm>

namespace basalt::factory {
namespace {
using access::Role;
using guardian::ReleaseRole;

struct Somebody {
    const char *name, *shown;
    Role role;
    ReleaseRole releases = ReleaseRole::none;
};
constexpr std::array everybody{
    Somebody{"patient", "Pat Moreau", Role::patient},
    Somebody{"nurse", "Nora Meyer", Role::nurse},
    Somebody{"physician", "Dr. Lena Roy", Role::physician, ReleaseRole::physician},
    Somebody{"biomedical", "Ben Lang", Role::biomedical, ReleaseRole::biomedical},
    Somebody{"it", "Ida Kaya", Role::it_security},
    Somebody{"auditor", "Amir Kern", Role::auditor},
};
constexpr const char* emergency_badge = "ward-emergency";

Result<std::string> fresh_code() {
    const auto random = fresh_secret();
    if (!random) return std::unexpected{random.error()};
    std::array<std::uint8_t, 10> bytes{};
    std::copy_n(random->view().begin(), bytes.size(), bytes.begin());
    return access::emergency_code(bytes);
}

Result<PublicKey> make_badge(const StagedDirectory& staged, std::string_view name) {
    const auto key = P256Key::generate();
    if (!key) return std::unexpected{key.error()};
    const auto file = staged.path() / "host" / "badges" / fmt::format("{}.pem", name);
    if (const auto saved = key->save(file); !saved) return std::unexpected{saved.error()};
    return key->point();
}
}  // namespace

Result<DevPeople> make_people(StagedDirectory& staged) {
    constexpr std::uint32_t until_2040 = 25'567;  // days since 1 January 1970
    DevPeople made{};
    std::string sheet =
        "# DEVELOPMENT ONLY. Each code chooses the first password of its account, once: Log in, First password.\n"
        "# The last one is the sealed emergency code.\n";
    std::size_t releases = 0;
    for (const Somebody& one : everybody) {
        const auto badge = make_badge(staged, one.name);
        if (!badge) return std::unexpected{badge.error()};
        const auto code = fresh_code();
        if (!code) return std::unexpected{code.error()};
        made.people.push_back({.name = one.name,
                               .shown = one.shown,
                               .roles = one.role,
                               .code = firmware::digest_of_first_code(*code),
                               .badge = *badge});
        if (one.releases != ReleaseRole::none)
            made.releases_failsafe.at(releases++) = {*badge, one.releases, until_2040};
        sheet += fmt::format("{}\t{}\n", one.name, *code);
    }
    const auto badge = make_badge(staged, emergency_badge);
    if (!badge) return std::unexpected{badge.error()};
    const auto code = fresh_code();
    if (!code) return std::unexpected{code.error()};
    made.people.push_back({.name = emergency_badge,
                           .shown = "Emergency badge of the ward",
                           .code = access::digest_of_emergency_code(*code),
                           .badge = *badge,
                           .for_emergencies = true});
    sheet += fmt::format("emergency\t{}\n", *code);
    const ByteView bytes{reinterpret_cast<const std::uint8_t*>(sheet.data()), sheet.size()};
    if (auto written = staged.file("host/people/first-codes.txt", bytes); !written)
        return std::unexpected{written.error()};
    return made;
}

}  // namespace basalt::factory
