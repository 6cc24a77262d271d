// device/factory/people.h: who a new development device knows: people with badges and first codes, whose private halves
// belong to the other side of the desk.
#pragma once
#include "device/factory/staged_directory.h"
#include "device/firmware/people/first_person.h"
#include "device/guardian/profile.h"

#include <vector>

namespace basalt::factory {

struct DevPeople {
    std::vector<firmware::FirstPerson> people;              ///< for the signed configuration
    std::array<guardian::ReleaseKey, 2> releases_failsafe;  ///< the physician's badge and the biomedical engineer's
};

/// One person of each role that a workshop needs, and the ward's emergency badge. Writes host/badges/NAME.pem, and
/// host/people/first-codes.txt: the sheet that a real pump would come with. Errors: io.
Result<DevPeople> make_people(StagedDirectory& staged);

}  // namespace basalt::factory
