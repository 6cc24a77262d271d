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
    /// Asks the TPM something cheap. False: it does not answer.
    virtual bool answers() = 0;

  protected:
    Chip() = default;
    Chip(const Chip&) = default;
    Chip& operator=(const Chip&) = default;
};

}  // namespace basalt::firmware
