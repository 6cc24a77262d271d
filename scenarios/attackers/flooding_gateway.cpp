// A gateway in the attacker's hands. It floods the firmware's frame channel with true requests, damaged, huge and
// reordered frames, as fast as the channel takes them, and reads nothing of what comes back: whoever waits for it waits
// for ever. fd 3: frame channel; fd 4: radio channel (not looked at).
#include "device/hal/seqpacket.h"
#include "device/link/frame_channel.h"

#include <array>
#include <random>

int main() {
    using namespace basalt;
    hal::Seqpacket firmware{hal::Descriptor{3}, hal::Wait::yes};
    std::mt19937_64 rng{1};
    std::array<std::uint8_t, max_frame_size> noise{};
    for (std::uint32_t number = 0;; ++number) {
        link::Request request{
            .id = number ^ 1U, .operation = static_cast<link::Operation>(1 + number % 4), .argument = {}};
        const std::array<std::uint8_t, 8> from_row_one{1};
        request.argument.assign(from_row_one);
        auto frame = link::LinkFrames::encode(request);
        switch (number % 5) {
            case 0:
            case 1:
                break;
            case 2:
                frame.data[rng() % frame.size] ^= static_cast<std::uint8_t>(1 + rng() % 255);
                break;
            case 3:
                frame.size = rng() % frame.size + 1;
                break;
            case 4:
                for (auto& byte : noise) byte = static_cast<std::uint8_t>(rng());
                if (!firmware.send(noise)) return 0;
                continue;
        }
        if (!firmware.send(frame.view())) return 0;
    }
}
