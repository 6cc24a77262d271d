// tpm/socket_tcti.h: commands to a TPM over one Unix stream socket that stays open.
//
// libtss2's own module for swtpm opens a new connection for each command. Then every program that uses the TPM must be
// allowed to connect to sockets for as long as it lives, and anybody's command may come between two of its own. With
// one connection, opened before a program confines itself, it needs read and write alone, and swtpm serves nobody else
// meanwhile: one process owns the TPM, as it does a chip's device file.
#pragma once
#include "tpm/result.h"

#include <tss2/tss2_tcti.h>

#include <string>

namespace basalt::tpm {

/// A context for Esys_Initialize. End it with Tss2_Tcti_Finalize and std::free. A TPM that takes more than 20 s for an
/// answer (another process holds it) is given up: TSS2_TCTI_RC_IO_ERROR.
/// Errors: missing (nobody listens there), usage (the path is too long).
Result<TSS2_TCTI_CONTEXT*> connect_to_socket(const std::string& path);

}  // namespace basalt::tpm
