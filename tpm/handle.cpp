#include "tpm/handle.h"

#include "tpm/tss.h"

namespace basalt::tpm {

void Handle::flush() noexcept {
    // A TPM that is gone, or was reset, holds nothing that could be flushed: the answer does not matter.
    if (context_ != nullptr && handle_ != ESYS_TR_NONE) Esys_FlushContext(context_, handle_);
    context_ = nullptr;
}

}  // namespace basalt::tpm
