// tpm/hmac_key.h: an HMAC-SHA256 key that never leaves the TPM, and the password without which the TPM does not use it.
#pragma once
#include "tpm/sealed.h"

namespace basalt::tpm {

/// Made inside the TPM; whoever has the blob and `password` can use it there, at any time of a boot. No policy: a
/// policy over PCRs that hold nothing but zeros before the cap would not fit afterwards, when this key is used. A wrong
/// password is refused and counted by nobody (noDA); its 256 bits are not to be guessed.
Result<Blob> create_hmac_key(SecureChannel& channel, const Secret& password);

/// The key, loaded once and used often: loading costs more than an HMAC. While it is here it takes one of the TPM's few
/// places (three in swtpm); its end gives the place back. `channel` must outlive it.
class HmacKey {
  public:
    /// Errors: unreadable (no such key, or of another TPM). The password is first looked at by hmac().
    static Result<HmacKey> load(SecureChannel& channel, const Blob& key, const Secret& password);
    /// `data`: at most 1024 bytes. Neither the data nor the result crosses the bus readable.
    /// Errors: refused (wrong password), usage (longer data), the TPM's (its place is gone after a reset: load again).
    Result<Digest> hmac(ByteView data);

  private:
    HmacKey(SecureChannel& channel, Object object) noexcept : channel_{&channel}, object_{std::move(object)} {}
    SecureChannel* channel_;
    Object object_;
};

}  // namespace basalt::tpm
