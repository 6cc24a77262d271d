#include "tpm/signing_key.h"

#include "tpm/stored_object.h"

namespace basalt::tpm {

Result<SigningKey> create_signing_key(SecureChannel& channel, const Lock& lock) {
    auto blob = create_object(channel, public_area(Point{}), TPMA_OBJECT_SIGN_ENCRYPT | TPMA_OBJECT_SENSITIVEDATAORIGIN,
                              lock, {}, "A signing key");
    if (!blob) return std::unexpected{blob.error()};
    const auto point = point_of(*blob);
    if (!point) return std::unexpected{point.error()};
    return SigningKey{std::move(*blob), *point};
}

Result<Point> point_of(const Blob& key) {
    const auto area = public_area_of(key);
    if (!area) return std::unexpected{area.error()};
    const auto& [x, y] = area->publicArea.unique.ecc;
    if (area->publicArea.type != TPM2_ALG_ECC || x.size > 32 || y.size > 32)
        return fail(ErrorCode::unreadable, "The TPM's signing key is of another curve.",
                    "Use a TPM that has NIST P-256.");
    Point point{0x04};
    std::copy_n(x.buffer, x.size, point.begin() + 1 + (32 - x.size));
    std::copy_n(y.buffer, y.size, point.begin() + 33 + (32 - y.size));
    return point;
}

Result<Signature> sign(SecureChannel& channel, const Blob& key, const Digest& digest, const Session* policy) {
    const auto object = load_object(channel, key, "A signing key");
    if (!object) return std::unexpected{object.error()};
    const auto hash = buffer_of<TPM2B_DIGEST>(digest);
    const TPMT_SIG_SCHEME scheme{.scheme = TPM2_ALG_ECDSA, .details = {.ecdsa = {.hashAlg = TPM2_ALG_SHA256}}};
    // "This digest was not made by the TPM": an unrestricted key signs it all the same.
    const TPMT_TK_HASHCHECK no_ticket{.tag = TPM2_ST_HASHCHECK, .hierarchy = TPM2_RH_NULL, .digest = {}};
    Answer<TPMT_SIGNATURE> signature;
    const ESYS_TR authorised = policy != nullptr ? policy->get() : channel.session({.command = true});
    if (const auto rc = Esys_Sign(channel.context(), object->get(), authorised, ESYS_TR_NONE, ESYS_TR_NONE, &hash,
                                  &scheme, &no_ticket, out(signature)))
        return tpm_fail(rc, "The TPM did not sign");
    const auto plain = plain_signature(*signature);
    if (!plain) return fail(ErrorCode::io, "The TPM signed with another scheme.", "Use a TPM that has ECDSA P-256.");
    return *plain;
}

}  // namespace basalt::tpm
