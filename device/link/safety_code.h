// device/link/safety_code.h: CRC-32C, the safety code inside of the encryption. It finds what breaks between the two
// programs and not only on the wire: a faulty memory, a wrong buffer, a cipher that was called wrongly.
#pragma once
#include "device/common/codec.h"

namespace basalt::link {

/// CRC-32C (Castagnoli; RFC 3720, 12.1) over `first`, then `second`. Another polynomial than the network's own CRC, so
/// that what that one misses this one sees. Finds every change of up to 32 bits in a row, and any three changed bits of
/// a frame.
std::uint32_t safety_code(ByteView first, ByteView second) noexcept;

}  // namespace basalt::link
