// tpm/nv_reference.h: libtss2's handle for an NV index, closed by itself. Only one per index may be open at a time:
// libtss2 gives the same handle for the same index, and closing one would close both.
#pragma once
#include "tpm/nv.h"
#include "tpm/tss.h"

namespace basalt::tpm {

class NvReference {
  public:
    /// Errors: missing, or refused when the index is another than `index` says (somebody took it away and made their
    /// own).
    static Result<NvReference> open(ESYS_CONTEXT* context, const Index& index);

    NvReference(NvReference&& from) noexcept : context_{std::exchange(from.context_, nullptr)}, handle_{from.handle_} {}
    NvReference& operator=(NvReference&&) = delete;
    ~NvReference() {
        if (context_ != nullptr) Esys_TR_Close(context_, &handle_);
    }
    ESYS_TR get() const noexcept { return handle_; }
    /// The index is gone from the TPM, and libtss2 has dropped the handle with it.
    void forget() noexcept { context_ = nullptr; }

  private:
    NvReference(ESYS_CONTEXT* context, ESYS_TR handle) noexcept : context_{context}, handle_{handle} {}
    ESYS_CONTEXT* context_;
    ESYS_TR handle_;
};

}  // namespace basalt::tpm
