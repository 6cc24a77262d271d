// tpm/hierarchy.h: who rules the TPM. After every reset whoever comes first holds the platform hierarchy: that is boot.
#pragma once
#include "tpm/tpm.h"

namespace basalt::tpm {

/// Closes the platform hierarchy until the next reset: no secret exists that could open it again. Platform counters can
/// still be read, by anyone, and counted or removed by nobody. Boot calls it before it launches anything, after its own
/// last increment. A TPM whose hierarchy is closed already is no error (a PC's own firmware does that).
Result<void> close_platform(Tpm& tpm);

/// Whether TPM2_Clear is allowed, over resets too. Needs the open platform hierarchy. The factory forbids it: with an
/// empty lockout password anyone who reaches the TPM could clear it otherwise.
Result<void> allow_clear(Tpm& tpm, bool allowed);

/// TPM2_Clear by the platform hierarchy: the storage root key and all under it die, owner indexes with them.
/// Errors: refused while it is not allowed, or the hierarchy is closed.
Result<void> clear(Tpm& tpm);

/// Failed authorisations that the TPM has counted. 0 for ever on a Basalt device: everything on it is noDA.
Result<std::uint32_t> lockout_count(Tpm& tpm);
/// Loaded transient objects and sessions: for tests that look for leaks.
Result<std::uint32_t> loaded_things(Tpm& tpm);

}  // namespace basalt::tpm
