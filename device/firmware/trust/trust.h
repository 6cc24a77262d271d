// device/firmware/trust/trust.h: how the firmware earns normal mode and opens the device's keys, once per reset.
#pragma once
#include "device/common/digest.h"
#include "device/common/result.h"
#include "device/common/secret.h"
#include "device/firmware/access/tpm_pepper.h"
#include "device/firmware/trust/key_file.h"
#include "tpm/policy_session.h"
#include "tpm/secure_channel.h"

#include <filesystem>
#include <vector>

namespace basalt::firmware {

/// What the TPM's channel key signs for the guardian: SHA-256("basalt channel 1" || nonce).
Digest challenge_digest(const std::array<std::uint8_t, 32>& nonce) noexcept;

/// The cap: extends PCR 6, after which the TPM opens no key of the device and signs for nobody until the next reset.
/// Errors: the TPM's own. Then the keys may still be open to whoever comes next: end at once, and give nothing.
Result<void> close_keys(tpm::Tpm& tpm);

/// One key for each data class. Each stands alone: an erased class (missing) closes no other.
struct ClassKeys {
    Result<Secret> configuration, patient, log;
};

/// Use: open(), sign_challenge(), then open_class_keys(), which closes the TPM's keys until the next reset (the cap).
/// The identity key and the pepper serve all the boot: nothing that they protect is closed by the cap.
///
///     auto trust = Trust::open(tpm, flash);
///     auto proof = trust->sign_challenge(challenge.nonce);
///     auto keys = trust->open_class_keys(share);
class Trust {
  public:
    /// Reads flash/keys/keys.bin and the slots' policy.bin, and opens the encrypted channel to the TPM. `tpm` must
    /// outlive the result. Errors: missing or unreadable (a file, named), refused (another storage root key than the
    /// device's).
    static Result<Trust> open(tpm::Tpm& tpm, const std::filesystem::path& flash);

    /// Possible under the measured state alone, and before the cap. About 9 ms with swtpm.
    /// Errors: refused: the measured state is not one that the manufacturer approved, or the cap is set.
    Result<Signature> sign_challenge(const std::array<std::uint8_t, 32>& nonce);

    /// class key = HKDF-SHA256(sealed half || NV half || share; info: "basalt key 1 " and the class's name).
    /// About 45 ms with swtpm. Extends PCR 6 in every case, also when nothing opened: after it this object and any
    /// other program that reaches the TPM is refused. The one error is that this failed (see close_keys()): no key is
    /// given.
    Result<ClassKeys> open_class_keys(const Secret& share);

    /// The public half of the device identity key. Read from the file: who can write flash/ can put another key of this
    /// TPM there, which the enrolled certificate then does not fit. Errors: unreadable.
    Result<PublicKey> identity() const;
    /// ECDSA by the device identity key, before and after the cap. About 9 ms with swtpm. Errors: the TPM's.
    Result<Signature> sign_as_device(const Digest& digest);
    /// The pepper, for whoever knows its password (access::pepper_password). Must not outlive this.
    access::TpmPepper pepper(Secret password);

  private:
    Trust(tpm::Tpm& tpm, KeyFile keys, std::vector<tpm::ReleasePolicy> releases, tpm::SecureChannel channel)
        : tpm_{&tpm}, keys_{std::move(keys)}, releases_{std::move(releases)}, channel_{std::move(channel)} {}
    Result<Secret> open_sealed_half(const ClassKeyRecord& record);
    Result<Secret> open_nv_half(const ClassKeyRecord& record);
    Result<Secret> open_class(const ClassKeyRecord& record, const Secret& share);
    tpm::Tpm* tpm_;
    KeyFile keys_;
    std::vector<tpm::ReleasePolicy> releases_;  ///< of the slots; the TPM says which is the running one's
    tpm::SecureChannel channel_;
};

}  // namespace basalt::firmware
