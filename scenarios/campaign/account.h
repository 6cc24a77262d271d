// scenarios/campaign/account.h: do the guardian's record and the motor tell the same story, and is it the one that the
// limits allow? Reads what stands in the memory and what the motor did; asks no code of the guardian.
#pragma once
#include "device/guardian/dose_limits.h"
#include "device/hal/dose_frames.h"

#include <string>
#include <vector>

namespace basalt::campaign {

/// What a device showed from its first tick to `end`, in which nothing moved any more.
struct Account {
    std::vector<hal::RingEntry> ring;  ///< the guardian's whole ring: at most 1024 entries, so about a day
    std::int64_t motor_mu = 0;         ///< by the motor's own count, since the device was made
    Tick begin, end;                   ///< ticks played: [begin, end)
    guardian::DoseLimits limits;
};

/// Whole sentences, each a fault: a basal slot that has no dose or two; a sum of doses that is not where the motor
/// stands, to one step of it; any hour, or day, in which more was given than the limits allow.
std::vector<std::string> faults_of(const Account& account);

}  // namespace basalt::campaign
