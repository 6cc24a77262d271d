// tpm/tpm.h: one connection to a TPM 2.0: swtpm's socket in the simulator, /dev/tpmrm0 on a board. Open this file
// first.
#pragma once
#include "tpm/bytes.h"
#include "tpm/result.h"

#include <cstdint>
#include <span>
#include <string_view>

struct ESYS_CONTEXT;
struct TSS2_TCTI_OPAQUE_CONTEXT_BLOB;

namespace basalt::tpm {

/// A connection. Move-only; the destructor disconnects. One process owns the TPM at a time: swtpm gives
/// a second connection no answer until the first is closed; a chip's /dev/tpm0 opens once, and its /dev/tpmrm0, which
/// many may open, is to be given to the device's programs alone. Rely on: no library is loaded by name and no
/// configuration file is read (libtss2's tctildr and OpenSSL's openssl.cnf would both let a file on disk change what
/// runs). Objects and sessions made through it must end before it does.
class Tpm {
  public:
    /// `where`: "swtpm:path=/run/x/tpm" or "device:/dev/tpmrm0".
    /// Errors: usage (another word), missing (nobody answers there), io.
    static Result<Tpm> connect(std::string_view where);

    Tpm(Tpm&& from) noexcept;
    Tpm& operator=(Tpm&& from) noexcept;
    ~Tpm();

    /// TPM2_Startup(CLEAR). A TPM that was started already stays as it is, and that is no error.
    Result<void> start_up();
    /// TPM2_Shutdown(CLEAR): the orderly end. Not needed for safety: a power cut loses nothing that was answered.
    Result<void> shut_down();
    /// Fills `out` from the TPM's random number generator.
    Result<void> random(std::span<std::uint8_t> out);
    /// Times that this TPM was reset in its life; rises at every start, clean or not. Not reset by a reconnect.
    Result<std::uint32_t> reset_count();

    /// For the files of this folder.
    ESYS_CONTEXT* context() const noexcept { return context_; }

  private:
    Tpm(TSS2_TCTI_OPAQUE_CONTEXT_BLOB* tcti, ESYS_CONTEXT* context) noexcept : tcti_{tcti}, context_{context} {}
    void close() noexcept;
    TSS2_TCTI_OPAQUE_CONTEXT_BLOB* tcti_ = nullptr;
    ESYS_CONTEXT* context_ = nullptr;
};

}  // namespace basalt::tpm
