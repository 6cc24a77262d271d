#include "device/common/digest.h"

#include <bearssl.h>

namespace basalt {

Digest sha256(ByteView data) noexcept { return sha256(data, {}); }

Digest sha256(ByteView first, ByteView second) noexcept {
    br_sha256_context context;
    br_sha256_init(&context);
    br_sha256_update(&context, first.data(), first.size());
    br_sha256_update(&context, second.data(), second.size());
    Digest out;
    br_sha256_out(&context, out.data());
    return out;
}

bool signature_fits(const Digest& digest, const Signature& signature, const PublicKey& key) noexcept {
    PublicKey point = key;  // BearSSL's structure has a pointer that is not const, and does not write through it
    const br_ec_public_key public_key{.curve = BR_EC_secp256r1, .q = point.data(), .qlen = point.size()};
    return br_ecdsa_i31_vrfy_raw(&br_ec_p256_m31, digest.data(), digest.size(), &public_key, signature.data(),
                                 signature.size()) == 1;
}

bool same_bytes(ByteView a, ByteView b) noexcept {
    if (a.size() != b.size()) return false;
    std::uint8_t difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<std::uint8_t>(a[i] ^ b[i]);
    return difference == 0;
}

}  // namespace basalt
