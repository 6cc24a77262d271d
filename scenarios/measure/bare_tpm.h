// scenarios/measure/bare_tpm.h: TPM commands as bare bytes on swtpm's socket: no library, no context, no name that is
// checked, no answer that is looked at but for its code. What is left of a TPM command when nothing stands around it.
#pragma once
#include "device/common/digest.h"
#include "device/hal/seqpacket.h"
#include "tpm/result.h"

#include <string>

namespace basalt::measure {

class BareTpm {
  public:
    /// `socket`: swtpm's own. One client at a time.
    static Result<BareTpm> connect(const std::string& socket);
    // Each is false when the TPM refused it. Authorisations are empty passwords.
    bool start_up();
    bool extend(std::uint32_t pcr, const Digest& digest);
    bool read_counter(std::uint32_t index);
    bool increment(std::uint32_t index);  ///< a platform counter
    bool close_platform();

  private:
    explicit BareTpm(hal::Descriptor socket) : socket_(std::move(socket)) {}
    bool run(std::uint32_t code, std::initializer_list<std::uint32_t> handles, bool authorised, ByteView parameters);
    hal::Descriptor socket_;
};

}  // namespace basalt::measure
