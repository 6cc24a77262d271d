// The program basalt-boot. fd 3: boot channel to the guardian; fd 4: dose channel, and fd 5: screen channel, only to
// hand on; fd 6, where the device has a network: its listening socket, only to hand on.
//   argv: flash directory, TPM ("swtpm:path=..." or "device:/dev/tpmrm0"), ROM authority file (guardian.img and
//   boot.img stand beside it). Ends when the guardian ends, and its children with it.
// Exit status: 0 the guardian ended; 1 it said something that boot does not know, or boot could not confine itself
// again
//   after the launch; 2 wrong call; 3 the ROM authority is none;
//   4 the kernel cannot confine it, or tie it to the board.
#include "device/boot/boot.h"
#include "device/boot/rom.h"
#include "device/boot/say.h"
#include "device/common/sandbox/sandbox.h"
#include "device/hal/seqpacket.h"

#include <array>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

namespace {
using namespace basalt;

constexpr int boot_channel = 3, dose_channel = 4, screen_channel = 5, listener = 6;

int say(std::string_view words, int status) noexcept {
    (void)!::write(2, words.data(), words.size());
    (void)!::write(2, "\n", 1);
    return status;
}

/// What boot, and by inheritance everything that it starts, may reach of the file system.
std::expected<void, sandbox::Failure> confine(const char* flash, const char* rom, std::string_view tcti) noexcept {
    constexpr std::string_view chip = "device:";
    std::array<sandbox::FileGrant, 3> grants{
        {{flash, sandbox::FileRights::read_write}, {rom, sandbox::FileRights::read}, {}}};
    std::size_t count = 2;
    if (tcti.starts_with(chip)) grants[count++] = {tcti.data() + chip.size(), sandbox::FileRights::read_write};
    return sandbox::confine({.program = sandbox::Program::boot, .files = std::span{grants}.first(count)});
}

}  // namespace

int main(int argc, char** argv) {
    constexpr std::array given{boot_channel, dose_channel, screen_channel, listener};
    if (argc != 4) return say("basalt-boot: is started by the board, with three arguments.", 2);
    if (!sandbox::die_with_parent())
        return say(
            "basalt-boot: it could not tie itself to the process that started it, or that one has ended, so it does "
            "not start. Start the device anew.",
            4);
    if (!sandbox::close_all_except(given)) return say("basalt-boot: could not close foreign descriptors.", 4);
    const bool listens = ::fcntl(listener, F_GETFD) >= 0;
    const char* const flash = argv[1];
    char* const rom = argv[3];
    char* const slash = std::strrchr(rom, '/');
    if (slash == nullptr) return say("basalt-boot: the authority file needs its directory in front.", 2);
    *slash = '\0';  // from here on `rom` is the directory, and what follows it the file's name

    if (const auto confined = confine(flash, rom, argv[2]); !confined)
        return say(sandbox::in_words(confined.error()), 4);

    const boot::Directory rom_directory{rom};
    const auto file = rom_directory.read(slash + 1, max_frame_size);
    const auto authority = file ? read_authority(file->view()) : std::nullopt;
    if (!authority) {
        boot::say({"The ROM's authority file was refused: ",
                   file ? std::string_view{"it is none for this model and variant"} : in_words(file.error()),
                   ". Nothing can be trusted, so nothing is started. Set the device up again."});
        return 3;
    }

    hal::Seqpacket guardian{hal::Descriptor{boot_channel}};
    boot::Children children{{.flash = flash,
                             .tcti = argv[2],
                             .dose = hal::Descriptor{dose_channel},
                             .screen = hal::Descriptor{screen_channel},
                             .listener = hal::Descriptor{listens ? listener : -1}}};
    boot::Boot self{{.flash = flash, .tcti = argv[2], .rom = rom_directory}, *authority, children, guardian};
    std::array<std::uint8_t, max_frame_size> buffer;
    for (;;) {
        const auto packet = guardian.receive(buffer);
        if (packet.arrival == hal::Arrival::ended) return 0;
        if (!self.handle(std::span{buffer}.first(packet.size)))
            return say("basalt-boot: cannot go on: an unknown frame, or rights that stayed.", 1);
    }
}
