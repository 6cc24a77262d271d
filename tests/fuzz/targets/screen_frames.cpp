#include "device/hal/screen_frames.h"

#include "tests/fuzz/frames.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    basalt::fuzz::read_frame<basalt::hal::ScreenFrames>(data, size);
    return 0;
}

std::vector<basalt::fuzz::Input> basalt::fuzz::seeds() { return frame_seeds<hal::ScreenFrames>(); }
