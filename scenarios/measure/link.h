// scenarios/measure/link.h: what a sealed command costs on its way, beside bare TLS.
#pragma once
#include "scenarios/measure/figure.h"
#include "tpm/result.h"

#include <filesystem>

namespace basalt::measure {

/// Round trips of a command as short as the one that asks for the pump's state, answered by as many bytes as that state
/// has, and the set-up of a session. Measured: client, TLS with certificates on both sides, the gateway's own process,
/// the sessions' sealing at both ends. Not measured: the wait for the firmware's next tick, its desk, the TPM's
/// signature at set-up. `gateway`: the built program. From the main thread only.
/// Errors: io, and those of the client.
Result<Figures> measure_link(int rounds, const std::filesystem::path& gateway);

}  // namespace basalt::measure
