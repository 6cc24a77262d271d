// eol/core/container.h: one sealed part of an export: CMS SignedData by the device inside AuthEnvelopedData for the
// receiver (RFC 5652, RFC 5083, RFC 5084), which `openssl cms` opens with two lines.
#pragma once
#include "eol/core/recipient.h"
#include "storage/event.h"

#include <functional>

namespace basalt::eol {

/// The bytes of one part before it is sealed: a reader of CMS needs about three times as much memory.
inline constexpr std::size_t max_part_size = 32U << 20U;

/// Who signs a part. The private key stands in the TPM, so only digests go to it.
struct DeviceSigner {
    Bytes certificate;  ///< DER of the device identity certificate
    /// ECDSA P-256, r then s; asked once for each part. Its digest is that of CMS signed attributes, which begin with
    /// a tag of their own (SET OF, 0x31), so that no other signature of the device passes for this one.
    std::function<Result<std::array<std::uint8_t, 64>>(const storage::Digest&)> sign;
};

/// The part, in DER. AES-256-GCM under a key drawn for it by OpenSSL; the key goes to the receiver by ECDH with an
/// X9.63 KDF of SHA-256, or by RSA-OAEP with SHA-256. So no two sealings are alike. Errors: usage (larger than
/// max_part_size); refused (certificate and key of the device do not fit); the signer's.
Result<Bytes> seal(BytesView content, std::int64_t signed_at_unix_s, const DeviceSigner& signer,
                   const Recipient& recipient);

}  // namespace basalt::eol
