// device/firmware/people/first_person.h: somebody who has an account from the start, as the signed configuration names
// them. Page: docs/formats/device-configuration.md.
#pragma once
#include "device/common/digest.h"
#include "device/firmware/access/vocabulary.h"

#include <optional>
#include <string>

namespace basalt::firmware {

/// Nobody has a password from the start: each person chooses one with the code of the sheet that came with the pump, so
/// there is no default secret that somebody could forget to change.
struct FirstPerson {
    std::string name, shown;       ///< as access::short_name() and shown_name() give them
    access::Roles roles{};         ///< may_be_held_together(); none for an emergency badge, which is no account
    std::optional<Digest> code{};  ///< digest_of_first_code(); none: this account has its badge alone. Of an
                                   ///< emergency badge: access::digest_of_emergency_code() of the sealed code
    std::optional<PublicKey> badge{};
    bool for_emergencies = false;  ///< the badge opens emergency access, and nothing else
    friend bool operator==(const FirstPerson&, const FirstPerson&) = default;
};
inline constexpr std::size_t most_first_people = 32;

/// SHA-256("basalt first code 1\n" || the code as people read it, in capitals, without spaces and dashes; O is 0, I and
/// L are 1). A code holds 80 random bits, as access::emergency_code() writes them: its digest tells nobody the code.
Digest digest_of_first_code(std::string_view code);

}  // namespace basalt::firmware
