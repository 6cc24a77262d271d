#include "tpm/hmac_key.h"

#include "tpm/stored_object.h"

#include <string.h>  // explicit_bzero

namespace basalt::tpm {

Result<Blob> create_hmac_key(SecureChannel& channel, const Secret& password) {
    TPM2B_PUBLIC area{};
    area.publicArea.type = TPM2_ALG_KEYEDHASH;
    TPMT_KEYEDHASH_SCHEME& scheme = area.publicArea.parameters.keyedHashDetail.scheme;
    scheme.scheme = TPM2_ALG_HMAC;
    scheme.details.hmac.hashAlg = TPM2_ALG_SHA256;
    return create_object(channel, area, TPMA_OBJECT_SIGN_ENCRYPT | TPMA_OBJECT_SENSITIVEDATAORIGIN, {}, {},
                         "An HMAC key", password.view());
}

Result<HmacKey> HmacKey::load(SecureChannel& channel, const Blob& key, const Secret& password) {
    auto object = load_object(channel, key, "An HMAC key");
    if (!object) return std::unexpected{object.error()};
    auto auth = buffer_of<TPM2B_AUTH>(password.view());
    const auto told = Esys_TR_SetAuth(channel.context(), object->get(), &auth);
    explicit_bzero(&auth, sizeof(auth));
    if (told != TSS2_RC_SUCCESS) return tpm_fail(told, "The password of an HMAC key was not taken");
    return HmacKey{channel, std::move(*object)};
}

Result<Digest> HmacKey::hmac(ByteView data) {
    TPM2B_MAX_BUFFER buffer{};
    if (!put(buffer, buffer.buffer, sizeof(buffer.buffer), data))
        return fail(ErrorCode::usage, "The text is longer than a TPM takes at once.", "Give at most 1024 bytes.");
    Answer<TPM2B_DIGEST> result;
    const auto rc =
        Esys_HMAC(channel_->context(), object_.get(), channel_->session({.command = true, .response = true}),
                  ESYS_TR_NONE, ESYS_TR_NONE, &buffer, TPM2_ALG_SHA256, out(result));
    explicit_bzero(&buffer, sizeof(buffer));
    if (rc != TSS2_RC_SUCCESS) return tpm_fail(rc, "The TPM computed no HMAC");
    Digest digest;
    if (result->size != digest.size())
        return fail(ErrorCode::unreadable, "The TPM's HMAC has another length.", "Provision the device again.");
    std::copy_n(result->buffer, digest.size(), digest.begin());
    return digest;
}

}  // namespace basalt::tpm
