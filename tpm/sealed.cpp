#include "tpm/sealed.h"

#include "tpm/stored_object.h"

#include <string.h>  // explicit_bzero

namespace basalt::tpm {

Result<Blob> create_sealed(SecureChannel& channel, const Secret& secret, const Lock& lock) {
    TPM2B_PUBLIC area{};
    area.publicArea.type = TPM2_ALG_KEYEDHASH;
    area.publicArea.parameters.keyedHashDetail.scheme.scheme = TPM2_ALG_NULL;
    return create_object(channel, area, 0, lock, secret.view(), "A sealed key");
}

Result<Secret> unseal(SecureChannel& channel, const Blob& blob, const Session* policy) {
    const auto object = load_object(channel, blob, "A sealed key");
    if (!object) return std::unexpected{object.error()};
    Answer<TPM2B_SENSITIVE_DATA> data;
    const ESYS_TR encrypting = channel.session({.response = true});
    const ESYS_TR first = policy != nullptr ? policy->get() : encrypting;
    const ESYS_TR second = policy != nullptr ? encrypting : ESYS_TR_NONE;
    if (const auto rc = Esys_Unseal(channel.context(), object->get(), first, second, ESYS_TR_NONE, out(data)))
        return tpm_fail(rc, "The TPM did not open a sealed key");
    Secret secret;
    const bool fits = data->size == Secret::size;
    if (fits) std::copy_n(data->buffer, Secret::size, secret.bytes().begin());
    explicit_bzero(data->buffer, sizeof(data->buffer));
    if (!fits)
        return fail(ErrorCode::unreadable, "A sealed key has the wrong length.",
                    "Restore the device, or provision it again.");
    return secret;
}

}  // namespace basalt::tpm
