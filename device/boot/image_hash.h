// device/boot/image_hash.h: SHA-256 for the megabytes of an image. See docs/decisions/0013-who-hashes-the-images.md.
#pragma once
#include "device/common/digest.h"

namespace basalt::boot {

/// SHA-256 of `bytes`, by libcrypto, which uses the processor's own instructions for it; the TPM's layer calls it.
/// Rely on: equal to basalt::sha256() for all bytes.
Digest image_hash(ByteView bytes) noexcept;

}  // namespace basalt::boot
