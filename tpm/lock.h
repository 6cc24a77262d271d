// tpm/lock.h: under what an object or a secret in the TPM's memory is used.
#pragma once
#include "tpm/bytes.h"

#include <optional>

namespace basalt::tpm {

struct Lock {
    /// Without a value: no policy, anyone who reaches the TPM may use it. Only training devices have such keys.
    std::optional<Digest> policy;
};

}  // namespace basalt::tpm
