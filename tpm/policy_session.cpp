#include "tpm/policy_session.h"

#include "tpm/nv_reference.h"

#include <utility>

namespace basalt::tpm {
namespace {

TPM2B_NAME sized(const Name& name) noexcept {
    TPM2B_NAME out{};
    put(out, out.name, sizeof(out.name), name);
    return out;
}

TPM2B_OPERAND operand(std::uint64_t value) noexcept {
    TPM2B_OPERAND out{};
    out.size = 8;
    for (unsigned i = 0; i < 8; ++i) out.buffer[7 - i] = static_cast<std::uint8_t>(value >> (8 * i));
    return out;
}

/// The TPM's own word that the policy key signed `approved` for `use`.
Result<Answer<TPMT_TK_VERIFIED>> ticket_of(Tpm& tpm, const ReleasePolicy& release, const ApprovedState& state,
                                           KeyUse use) {
    const TPM2B_PUBLIC area = public_area(release.policy_key);
    ESYS_TR loaded = ESYS_TR_NONE;
    // Under the owner hierarchy: a ticket of the null hierarchy authorises nothing.
    if (const auto rc = Esys_LoadExternal(tpm.context(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, nullptr, &area,
                                          ESYS_TR_RH_OWNER, &loaded))
        return tpm_fail(rc, "The release's policy key is no key");
    const Object key{tpm.context(), loaded};
    const auto digest = buffer_of<TPM2B_DIGEST>(signed_digest(state.approved, use));
    const TPMT_SIGNATURE signature = tpm_signature(state.signatures[std::to_underlying(use)]);
    Answer<TPMT_TK_VERIFIED> ticket;
    if (const auto rc = Esys_VerifySignature(tpm.context(), key.get(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                                             &digest, &signature, out(ticket)))
        return tpm_fail(
            rc, "The release's policy for the " + std::string{name_of(use)} + " key was not signed by its policy key");
    return ticket;
}

Result<void> require_counter(Tpm& tpm, const Session& session, const Index& counter, std::uint64_t value,
                             TPM2_EO comparison, const std::string& otherwise) {
    const auto reference = NvReference::open(tpm.context(), counter);
    if (!reference) return std::unexpected{reference.error()};
    const TPM2B_OPERAND wanted = operand(value);
    if (const auto rc = Esys_PolicyNV(tpm.context(), reference->get(), reference->get(), session.get(),
                                      ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &wanted, 0, comparison))
        return tpm_fail(rc, otherwise);
    return {};
}

Result<void> require_pcrs(Tpm& tpm, const Session& session) {
    TPML_PCR_SELECTION selection{};
    selection.count = 1;
    selection.pcrSelections[0] = {.hash = TPM2_ALG_SHA256, .sizeofSelect = 3, .pcrSelect = {sealing_pcrs.bits, 0, 0}};
    const TPM2B_DIGEST as_they_are{};
    if (const auto rc = Esys_PolicyPCR(tpm.context(), session.get(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                                       &as_they_are, &selection))
        return tpm_fail(rc, "The TPM did not take its PCRs into a policy");
    return {};
}

/// A guess that costs one read: a wrong one is refused by the TPM like any other state.
Result<const ApprovedState*> likely_state(Tpm& tpm, const ReleasePolicy& release) {
    const auto values = read_pcrs(tpm);
    if (!values) return std::unexpected{values.error()};
    const Digest now = approved_digest(*values, release.version);
    const auto state = std::ranges::find(release.states, now, &ApprovedState::approved);
    return state == release.states.end() ? &release.states.front() : &*state;
}

}  // namespace

Result<Session> open_policy(Tpm& tpm, const ReleasePolicy& release, KeyUse use) {
    const auto state = likely_state(tpm, release);
    if (!state) return std::unexpected{state.error()};
    const auto ticket = ticket_of(tpm, release, **state, use);
    if (!ticket) return std::unexpected{ticket.error()};

    const TPMT_SYM_DEF none{.algorithm = TPM2_ALG_NULL, .keyBits = {}, .mode = {}};
    ESYS_TR started = ESYS_TR_NONE;
    if (const auto rc = Esys_StartAuthSession(tpm.context(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                                              ESYS_TR_NONE, nullptr, TPM2_SE_POLICY, &none, TPM2_ALG_SHA256, &started))
        return tpm_fail(rc, "The TPM opened no policy session");
    Session session{tpm.context(), started};

    // Order: what stands before PolicyAuthorize is covered by the signature, and replaced by it.
    if (const auto pcrs = require_pcrs(tpm, session); !pcrs) return std::unexpected{pcrs.error()};
    if (const auto version = require_counter(tpm, session, version_counter, release.version, TPM2_EO_UNSIGNED_LE,
                                             "Release " + std::to_string(release.version) +
                                                 " was withdrawn: a newer one has proved itself on this device");
        !version)
        return std::unexpected{version.error()};
    const auto approved = buffer_of<TPM2B_DIGEST>((*state)->approved);
    const auto ref = buffer_of<TPM2B_NONCE>(policy_ref(use));
    const TPM2B_NAME key = sized(name_of_key(release.policy_key));
    if (const auto rc = Esys_PolicyAuthorize(tpm.context(), session.get(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                                             &approved, &ref, &key, ticket->get()))
        return tpm_fail(
            rc, "The " + std::string{name_of(use)} +
                    " key stays closed: what this device measured at its start is not what the manufacturer approved");
    return session;
}

Result<void> require_alive(Tpm& tpm, const Session& session, const Index& counter, std::uint64_t alive) {
    return require_counter(tpm, session, counter, alive, TPM2_EO_EQ,
                           "This class of data was erased: its key is dead for ever");
}

}  // namespace basalt::tpm
