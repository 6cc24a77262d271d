// device/firmware/access/pepper.h: the secret that a stolen table of accounts lacks.
#pragma once
#include "device/common/digest.h"
#include "device/common/result.h"

namespace basalt::access {

/// HMAC-SHA256 under a key that stands in no file of the device. On a device: TpmPepper (tpm_pepper.h), whose key never
/// leaves the TPM, so that each guess costs a command on that one TPM.
class Pepper {
  public:
    virtual ~Pepper() = default;
    /// `data`: at most 1024 bytes. Errors: the TPM's. Nobody logs in by password then; button, badge and emergency
    /// access need no pepper.
    virtual Result<Digest> hmac(ByteView data) = 0;
};

}  // namespace basalt::access
