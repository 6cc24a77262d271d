// tpm/hmac_key.h: an HMAC-SHA256 key that never leaves the TPM, and the password without which the TPM does not use it.
#pragma once
#include "tpm/sealed.h"

namespace basalt::tpm {

/// Made inside the TPM; whoever has the blob and `password` can use it there, at any time of a boot. No policy: a
/// policy over PCRs that hold nothing but zeros before the cap would not fit afterwards, when this key is used. A wrong
/// password is refused and counted by nobody (noDA); its 256 bits are not to be guessed.
Result<Blob> create_hmac_key(SecureChannel& channel, const Secret& password);

/// `data`: at most 1024 bytes. Neither the data nor the result crosses the bus readable.
/// Errors: refused (wrong password), unreadable (no such key, or of another TPM), usage (longer data).
Result<Digest> hmac(SecureChannel& channel, const Blob& key, const Secret& password, ByteView data);

}  // namespace basalt::tpm
