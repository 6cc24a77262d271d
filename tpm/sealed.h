// tpm/sealed.h: a secret that only this TPM can give back, and only under a policy.
#pragma once
#include "tpm/lock.h"
#include "tpm/secret.h"
#include "tpm/secure_channel.h"

namespace basalt::tpm {

/// An object as it stands in a file: useless without the TPM that made it. At most blob_max bytes each.
struct Blob {
    ByteVector public_part, private_part;  ///< marshalled TPM2B_PUBLIC and TPM2B_PRIVATE
};
inline constexpr std::size_t blob_max = 512;

/// fixedTPM, fixedParent, noDA; with a policy there is no other way in (userWithAuth is clear).
Result<Blob> create_sealed(SecureChannel& channel, const Secret& secret, const Lock& lock);

/// `policy`: a session that satisfies the lock's policy; nullptr for a lock without one.
/// Errors: refused (the policy does not fit the state), unreadable (no such object, or of another TPM).
Result<Secret> unseal(SecureChannel& channel, const Blob& blob, const Session* policy);

}  // namespace basalt::tpm
