// device/boot/boot.h: boot's story: verify, measure, let go of the TPM, launch, report; then look after the gateway.
// Open this file first; main.cpp joins it to its channel.
#pragma once
#include "device/boot/children.h"
#include "device/boot/files.h"
#include "device/common/authority.h"
#include "device/hal/boot_frames.h"
#include "device/hal/port.h"

#include <string_view>

namespace basalt::boot {

/// Where boot's things are. The texts stay the caller's.
struct Places {
    const char* flash = "";  ///< directory
    std::string_view tcti;   ///< of the TPM: "swtpm:path=..." or "device:/dev/tpmrm0"
    const Directory& rom;    ///< holds guardian.img and boot.img
};

class Boot {
  public:
    Boot(const Places& places, const Authority& authority, Children& children, hal::Port& guardian) noexcept
        : places_(places), authority_(authority), children_(children), guardian_(guardian), flash_(places.flash) {}

    /// One frame from the guardian. False: it is none that boot may get now (it is a guardian of another version, or
    /// memory gone wrong), or boot could not give up its rights; then it must end: the guardian sees that and pulls the
    /// reset line.
    /// BootStart is answered by BootReport, once; BootTick by BootDone, before BootStart too.
    bool handle(ByteView frame) noexcept;

  private:
    bool start(const hal::BootStart& start) noexcept;
    hal::BootReport prepare(const hal::BootStart& start, Choice& choice) noexcept;
    Places places_;
    const Authority& authority_;
    Children& children_;
    hal::Port& guardian_;
    Directory flash_;
    bool started_ = false;
};

}  // namespace basalt::boot
