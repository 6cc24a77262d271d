// tpm/bytes.h: the plain byte types of this folder. The same types as in device/common, which lies above it.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace basalt::tpm {

using ByteView = std::span<const std::uint8_t>;
using ByteVector = std::vector<std::uint8_t>;

/// SHA-256.
using Digest = std::array<std::uint8_t, 32>;
/// An uncompressed P-256 point: 0x04, X, Y.
using Point = std::array<std::uint8_t, 65>;
/// ECDSA P-256: r then s, 32 bytes each, big endian.
using Signature = std::array<std::uint8_t, 64>;
/// A TPM Name of an object or index: 0x000B, then SHA-256 of its public area.
using Name = std::array<std::uint8_t, 34>;

}  // namespace basalt::tpm
