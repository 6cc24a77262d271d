#include "device/boot/image_hash.h"

#include <openssl/sha.h>

namespace basalt::boot {

Digest image_hash(ByteView bytes) noexcept {
    Digest out{};
    if (::SHA256(bytes.data(), bytes.size(), out.data()) != nullptr) return out;
    return sha256(bytes);
}

}  // namespace basalt::boot
