// device/firmware/tpm_chip.h: the TPM as the firmware's Chip.
#pragma once
#include "device/firmware/chip.h"
#include "device/firmware/trust/trust.h"
#include "tpm/tpm.h"

#include <functional>
#include <optional>

namespace basalt::firmware {

class TpmChip final : public Chip {
  public:
    /// Must not return: it ends the program.
    using End = std::function<void(const Error& why)>;

    /// Takes what Trust::open() gave: without trust (its reason is told in each error) nothing is signed and nothing
    /// opens, and the TPM's keys are closed here and now. `tpm` must outlive it. `end` is called when the keys cannot
    /// be closed: nothing may go on then, for whoever comes next could open them.
    TpmChip(tpm::Tpm& tpm, Result<Trust> trust, End end);

    Result<Signature> sign_challenge(const std::array<std::uint8_t, 32>& nonce) override;
    Result<RecordKeys> open_keys(const std::optional<Secret>& share) override;
    Result<PublicKey> identity() override;
    Result<Signature> sign_as_device(const Digest& digest) override;
    Result<Digest> pepper(ByteView data) override;
    bool answers() override;

  private:
    tpm::Tpm& tpm_;
    Result<Trust> trust_;  ///< stays: its encrypted channel serves the identity key and the pepper after the cap
    bool keys_asked_for_ = false;
    std::optional<access::TpmPepper> pepper_;  ///< lives on trust_'s channel
    End end_;
};

}  // namespace basalt::firmware
