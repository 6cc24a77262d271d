// device/firmware/people/first_people.h: who has an account from the start: named in the signed configuration, made
// when the records are new. None has a password: each person chooses one with the code of the sheet that came with the
// pump, so there is no default secret that somebody could forget to change.
#pragma once
#include "device/common/digest.h"
#include "device/firmware/access/stored_accounts.h"

#include <string>
#include <vector>

namespace basalt::firmware {

/// SHA-256("basalt first code 1\n" || the code as people read it, in capitals, without spaces and dashes).
Digest digest_of_first_code(std::string_view code);

struct FirstPerson {
    std::string name, shown;       ///< as access::short_name() and shown_name() give them
    access::Roles roles;           ///< may_be_held_together()
    std::optional<Digest> code{};  ///< digest_of_first_code(); none: this account logs in by its badge alone
    std::optional<PublicKey> badge{};
    bool for_emergencies = false;  ///< the badge is one for emergency access, and nothing else
};

/// Makes those accounts and badges that are not there. An account that exists is left as it is.
/// Errors: storage's.
Result<void> make_first_people(access::StoredAccounts& accounts, const std::vector<FirstPerson>& people, Tick now);

}  // namespace basalt::firmware
