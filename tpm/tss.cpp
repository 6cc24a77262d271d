#include "tpm/tss.h"

#include <tss2/tss2_rc.h>

namespace basalt::tpm {
namespace {

struct Kind {
    TSS2_RC code;
    ErrorCode kind;
    const char* next_step;
};
constexpr Kind kinds[] = {
    {TPM2_RC_POLICY_FAIL, ErrorCode::refused, "Start the device from a release that its manufacturer signed."},
    {TPM2_RC_POLICY, ErrorCode::refused,
     "Install the newest release: an older one no longer opens this device's keys."},
    {TPM2_RC_VALUE, ErrorCode::refused, "Start the device from a release that its manufacturer signed."},
    {TPM2_RC_SIGNATURE, ErrorCode::refused, "Install a release that the manufacturer signed for this device."},
    {TPM2_RC_AUTH_UNAVAILABLE, ErrorCode::refused, "Only the device's own firmware may do this."},
    {TPM2_RC_NV_AUTHORIZATION, ErrorCode::refused, "Only the device's own firmware may do this."},
    {TPM2_RC_BAD_AUTH, ErrorCode::refused, "Only boot may do this, right after a reset."},
    {TPM2_RC_HIERARCHY, ErrorCode::refused, "Only boot may do this, right after a reset."},
    {TPM2_RC_DISABLED, ErrorCode::refused, "Only boot may do this, right after a reset."},
    {TPM2_RC_LOCKOUT, ErrorCode::refused, "Wait until the TPM's lockout time is over, then start the device again."},
    {TPM2_RC_INTEGRITY, ErrorCode::unreadable,
     "The key belongs to another TPM, or its file was changed: provision again."},
    {TPM2_RC_HANDLE, ErrorCode::missing, "Provision the device, or restore it: this TPM does not hold what it should."},
    {TPM2_RC_NV_UNINITIALIZED, ErrorCode::missing, "Provision the device again: this was never finished."},
    {TPM2_RC_NV_RATE, ErrorCode::io, "Try again in a second: the TPM protects its memory from wear."},
};

}  // namespace

std::unexpected<Error> tpm_fail(TSS2_RC rc, std::string what) {
    if ((rc & TSS2_RC_LAYER_MASK) == TSS2_TPM_RC_LAYER)
        for (const Kind& kind : kinds)
            if (kind.code == plain_code(rc)) return fail(kind.kind, what + ".", kind.next_step, rc);
    return fail(ErrorCode::io, std::move(what) + " (" + Tss2_RC_Decode(rc) + ").",
                "Start the device again; if it stays so, its TPM is broken.", rc);
}

TPM2B_PUBLIC public_area(const Point& point) noexcept {
    TPM2B_PUBLIC out{};
    TPMT_PUBLIC& area = out.publicArea;
    area.type = TPM2_ALG_ECC;
    area.nameAlg = TPM2_ALG_SHA256;
    area.objectAttributes = TPMA_OBJECT_SIGN_ENCRYPT | TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_NODA;
    TPMS_ECC_PARMS& parameters = area.parameters.eccDetail;
    parameters.symmetric.algorithm = TPM2_ALG_NULL;
    parameters.scheme.scheme = TPM2_ALG_ECDSA;
    parameters.scheme.details.ecdsa.hashAlg = TPM2_ALG_SHA256;
    parameters.curveID = TPM2_ECC_NIST_P256;
    parameters.kdf.scheme = TPM2_ALG_NULL;
    const ByteView bytes{point};
    area.unique.ecc.x = buffer_of<TPM2B_ECC_PARAMETER>(bytes.subspan(1, 32));
    area.unique.ecc.y = buffer_of<TPM2B_ECC_PARAMETER>(bytes.subspan(33, 32));
    return out;
}

TPMT_SIGNATURE tpm_signature(const Signature& signature) noexcept {
    TPMT_SIGNATURE out{};
    out.sigAlg = TPM2_ALG_ECDSA;
    out.signature.ecdsa.hash = TPM2_ALG_SHA256;
    const ByteView bytes{signature};
    out.signature.ecdsa.signatureR = buffer_of<TPM2B_ECC_PARAMETER>(bytes.first(32));
    out.signature.ecdsa.signatureS = buffer_of<TPM2B_ECC_PARAMETER>(bytes.last(32));
    return out;
}

std::optional<Signature> plain_signature(const TPMT_SIGNATURE& signature) noexcept {
    if (signature.sigAlg != TPM2_ALG_ECDSA) return std::nullopt;
    const auto& [hash, r, s] = signature.signature.ecdsa;
    if (r.size > 32 || s.size > 32) return std::nullopt;
    Signature out{};  // a TPM may leave out leading zeros
    std::copy_n(r.buffer, r.size, out.begin() + (32 - r.size));
    std::copy_n(s.buffer, s.size, out.begin() + 32 + (32 - s.size));
    return out;
}

Name sha256_name(const Digest& digest) noexcept {
    Name name{0x00, 0x0B};
    std::ranges::copy(digest, name.begin() + 2);
    return name;
}

}  // namespace basalt::tpm
