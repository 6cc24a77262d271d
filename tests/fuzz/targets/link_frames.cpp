#include "device/link/frame_channel.h"
#include "tests/fuzz/frames.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    basalt::fuzz::read_frame<basalt::link::LinkFrames>(data, size);
    return 0;
}

std::vector<basalt::fuzz::Input> basalt::fuzz::seeds() { return frame_seeds<link::LinkFrames>(); }
