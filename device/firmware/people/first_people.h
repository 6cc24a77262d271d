// device/firmware/people/first_people.h: the accounts and badges that the signed configuration names, made in the
// tables of the device.
#pragma once
#include "device/firmware/access/stored_accounts.h"
#include "device/firmware/people/first_person.h"

#include <string>
#include <vector>

namespace basalt::firmware {

/// Makes those accounts and badges that are not there, and seals the emergency code where emergency access was never
/// used and none is sealed. What exists is left as it is.
/// Errors: storage's.
Result<void> make_first_people(access::StoredAccounts& accounts, const std::vector<FirstPerson>& people, Tick now);

}  // namespace basalt::firmware
