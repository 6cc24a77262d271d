// device/factory/release.h: which measured states the manufacturer approves for a release: policy.bin of its slot.
#pragma once
#include "device/boot/measurements.h"
#include "device/factory/p256_key.h"
#include "tpm/release_policy.h"

namespace basalt::factory {

/// What a release consists of. Its images are known by their headers alone.
struct Release {
    SignedHeader guardian, boot, firmware, gateway;
    Authority authority;
};

/// Approves the release with its gateway, and the same without one, for each use of a key. The version is the
/// firmware's. What the PCRs will hold comes from boot::pcr_values(), the function that boot measures by. Errors: those
/// of signing.
Result<tpm::ReleasePolicy> approve(const Release& release, const P256Key& policy_key);

}  // namespace basalt::factory
