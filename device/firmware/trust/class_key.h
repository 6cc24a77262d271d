// device/firmware/trust/class_key.h: how the key of a class of data is made from its three parts. The factory needs it
// once, the firmware at each start.
#pragma once
#include "device/common/result.h"
#include "device/common/secret.h"
#include "tpm/layout.h"

namespace basalt::firmware {

/// HKDF-SHA256(sealed half || NV half || share; no salt; info: "basalt key 1 " and the class's name). Each of the three
/// parts is 32 bytes, so their concatenation has one meaning.
/// Errors: missing: OpenSSL has no HKDF.
Result<Secret> class_key(const Secret& sealed_half, const Secret& nv_half, const Secret& share, tpm::KeyUse use);

}  // namespace basalt::firmware
