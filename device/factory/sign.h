// device/factory/sign.h: makes a signed file (docs/formats/signed-file.md).
#pragma once
#include "device/common/signed_file.h"
#include "device/factory/p256_key.h"

#include <vector>

namespace basalt::factory {

/// Header, signature, payload. `header` says all but the payload's size and digest, which are filled in here.
Result<std::vector<std::uint8_t>> make_signed_file(SignedHeader header, ByteView payload, const P256Key& key);

}  // namespace basalt::factory
