// device/firmware/access/tpm_pepper.h: the pepper of a real device: an HMAC key that never leaves its TPM.
//
// The TPM uses the key for whoever knows its password, and that comes from the key of the configuration class. So the
// pepper opens where the accounts open: in a measured state that the manufacturer approved, with the guardian's share,
// after a signed update too, and not once the class is erased. Data keys are bound by a policy over PCR 6, which is
// closed right after they were opened; people log in later, so the pepper cannot be bound by that policy itself.
// What an attacker still can do: one who runs inside the firmware uses the pepper as the firmware does, one guess a TPM
// command, on that device.
#pragma once
#include "device/common/secret.h"
#include "device/firmware/access/pepper.h"
#include "tpm/hmac_key.h"

#include <optional>

namespace basalt::access {

/// HMAC-SHA256(configuration class key, "basalt pepper 1").
Secret pepper_password(std::span<const std::uint8_t, Secret::size> configuration_key);

class TpmPepper final : public Pepper {
  public:
    /// Once, when the device is provisioned: the blob is kept beside the accounts. Useless on any other TPM.
    static Result<tpm::Blob> make(tpm::SecureChannel& channel, const Secret& password) {
        return tpm::create_hmac_key(channel, password);
    }
    /// `channel` must outlive it.
    TpmPepper(tpm::SecureChannel& channel, tpm::Blob key, Secret password) noexcept
        : channel_{channel}, key_{std::move(key)}, password_{std::move(password)} {}
    /// Loads the key at the first call, and again after a failure.
    Result<Digest> hmac(ByteView data) override;

  private:
    tpm::SecureChannel& channel_;
    tpm::Blob key_;
    Secret password_;
    std::optional<tpm::HmacKey>
        loaded_;  ///< takes one of the TPM's places; loading it for each log-in took half as long again
};

}  // namespace basalt::access
