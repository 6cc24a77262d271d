// scenarios/measure/access.h: what a log-in costs beside the slow hash of the password, which is meant to be slow.
#pragma once
#include "scenarios/measure/figure.h"
#include "tpm/result.h"

namespace basalt::measure {

/// A whole log-in (doors stored, account read, Argon2id at its present cost, pepper in a real software TPM, account and
/// doors stored), its storing alone and its TPM command alone, each beside the bare Argon2id hash.
/// From the main thread only. Errors: missing (swtpm), io; check_failed when a log-in was refused.
Result<Figures> measure_access(int rounds);

}  // namespace basalt::measure
