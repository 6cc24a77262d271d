#include "tpm/stored_object.h"

#include <tss2/tss2_mu.h>

#include <string.h>  // explicit_bzero

namespace basalt::tpm {
namespace {

template <class T, class Marshal>
Result<ByteVector> marshalled(const T& value, Marshal marshal) {
    std::array<std::uint8_t, blob_max> buffer;
    std::size_t size = 0;
    if (const auto rc = marshal(&value, buffer.data(), buffer.size(), &size))
        return tpm_fail(rc, "A new key is larger than its file may be");
    return ByteVector(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
}

/// All of `bytes` is one T, or it is none.
template <class T, class Unmarshal>
Result<T> unmarshalled(const ByteVector& bytes, Unmarshal unmarshal) {
    T value{};
    std::size_t used = 0;
    const bool whole = bytes.size() <= blob_max &&
                       unmarshal(bytes.data(), bytes.size(), &used, &value) == TSS2_RC_SUCCESS && used == bytes.size();
    if (!whole)
        return fail(ErrorCode::unreadable, "A key's file holds no key of a TPM.",
                    "Restore the device, or provision it again.");
    return value;
}

}  // namespace

Result<Blob> create_object(SecureChannel& channel, TPM2B_PUBLIC area, TPMA_OBJECT attributes, const Lock& lock,
                           ByteView sensitive_data, const std::string& what, ByteView password) {
    area.publicArea.nameAlg = TPM2_ALG_SHA256;
    area.publicArea.objectAttributes = attributes | TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_NODA;
    if (lock.policy)
        area.publicArea.authPolicy = buffer_of<TPM2B_DIGEST>(*lock.policy);
    else
        area.publicArea.objectAttributes |= TPMA_OBJECT_USERWITHAUTH;

    TPM2B_SENSITIVE_CREATE sensitive{};
    if (!put(sensitive.sensitive.data, sensitive.sensitive.data.buffer, sizeof(sensitive.sensitive.data.buffer),
             sensitive_data) ||
        !put(sensitive.sensitive.userAuth, sensitive.sensitive.userAuth.buffer, Secret::size, password))
        return fail(ErrorCode::usage, "The secret is longer than a TPM seals.", "Seal at most 128 bytes.");
    const TPM2B_DATA outside{};
    const TPML_PCR_SELECTION no_pcrs{};
    Answer<TPM2B_PRIVATE> private_part;
    Answer<TPM2B_PUBLIC> public_part;
    const auto rc = Esys_Create(channel.context(), channel.root(), channel.session({.command = true, .response = true}),
                                ESYS_TR_NONE, ESYS_TR_NONE, &sensitive, &area, &outside, &no_pcrs, out(private_part),
                                out(public_part), nullptr, nullptr, nullptr);
    explicit_bzero(&sensitive, sizeof(sensitive));
    if (rc != TSS2_RC_SUCCESS) return tpm_fail(rc, what + " was not made");

    auto public_bytes = marshalled(*public_part, Tss2_MU_TPM2B_PUBLIC_Marshal);
    if (!public_bytes) return std::unexpected{public_bytes.error()};
    auto private_bytes = marshalled(*private_part, Tss2_MU_TPM2B_PRIVATE_Marshal);
    if (!private_bytes) return std::unexpected{private_bytes.error()};
    return Blob{std::move(*public_bytes), std::move(*private_bytes)};
}

Result<Object> load_object(SecureChannel& channel, const Blob& blob, const std::string& what) {
    const auto public_part = public_area_of(blob);
    if (!public_part) return std::unexpected{public_part.error()};
    const auto private_part = unmarshalled<TPM2B_PRIVATE>(blob.private_part, Tss2_MU_TPM2B_PRIVATE_Unmarshal);
    if (!private_part) return std::unexpected{private_part.error()};
    ESYS_TR loaded = ESYS_TR_NONE;
    if (const auto rc =
            Esys_Load(channel.context(), channel.root(), channel.session({.command = true, .response = true}),
                      ESYS_TR_NONE, ESYS_TR_NONE, &*private_part, &*public_part, &loaded))
        return tpm_fail(rc, what + " was not loaded into the TPM");
    return Object{channel.context(), loaded};
}

Result<TPM2B_PUBLIC> public_area_of(const Blob& blob) {
    return unmarshalled<TPM2B_PUBLIC>(blob.public_part, Tss2_MU_TPM2B_PUBLIC_Unmarshal);
}

}  // namespace basalt::tpm
