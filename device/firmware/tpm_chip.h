// device/firmware/tpm_chip.h: the TPM as the firmware's Chip.
#pragma once
#include "device/firmware/chip.h"
#include "device/firmware/trust/trust.h"
#include "tpm/tpm.h"

namespace basalt::firmware {

class TpmChip final : public Chip {
  public:
    /// Takes what Trust::open() gave: without trust (its reason is told in each error) nothing is signed and nothing
    /// opens. `tpm` must outlive it.
    TpmChip(tpm::Tpm& tpm, Result<Trust> trust) : tpm_(tpm), trust_(std::move(trust)) {}

    Result<Signature> sign_challenge(const std::array<std::uint8_t, 32>& nonce) override;
    Result<RecordKeys> open_keys(const std::optional<Secret>& share) override;
    bool answers() override;

  private:
    tpm::Tpm& tpm_;
    Result<Trust> trust_;
};

}  // namespace basalt::firmware
