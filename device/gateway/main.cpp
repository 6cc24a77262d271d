// basalt-gateway: fd 3 is the frame channel to the firmware, fd 4 the radio channel to the network. No file, no other
// socket. Ends when one of its two neighbours ends; boot then starts it again.
#include "device/common/sandbox/sandbox.h"
#include "device/gateway/gateway.h"
#include "device/hal/seqpacket.h"

#include <cstdio>

namespace {
using namespace basalt;
constexpr int frame_channel = 3, radio_channel = 4;
constexpr int lacking = 4;

int end(std::string_view words) {
    std::fprintf(stderr, "gateway: %.*s\n", static_cast<int>(words.size()), words.data());
    return lacking;
}

/// Passes on what has arrived at one end. False when that end is gone.
template <class Forward>
bool pass_on(hal::Seqpacket& from, Forward forward) {
    std::array<std::uint8_t, max_frame_size> buffer;
    // A bounded number, so that a flood at one end does not keep the other from being heard.
    for (int i = 0; i < link::frames_a_tick; ++i) {
        const auto received = from.receive(buffer, hal::Wait::no);
        if (received.arrival == hal::Arrival::nothing) return true;
        if (received.arrival == hal::Arrival::ended) return false;
        forward(received.arrival == hal::Arrival::frame ? ByteView{buffer}.first(received.size) : ByteView{});
    }
    return true;
}
}  // namespace

int main() {
    if (!sandbox::die_with_parent())
        return end(
            "It could not tie itself to the process that started it, or that one has ended, so it does not start. Boot "
            "starts it again.");
    const std::array keep{frame_channel, radio_channel};
    if (!sandbox::close_all_except(keep))
        return end("The kernel cannot close inherited descriptors, so the gateway does not start. Use a newer kernel.");
    if (const auto confined = sandbox::confine({.program = sandbox::Program::gateway, .files = {}}); !confined)
        return end(sandbox::in_words(confined.error()));

    // Neither neighbour can make the gateway wait: what one does not take is dropped and counted.
    hal::Seqpacket firmware{hal::Descriptor{frame_channel}, hal::Wait::no};
    hal::Seqpacket radio{hal::Descriptor{radio_channel}, hal::Wait::no};
    gateway::Gateway gateway{firmware, radio};
    const std::array ends{firmware.get(), radio.get()};
    while (true) {
        const auto ready = hal::wait_readable(ends, -1);
        if (ready == 0) return end("Waiting for its channels failed, so the gateway ends. Boot starts it again.");
        if ((ready & 1U) != 0 && !pass_on(firmware, [&](ByteView frame) { gateway.on_firmware(frame); })) return 0;
        if ((ready & 2U) != 0 && !pass_on(radio, [&](ByteView frame) { gateway.on_radio(frame); })) return 0;
    }
}
