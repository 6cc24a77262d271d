// A firmware that only says what happens to it, as text packets on the dose channel (3): what it was started with, what
// comes from the gateway by the frame channel (4), and each frame channel that boot hands over (5). To the
// screen (6) it says "shown".
#include "device/hal/seqpacket.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <unistd.h>

using namespace basalt;

namespace {
ByteView bytes_of(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }
}  // namespace

int main(int argc, char** argv) {
    hal::Seqpacket dose{hal::Descriptor{3}}, frames{hal::Descriptor{4}}, hand_over{hal::Descriptor{5}},
        screen{hal::Descriptor{6}};
    std::string hello = "firmware";
    for (int i = 1; i < argc; ++i) hello += std::string{" "} + argv[i];
    dose.send(bytes_of(hello));
    screen.send(bytes_of("shown"));
    // What it inherits from boot leaves it neither the system's programs nor its files.
    ::execl("/bin/true", "true", nullptr);
    const int no_program = errno;
    const bool no_file = ::open("/etc/hostname", O_RDONLY | O_CLOEXEC) < 0 && errno == EACCES;
    dose.send(bytes_of(no_program == EACCES && no_file ? "confined" : "free"));
    std::array<std::uint8_t, max_frame_size> buffer{};
    for (;;) {
        const std::array ends{dose.get(), frames.get(), hand_over.get()};
        const auto ready = hal::wait_readable(ends, -1);
        if ((ready & 1U) != 0) return 0;  // the test has nothing to say here but the end
        if ((ready & 2U) != 0) {
            const auto packet = frames.receive(buffer);
            if (packet.arrival == hal::Arrival::frame) {
                dose.send(bytes_of("heard " + std::string{buffer.begin(), buffer.begin() + packet.size}));
            } else {
                frames.close();
                dose.send(bytes_of("frame channel ended"));
            }
        }
        if ((ready & 4U) != 0) {
            auto packet = hand_over.receive_with(buffer);
            if (packet.arrival != hal::Arrival::frame) return 1;
            frames = hal::Seqpacket{std::move(packet.descriptors[0])};
            dose.send(bytes_of("new frame channel"));
        }
    }
}
