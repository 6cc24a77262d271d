// The program basalt-guardian: joins the guardian to its channels, and has no rights but to speak through them.
//   fd 3: HAL channel to the board.  argv[1]: the ROM authority file.  Ends when the board ends. Exit status: 0 the
//   board ended; 1 the board does not take what it is told; 2 wrong call; 4 the kernel cannot confine it or tie it to
//   the board, or the ROM file is not readable or no authority.
#include "device/common/sandbox/sandbox.h"
#include "device/guardian/guardian.h"
#include "device/hal/seqpacket.h"

#include <fcntl.h>
#include <string_view>
#include <unistd.h>

namespace {
using namespace basalt;
constexpr int hal_channel = 3;

int say(std::string_view words, int status) noexcept {
    (void)!::write(2, words.data(), words.size());
    (void)!::write(2, "\n", 1);
    return status;
}

std::optional<Authority> authority_in(const char* path) noexcept {
    const hal::Descriptor file{::open(path, O_RDONLY | O_CLOEXEC)};
    std::array<std::uint8_t, max_frame_size> bytes;
    const auto size = ::read(file.get(), bytes.data(), bytes.size());
    if (size <= 0) return std::nullopt;
    return read_authority(ByteView{bytes}.first(static_cast<std::size_t>(size)));
}

struct Channels {
    hal::Seqpacket board, boot, firmware;
};

// Reads one packet from the board, and the two new channels that come with ResetDone. False: the board is gone.
bool hear_board(Channels& to, guardian::Guardian& guardian, std::span<std::uint8_t> buffer) noexcept {
    auto packet = to.board.receive_with(buffer);
    if (packet.arrival == hal::Arrival::ended) return false;
    if (packet.descriptors[1]) {
        to.boot = hal::Seqpacket{static_cast<hal::Descriptor&&>(packet.descriptors[0]), hal::Wait::no};
        to.firmware = hal::Seqpacket{static_cast<hal::Descriptor&&>(packet.descriptors[1]), hal::Wait::no};
    }
    if (packet.arrival == hal::Arrival::frame) guardian.on_board(buffer.first(packet.size));
    return true;
}

template <void (guardian::Guardian::*OnFrame)(ByteView) noexcept, void (guardian::Guardian::*OnEnd)() noexcept>
void hear(hal::Seqpacket& from, guardian::Guardian& guardian, std::span<std::uint8_t> buffer) noexcept {
    const auto packet = from.receive(buffer, hal::Wait::no);
    if (packet.arrival == hal::Arrival::nothing) return;
    // One that is too long has no bytes here: no frame, so it is counted as a bad one.
    if (packet.arrival != hal::Arrival::ended) return (guardian.*OnFrame)(buffer.first(packet.size));
    from.close();
    (guardian.*OnEnd)();
}
}  // namespace

// The table of a class with a virtual destructor names this. Nothing here was ever allocated, so nothing is ever freed;
// and so the program needs no heap and no library but the C library.
// NOLINTBEGIN(cert-dcl54-cpp): there is no operator new to go with them
void operator delete(void*) noexcept { __builtin_trap(); }
void operator delete(void*, std::size_t) noexcept { __builtin_trap(); }
// NOLINTEND(cert-dcl54-cpp)

int main(int argc, char** argv) {
    Authority rom;
    Channels to;
    guardian::Guardian guardian{to.board, to.boot, to.firmware, rom};
    std::array<std::uint8_t, max_frame_size> buffer;

    if (argc != 2) return say("usage: basalt-guardian ROM_AUTHORITY_FILE (started by the board)", 2);
    if (!sandbox::die_with_parent())
        return say(
            "The guardian could not tie itself to the process that started it, or that one has ended, so it does not "
            "start. Start the device anew.",
            4);
    if (!sandbox::close_all_except(std::array{hal_channel}))
        return say("The guardian could not close foreign descriptors.", 4);
    const auto authority = authority_in(argv[1]);
    if (!authority)
        return say("The guardian's ROM authority file is none, or cannot be read. Set the device up again.", 4);
    rom = *authority;
    const auto confined = sandbox::confine({.program = sandbox::Program::guardian, .files = {}});
    if (!confined) return say(in_words(confined.error()), 4);

    to.board = hal::Seqpacket{hal::Descriptor{hal_channel}};
    guardian.start();
    for (;;) {
        const auto waiting = guardian.waiting();
        const bool boot = waiting == guardian::Waiting::boot, firmware = waiting == guardian::Waiting::firmware;
        const std::array ends{to.board.get(), boot ? to.boot.get() : -1, firmware ? to.firmware.get() : -1};
        const auto ready = hal::wait_readable(ends, -1);
        // A wait without an end that ends with nothing has failed, and would fail again: the watchdog is better than a
        // spin.
        if (ready == 0 || guardian.board_lost()) return say("The guardian lost its channel to the board.", 1);
        if ((ready & 1U) != 0 && !hear_board(to, guardian, buffer)) return 0;
        if ((ready & 2U) != 0)
            hear<&guardian::Guardian::on_boot, &guardian::Guardian::on_boot_end>(to.boot, guardian, buffer);
        if ((ready & 4U) != 0)
            hear<&guardian::Guardian::on_firmware, &guardian::Guardian::on_firmware_end>(to.firmware, guardian, buffer);
    }
}
