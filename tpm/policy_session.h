// tpm/policy_session.h: satisfying a release policy in the TPM, so that one key opens once.
#pragma once
#include "tpm/release_policy.h"

namespace basalt::tpm {

/// A session in which the TPM has seen: these PCRs, this version, and the policy key's approval of both for `use`.
/// Ready for one use of one object; afterwards, or after any refusal, drop it and open another.
/// Which of the two approved states it claims is taken from PCR 3; whether it is true is the TPM's to judge.
/// Errors: refused, with one of three sentences: measured otherwise, version withdrawn, not signed by the policy key.
Result<Session> open_policy(Tpm& tpm, const ReleasePolicy& release, KeyUse use);

/// Adds "the class is alive" to a session from open_policy. Errors: refused (erased), missing (counter gone).
Result<void> require_alive(Tpm& tpm, const Session& session, const Index& counter, std::uint64_t alive);

}  // namespace basalt::tpm
