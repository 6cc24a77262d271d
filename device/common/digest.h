// device/common/digest.h: SHA-256 and ECDSA P-256 for the critical zone, from BearSSL: no heap, constant time.
#pragma once
#include "device/common/codec.h"

namespace basalt {

using Digest = std::array<std::uint8_t, 32>;
/// An uncompressed P-256 point: 0x04, X, Y.
using PublicKey = std::array<std::uint8_t, 65>;
/// r then s, 32 bytes each, big endian.
using Signature = std::array<std::uint8_t, 64>;

Digest sha256(ByteView data) noexcept;
/// SHA-256 over the concatenation, for a domain string in front of its data.
Digest sha256(ByteView first, ByteView second) noexcept;

/// True when `signature` is that of `digest` by `key`. False for anything else, a point that is not on the curve included.
bool signature_fits(const Digest& digest, const Signature& signature, const PublicKey& key) noexcept;

/// Compares without telling by its time where the first difference is.
bool same_bytes(ByteView a, ByteView b) noexcept;

}  // namespace basalt
