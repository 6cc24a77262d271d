#include "tpm/hierarchy.h"

#include "tpm/tss.h"

namespace basalt::tpm {
namespace {

Result<std::uint32_t> property(Tpm& tpm, TPM2_PT wanted) {
    Answer<TPMS_CAPABILITY_DATA> data;
    TPMI_YES_NO more = 0;
    if (const auto rc = Esys_GetCapability(tpm.context(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                                           TPM2_CAP_TPM_PROPERTIES, wanted, 1, &more, out(data)))
        return tpm_fail(rc, "The TPM did not describe itself");
    const auto& [count, rows] = data->data.tpmProperties;
    if (count != 1 || rows[0].property != wanted)
        return fail(ErrorCode::missing, "The TPM does not know one of its own properties.", "Use another TPM.");
    return rows[0].value;
}

Result<std::uint32_t> count_handles(Tpm& tpm, std::uint32_t first) {
    Answer<TPMS_CAPABILITY_DATA> data;
    TPMI_YES_NO more = 0;
    if (const auto rc = Esys_GetCapability(tpm.context(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, TPM2_CAP_HANDLES,
                                           first, TPM2_MAX_CAP_HANDLES, &more, out(data)))
        return tpm_fail(rc, "The TPM did not list what is loaded");
    return data->data.handles.count;
}

}  // namespace

Result<void> close_platform(Tpm& tpm) {
    const auto rc = Esys_HierarchyControl(tpm.context(), ESYS_TR_RH_PLATFORM, ESYS_TR_PASSWORD, ESYS_TR_NONE,
                                          ESYS_TR_NONE, ESYS_TR_RH_PLATFORM, TPM2_NO);
    const auto code = plain_code(rc);
    // Closed already, or held by a PC's own start-up software: nobody else comes in either way.
    if (rc == TSS2_RC_SUCCESS || code == TPM2_RC_HIERARCHY || code == TPM2_RC_BAD_AUTH) return {};
    return tpm_fail(rc, "The TPM's platform hierarchy could not be closed");
}

Result<void> allow_clear(Tpm& tpm, bool allowed) {
    if (const auto rc = Esys_ClearControl(tpm.context(), ESYS_TR_RH_PLATFORM, ESYS_TR_PASSWORD, ESYS_TR_NONE,
                                          ESYS_TR_NONE, allowed ? TPM2_NO : TPM2_YES))
        return tpm_fail(rc, "The TPM did not take the setting that forbids or allows clearing it");
    return {};
}

Result<void> clear(Tpm& tpm) {
    if (const auto rc = Esys_Clear(tpm.context(), ESYS_TR_RH_PLATFORM, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE))
        return tpm_fail(rc, "The TPM was not cleared");
    return {};
}

Result<std::uint32_t> lockout_count(Tpm& tpm) { return property(tpm, TPM2_PT_LOCKOUT_COUNTER); }

Result<std::uint32_t> loaded_things(Tpm& tpm) {
    std::uint32_t sum = 0;
    for (const std::uint32_t first : {TPM2_TRANSIENT_FIRST, TPM2_LOADED_SESSION_FIRST}) {
        const auto count = count_handles(tpm, first);
        if (!count) return std::unexpected{count.error()};
        sum += *count;
    }
    return sum;
}

}  // namespace basalt::tpm
