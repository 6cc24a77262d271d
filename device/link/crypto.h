// device/link/crypto.h: all cryptography of the session, from OpenSSL's libcrypto. No other file of this folder
// includes it; hashes and signatures are device/common/digest.h's.
#pragma once
#include "device/common/digest.h"
#include "device/common/secret.h"
#include "device/link/chance.h"

#include <array>
#include <optional>
#include <string_view>

namespace basalt::link {

/// A public share of X25519 (RFC 7748).
using Share = std::array<std::uint8_t, 32>;
using Nonce = std::array<std::uint8_t, 12>;
inline constexpr std::size_t tag_size = 16;

// Each answers nothing, or false, when libcrypto fails (no memory, as a rule): the caller then has no session.

/// The public share that belongs to 32 random bytes.
std::optional<Share> share_of(const Secret& own) noexcept;
/// What both ends then have in common. Nothing for a share that would make it foreseeable (RFC 7748, 6.1).
std::optional<Secret> agree(const Secret& own, const Share& theirs) noexcept;

/// HKDF-SHA256 (RFC 5869), extract and expand in one.
bool derive(const Secret& input, const Digest& salt, std::string_view label, std::span<std::uint8_t> out) noexcept;

/// HMAC-SHA256, its first 16 bytes.
std::optional<std::array<std::uint8_t, 16>> mac(const Secret& key, ByteView data) noexcept;

/// AES-256-GCM. `out` is tag_size longer than `plain`; the tag comes last. A nonce serves once with a key.
bool seal(const Secret& key, const Nonce& nonce, ByteView header, ByteView plain, std::span<std::uint8_t> out) noexcept;
/// False when key, nonce, header or any byte is not what was sealed: then `plain` is all zeros.
bool unseal(const Secret& key, const Nonce& nonce, ByteView header, ByteView sealed,
            std::span<std::uint8_t> plain) noexcept;

/// libcrypto's own generator, which the kernel seeds.
class SystemChance final : public Chance {
  public:
    bool fill(std::span<std::uint8_t> out) noexcept override;
};

}  // namespace basalt::link
