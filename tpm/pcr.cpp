#include "tpm/pcr.h"

#include "tpm/tss.h"

namespace basalt::tpm {

Result<void> extend(Tpm& tpm, unsigned pcr, const Digest& digest) {
    if (pcr >= pcr_max) return fail(ErrorCode::usage, "Basalt uses PCRs 0 to 7 alone.", "Use one of them.");
    TPML_DIGEST_VALUES values{};
    values.count = 1;
    values.digests[0].hashAlg = TPM2_ALG_SHA256;
    std::ranges::copy(digest, values.digests[0].digest.sha256);
    if (const auto rc =
            Esys_PCR_Extend(tpm.context(), ESYS_TR_PCR0 + pcr, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &values))
        return tpm_fail(rc, "The TPM did not take the measurement for PCR " + std::to_string(pcr));
    return {};
}

Result<PcrValues> read_pcrs(Tpm& tpm) {
    TPML_PCR_SELECTION wanted{};
    wanted.count = 1;
    wanted.pcrSelections[0] = {.hash = TPM2_ALG_SHA256, .sizeofSelect = 3, .pcrSelect = {0xFF, 0, 0}};
    Answer<TPML_PCR_SELECTION> given;
    Answer<TPML_DIGEST> digests;
    if (const auto rc = Esys_PCR_Read(tpm.context(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &wanted, nullptr,
                                      out(given), out(digests)))
        return tpm_fail(rc, "The TPM did not give its PCRs");
    if (digests->count != pcr_max)
        return fail(ErrorCode::missing, "The TPM has no SHA-256 bank of PCRs.", "Use a TPM whose SHA-256 bank is on.");
    PcrValues values;
    for (std::size_t pcr = 0; pcr < pcr_max; ++pcr) {
        if (digests->digests[pcr].size != values[pcr].size())
            return fail(ErrorCode::io, "The TPM gave a PCR that is no SHA-256.", "Start the device again.");
        std::copy_n(digests->digests[pcr].buffer, values[pcr].size(), values[pcr].begin());
    }
    return values;
}

}  // namespace basalt::tpm
