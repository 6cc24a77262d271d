#include "device/hal/boot_frames.h"

#include "tests/fuzz/frames.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    basalt::fuzz::read_frame<basalt::hal::BootFrames>(data, size);
    return 0;
}

std::vector<basalt::fuzz::Input> basalt::fuzz::seeds() { return frame_seeds<hal::BootFrames>(); }
