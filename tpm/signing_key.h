// tpm/signing_key.h: an ECDSA P-256 key whose private half never leaves the TPM.
#pragma once
#include "tpm/sealed.h"

namespace basalt::tpm {

struct SigningKey {
    Blob blob;
    Point point;  ///< the public half
};

/// Made inside the TPM. Unrestricted: it signs any SHA-256 digest.
Result<SigningKey> create_signing_key(SecureChannel& channel, const Lock& lock);

/// The public half of a signing key as it stands in a file. Errors: unreadable: no P-256 key.
Result<Point> point_of(const Blob& key);

/// `policy` as for unseal(). Errors as there.
Result<Signature> sign(SecureChannel& channel, const Blob& key, const Digest& digest, const Session* policy);

}  // namespace basalt::tpm
