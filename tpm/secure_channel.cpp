#include "tpm/secure_channel.h"

#include "tpm/layout.h"
#include "tpm/tss.h"

namespace basalt::tpm {
namespace {

constexpr TPM2B_PUBLIC root_template() noexcept {
    TPM2B_PUBLIC out{};
    TPMT_PUBLIC& area = out.publicArea;
    area.type = TPM2_ALG_ECC;
    area.nameAlg = TPM2_ALG_SHA256;
    // noDA: without it every power cut after a use of this key counts as a failed attempt, and the third locks the TPM.
    area.objectAttributes = TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT | TPMA_OBJECT_FIXEDTPM |
                            TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_SENSITIVEDATAORIGIN | TPMA_OBJECT_USERWITHAUTH |
                            TPMA_OBJECT_NODA;
    TPMS_ECC_PARMS& parameters = area.parameters.eccDetail;
    parameters.symmetric.algorithm = TPM2_ALG_AES;
    parameters.symmetric.keyBits.aes = 128;
    parameters.symmetric.mode.aes = TPM2_ALG_CFB;
    parameters.scheme.scheme = TPM2_ALG_NULL;
    parameters.curveID = TPM2_ECC_NIST_P256;
    parameters.kdf.scheme = TPM2_ALG_NULL;
    return out;
}

Result<Name> name_of_handle(ESYS_CONTEXT* context, ESYS_TR handle) {
    Answer<TPM2B_NAME> name;
    if (const auto rc = Esys_TR_GetName(context, handle, out(name)))
        return tpm_fail(rc, "The TPM did not name its storage root key");
    Name plain;
    if (name->size != plain.size())
        return fail(ErrorCode::unreadable, "The TPM's storage root key is not named by SHA-256.",
                    "Provision the device again.");
    std::copy_n(name->name, plain.size(), plain.begin());
    return plain;
}

/// The persistent key's ESYS_TR. libtss2 gives the same one each time, so it is never closed before the connection.
Result<ESYS_TR> find_root(ESYS_CONTEXT* context) {
    ESYS_TR root = ESYS_TR_NONE;
    if (const auto rc =
            Esys_TR_FromTPMPublic(context, storage_root_handle, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &root))
        return tpm_fail(rc, "The TPM has no storage root key");
    return root;
}

}  // namespace

Result<Name> make_storage_root(Tpm& tpm) {
    ESYS_CONTEXT* context = tpm.context();
    if (const auto root = find_root(context)) return name_of_handle(context, *root);

    const TPM2B_SENSITIVE_CREATE sensitive{};
    const TPM2B_PUBLIC area = root_template();
    const TPM2B_DATA outside{};
    const TPML_PCR_SELECTION no_pcrs{};
    ESYS_TR made = ESYS_TR_NONE;
    if (const auto rc =
            Esys_CreatePrimary(context, ESYS_TR_RH_OWNER, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &sensitive,
                               &area, &outside, &no_pcrs, &made, nullptr, nullptr, nullptr, nullptr))
        return tpm_fail(rc, "The TPM made no storage root key");
    const Object transient{context, made};
    ESYS_TR persistent = ESYS_TR_NONE;
    if (const auto rc = Esys_EvictControl(context, ESYS_TR_RH_OWNER, transient.get(), ESYS_TR_PASSWORD, ESYS_TR_NONE,
                                          ESYS_TR_NONE, storage_root_handle, &persistent))
        return tpm_fail(rc, "The TPM did not keep its storage root key");
    return name_of_handle(context, persistent);
}

Result<SecureChannel> SecureChannel::open(Tpm& tpm, const Name& pinned_root) {
    ESYS_CONTEXT* context = tpm.context();
    const auto root = find_root(context);
    if (!root) return std::unexpected{root.error()};
    const auto name = name_of_handle(context, *root);
    if (!name) return std::unexpected{name.error()};
    if (*name != pinned_root)
        return fail(ErrorCode::refused, "This TPM is not the one that the device was provisioned with.",
                    "Put the device's own TPM state back, or provision the device again.");

    const TPMT_SYM_DEF cipher{.algorithm = TPM2_ALG_AES, .keyBits = {.aes = 128}, .mode = {.aes = TPM2_ALG_CFB}};
    ESYS_TR session = ESYS_TR_NONE;
    if (const auto rc = Esys_StartAuthSession(context, *root, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                                              nullptr, TPM2_SE_HMAC, &cipher, TPM2_ALG_SHA256, &session))
        return tpm_fail(rc, "The TPM opened no encrypted session");
    return SecureChannel{context, *root, Session{context, session}};
}

std::uint32_t SecureChannel::session(Encrypt what) const noexcept {
    TPMA_SESSION wanted = TPMA_SESSION_CONTINUESESSION;
    if (what.command) wanted |= TPMA_SESSION_DECRYPT;
    if (what.response) wanted |= TPMA_SESSION_ENCRYPT;
    constexpr TPMA_SESSION all = TPMA_SESSION_CONTINUESESSION | TPMA_SESSION_DECRYPT | TPMA_SESSION_ENCRYPT;
    // It fails for a session that does not exist, and then so does the command that follows, with a better sentence.
    Esys_TRSess_SetAttributes(context_, session_.get(), wanted, all);
    return session_.get();
}

}  // namespace basalt::tpm
