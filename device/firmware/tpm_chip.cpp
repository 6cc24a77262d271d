#include "device/firmware/tpm_chip.h"

namespace basalt::firmware {
namespace {
std::unexpected<Error> opened_before() {
    return fail(ErrorCode::refused, "The keys were opened once since the start.",
                "Nothing is to be done: they stay closed until the next start.");
}
}  // namespace

TpmChip::TpmChip(tpm::Tpm& tpm, Result<Trust> trust, End end)
    : tpm_(tpm), trust_(std::move(trust)), end_(std::move(end)) {
    if (trust_) return;
    if (const auto closed = close_keys(tpm_); !closed) end_(closed.error());
}

Result<Signature> TpmChip::sign_challenge(const std::array<std::uint8_t, 32>& nonce) {
    if (!trust_) return std::unexpected{trust_.error()};
    if (keys_asked_for_) return opened_before();
    return trust_->sign_challenge(nonce);
}

Result<RecordKeys> TpmChip::open_keys(const std::optional<Secret>& share) {
    if (!trust_)  // closed already, by the constructor
        return std::unexpected{trust_.error()};
    // Without a share there is no true key; it is asked all the same, because that closes the TPM's keys.
    const Secret none;
    if (keys_asked_for_) return opened_before();
    keys_asked_for_ = true;
    auto opened = trust_->open_class_keys(share ? *share : none);
    if (!opened) {  // only when they could not be closed
        end_(opened.error());
        return std::unexpected{opened.error()};
    }
    if (!share)
        return fail(ErrorCode::refused, "The guardian gave no share, so the records stay closed.",
                    "Start the pump again. If it happens again, tell biomedical service.");
    // Before the key goes into the records, from where nobody reads it.
    if (opened->configuration) pepper_.emplace(trust_->pepper(access::pepper_password(opened->configuration->view())));
    for (const auto* key : {&opened->configuration, &opened->patient, &opened->log})
        if (!*key) return std::unexpected{key->error()};
    return RecordKeys{.configuration = storage::Key{opened->configuration->view()},
                      .patient = storage::Key{opened->patient->view()},
                      .log = storage::Key{opened->log->view()}};
}

Result<PublicKey> TpmChip::identity() {
    if (!trust_) return std::unexpected{trust_.error()};
    return trust_->identity();
}

Result<Signature> TpmChip::sign_as_device(const Digest& digest) {
    if (!trust_) return std::unexpected{trust_.error()};
    return trust_->sign_as_device(digest);
}

Result<Digest> TpmChip::pepper(ByteView data) {
    if (!pepper_)
        return fail(ErrorCode::refused, "No password can be looked at, because the pump's records are closed.",
                    "Use a badge or the pump's button. Start the pump again; if it stays, tell biomedical service.");
    return pepper_->hmac(data);
}

bool TpmChip::answers() {
    std::array<std::uint8_t, 8> some{};
    return tpm_.random(some).has_value();
}

}  // namespace basalt::firmware
