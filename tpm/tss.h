// tpm/tss.h: what the files of this folder share of libtss2. Included by .cpp files alone, so that nobody above sees
// libtss2.
#pragma once
#include "tpm/bytes.h"
#include "tpm/handle.h"
#include "tpm/result.h"

#include <tss2/tss2_esys.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace basalt::tpm {

struct EsysFree {
    void operator()(void* memory) const noexcept { Esys_Free(memory); }
};
/// What libtss2 allocated for an answer.
template <class T>
using Answer = std::unique_ptr<T, EsysFree>;

/// `out(answer)` where ESAPI wants a T**.
template <class T>
class Out {
  public:
    explicit Out(Answer<T>& answer) noexcept : answer_{answer} {}
    Out(const Out&) = delete;
    Out& operator=(const Out&) = delete;
    ~Out() { answer_.reset(raw_); }
    operator T**() noexcept { return &raw_; }  // NOLINT(google-explicit-constructor): that is its whole purpose

  private:
    Answer<T>& answer_;
    T* raw_ = nullptr;
};
template <class T>
Out<T> out(Answer<T>& answer) noexcept {
    return Out<T>{answer};
}

/// The failure of a TPM command. `what` says in plain words what did not happen, without its full stop; kind and next
/// step follow from `rc`.
std::unexpected<Error> tpm_fail(TSS2_RC rc, std::string what);

/// A TPM's own code without the numbers of the parameter, handle or session that it speaks of.
constexpr TSS2_RC plain_code(TSS2_RC rc) noexcept {
    constexpr TSS2_RC format_one = 0x80;
    return (rc & format_one) != 0 ? (rc & 0xBF) : rc;
}

/// Copies bytes into one of libtss2's sized buffers; false when they do not fit.
template <class Sized>
bool put(Sized& sized, std::uint8_t* buffer, std::size_t capacity, ByteView bytes) noexcept {
    if (bytes.size() > capacity) return false;
    sized.size = static_cast<UINT16>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), buffer);
    return true;
}
template <class Sized>
Sized buffer_of(ByteView bytes) noexcept {
    Sized sized{};
    put(sized, sized.buffer, sizeof(sized.buffer), bytes);
    return sized;
}

/// The public area of an ECDSA P-256 key that is only used to check signatures.
TPM2B_PUBLIC public_area(const Point& point) noexcept;
/// r||s as the TPM takes it, and back.
TPMT_SIGNATURE tpm_signature(const Signature& signature) noexcept;
std::optional<Signature> plain_signature(const TPMT_SIGNATURE& signature) noexcept;
/// 0x000B and the digest.
Name sha256_name(const Digest& digest) noexcept;

}  // namespace basalt::tpm
