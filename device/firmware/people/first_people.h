// device/firmware/people/first_people.h: the accounts and badges that the signed configuration names, made in the
// tables of the device.
#pragma once
#include "device/firmware/access/stored_accounts.h"
#include "device/firmware/people/first_person.h"
#include "storage/event.h"

#include <string>
#include <vector>

namespace basalt::firmware {

/// Makes those accounts and badges that are not there, and seals the emergency code where emergency access was never
/// used and none is sealed. What exists is left as it is.
/// Errors: storage's.
Result<void> make_first_people(access::StoredAccounts& accounts, const std::vector<FirstPerson>& people, Tick now);

/// What a configuration changed about who may.
struct Followed {
    std::vector<storage::Event> events;
    std::string names;  ///< for StoredAccounts::save_configured(), once the events are on record
};
/// Disables the accounts and revokes the badges that an earlier configuration named and this one does not, and lets in
/// again, with a first password to be chosen anew, whom this one names anew. A configuration that names nobody changes
/// nothing: it would leave a patient without anybody. Whom people disabled, and a badge that was ever revoked, stay so.
/// Rely on: until its names are saved the same is found again, so that a power cut loses no record.
/// Errors: storage's.
Result<Followed> follow_configuration(access::StoredAccounts& accounts, const std::vector<FirstPerson>& people,
                                      Tick now);

}  // namespace basalt::firmware
