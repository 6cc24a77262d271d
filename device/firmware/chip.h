// device/firmware/chip.h: what the firmware needs of the TPM. The real one is tpm_chip.h; tests put another here.
#pragma once
#include "device/common/digest.h"
#include "device/common/result.h"
#include "device/common/secret.h"
#include "device/firmware/records/journal.h"

namespace basalt::firmware {

class Chip {
  public:
    virtual ~Chip() = default;

    /// The channel key's signature of the guardian's challenge. Possible under the measured state alone, and before
    /// open_keys(). Errors: refused, io, each in words.
    virtual Result<Signature> sign_challenge(const std::array<std::uint8_t, 32>& nonce) = 0;
    /// The keys of the three databases, once. Whatever comes of it, nothing opens keys again until the next reset: PCR
    /// 6 is extended in every case, also when no share was given.
    virtual Result<RecordKeys> open_keys(const std::optional<Secret>& share) = 0;
    /// The public half of the device identity key, by which a client knows this device. Errors: unreadable, and those
    /// of a chip without trust.
    virtual Result<PublicKey> identity() = 0;
    /// ECDSA P-256 by the device identity key. Possible at any time of a boot, also when the keys are closed, and under
    /// any measured state: it says which device speaks, not what runs on it. Each use of it puts words of its own in
    /// front of what it hashes, or hashes a certificate, so that no signature passes for another. Errors: the TPM's.
    virtual Result<Signature> sign_as_device(const Digest& digest) = 0;
    /// HMAC-SHA256 by the key of the password pepper; `data`: at most 1024 bytes. Errors: refused until open_keys() has
    /// opened the configuration class; the TPM's.
    virtual Result<Digest> pepper(ByteView data) = 0;
    /// Asks the TPM something cheap. False: it does not answer.
    virtual bool answers() = 0;

  protected:
    Chip() = default;
    Chip(const Chip&) = default;
    Chip& operator=(const Chip&) = default;
};

}  // namespace basalt::firmware
