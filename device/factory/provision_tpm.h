// device/factory/provision_tpm.h: what a fresh TPM is given before it becomes a device's.
#pragma once
#include "device/firmware/trust/key_file.h"
#include "tpm/tpm.h"

namespace basalt::factory {

struct ProvisionedTpm {
    firmware::KeyFile keys;   ///< for flash/keys/keys.bin
    PublicKey channel_key{};  ///< for the guardian's memory
    PublicKey identity{};     ///< of the device identity key, for its certificate
};

/// Counters first (the version has to begin equal on all devices), then the storage root key, the halves of the class
/// keys, the pepper, the channel key, the identity key; last, TPM2_Clear is forbidden.
/// `share`: the one that goes into the guardian's memory: the pepper's password comes from it among others.
/// `switched_off`: the authority's. Under which protection keys are made is decided by firmware::protection(), so a
/// program that links this links basalt::sealing or its twin.
/// Errors: refused: this TPM is a device's already, or has held counters before. Nothing is changed then.
Result<ProvisionedTpm> provision_tpm(tpm::Tpm& tpm, const PublicKey& policy_key, std::uint32_t switched_off,
                                     const Secret& share);

/// 32 bytes from the operating system's generator.
Result<Secret> fresh_secret();

}  // namespace basalt::factory
