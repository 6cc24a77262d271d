#include "device/firmware/tpm_chip.h"

namespace basalt::firmware {

TpmChip::TpmChip(tpm::Tpm& tpm, Result<Trust> trust, End end)
    : tpm_(tpm), trust_(std::move(trust)), end_(std::move(end)) {
    if (trust_) return;
    if (const auto closed = close_keys(tpm_); !closed) end_(closed.error());
}

Result<Signature> TpmChip::sign_challenge(const std::array<std::uint8_t, 32>& nonce) {
    if (!trust_) return std::unexpected{trust_.error()};
    return trust_->sign_challenge(nonce);
}

Result<RecordKeys> TpmChip::open_keys(const std::optional<Secret>& share) {
    if (!trust_)  // closed already: by the constructor, or by the first call
        return std::unexpected{trust_.error()};
    // Without a share there is no true key; it is asked all the same, because that closes the TPM's keys.
    const Secret none;
    auto opened = std::move(*trust_).open_class_keys(share ? *share : none);
    trust_ = fail(ErrorCode::refused, "The keys were opened once since the start.",
                  "Nothing is to be done: they stay closed until the next start.");
    if (!opened) {  // only when they could not be closed
        end_(opened.error());
        return std::unexpected{opened.error()};
    }
    if (!share)
        return fail(ErrorCode::refused, "The guardian gave no share, so the records stay closed.",
                    "Start the pump again. If it happens again, tell biomedical service.");
    for (const auto* key : {&opened->configuration, &opened->patient, &opened->log})
        if (!*key) return std::unexpected{key->error()};
    return RecordKeys{.configuration = storage::Key{opened->configuration->view()},
                      .patient = storage::Key{opened->patient->view()},
                      .log = storage::Key{opened->log->view()}};
}

bool TpmChip::answers() {
    std::array<std::uint8_t, 8> some{};
    return tpm_.random(some).has_value();
}

}  // namespace basalt::firmware
