// A gateway in the attacker's hands. It floods the firmware's frame channel with true frames of every kind that a
// gateway may send, questions in the clear, damaged, huge and shortened ones, as fast as the channel takes them, and
// reads nothing of what comes back: whoever waits for it waits for ever. fd 3: frame channel; fd 4: the listening
// socket (not looked at).
#include "device/hal/screen_frames.h"
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
        EncodedFrame frame;
        switch (rng() % 5) {
            case 0:
                frame = link::LinkFrames::encode(link::Hello{.session = number, .body = {}});
                break;
            case 1:
                frame = link::LinkFrames::encode(link::SealedIn{.session = number, .body = {}});
                break;
            case 2:
                frame = link::LinkFrames::encode(link::Certify{});
                break;
            case 3:
                frame = link::LinkFrames::encode(link::NetworkRefusal{.reason = 0, .count = number});
                break;
            case 4:
                frame = hal::ScreenFrames::encode(hal::ScreenRequest{.id = number});
                break;
        }
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
