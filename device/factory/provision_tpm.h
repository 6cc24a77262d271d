// device/factory/provision_tpm.h: what a fresh TPM is given before it becomes a device's.
#pragma once
#include "device/firmware/trust/key_file.h"
#include "tpm/tpm.h"

namespace basalt::factory {

struct ProvisionedTpm {
    firmware::KeyFile keys;   ///< for flash/keys/keys.bin
    PublicKey channel_key{};  ///< for the guardian's memory
};

/// Counters first (the version has to begin equal on all devices), then the storage root key, the halves of the class
/// keys, the channel key; last, TPM2_Clear is forbidden.
/// `switched_off`: the authority's. Under which protection keys are made is decided by firmware::protection(), so a
/// program that links this links basalt::sealing or its twin.
/// Errors: refused: this TPM is a device's already, or has held counters before. Nothing is changed then.
Result<ProvisionedTpm> provision_tpm(tpm::Tpm& tpm, const PublicKey& policy_key, std::uint32_t switched_off);

/// 32 bytes from the operating system's generator.
Result<Secret> fresh_secret();

}  // namespace basalt::factory
