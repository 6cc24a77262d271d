// A gateway that says "gateway" into both its channels, frame (3) and radio (4), and waits for the end of the first.
#include "device/hal/seqpacket.h"

#include <array>
#include <string_view>

using namespace basalt;

int main() {
    constexpr std::string_view word = "gateway";
    const ByteView bytes{reinterpret_cast<const std::uint8_t*>(word.data()), word.size()};
    hal::Seqpacket frames{hal::Descriptor{3}}, radio{hal::Descriptor{4}};
    frames.send(bytes);
    radio.send(bytes);
    std::array<std::uint8_t, max_frame_size> buffer{};
    while (frames.receive(buffer).arrival == hal::Arrival::frame) {
    }
    return 0;
}
