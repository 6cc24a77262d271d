// tests/unit/bench/stand_in.cpp: small programs in the place of the device's. The first word says which:
//   guardian   speaks HAL frames on descriptor 3: reads memory, pulls the reset line, gives 50 mU in each tick
//   writes-first   a guardian that writes its memory before all else and then waits for an answer
//   frantic    a guardian that ends at once
//   ponders    a guardian that takes a tenth of a second before it says anything in a tick
//   deaf       a guardian that starts and then answers no tick
//   waits-boot, waits-firmware   a guardian whose ticks end only by the SlotClosed of that side
//   boot       starts "firmware" and "gateway" below it and waits
//   shouts     writes megabytes of escape sequences to standard error, whether they are taken or not, and ends
//   shouts-and-waits   the same, and has its writes wait until they are taken
//   shouts-for-ever    never ends
//   firmware, gateway   wait for ever
//   simulator  makes a run directory, starts a "boot", says both on standard output, waits for ever
#include "device/hal/seqpacket.h"
#include "scenarios/bench/board.h"
#include "scenarios/bench/run_directory.h"

#include <sys/prctl.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <variant>

namespace {
using namespace basalt;

void wait_for_ever() {
    for (;;) ::pause();
}

pid_t start(const char* self, const char* role) {
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) {
        // A parent that was killed before the first call is told of by the second.
        if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent) ::_exit(6);
        ::dup2(::open("/dev/null", O_WRONLY), 3);  // whom nobody listens to
        ::execl(self, self, role, (std::string{"basalt-"} + role).c_str(),
                nullptr);  // the name that boot would give it
        ::_exit(127);
    }
    return pid;
}

int guardian(std::optional<hal::Side> waits_for, bool deaf = false, int ponders_ms = 0) {
    hal::Seqpacket board{hal::Descriptor{3}};
    std::array<std::uint8_t, max_frame_size> buffer;
    Tick tick;
    (void)board.send(hal::BoardFrames::encode(hal::MemoryRead{0, 16}).view());
    const auto finish = [&] { (void)board.send(hal::BoardFrames::encode(hal::Done{tick, tick + 60}).view()); };
    for (;;) {
        const auto in = board.receive(buffer);
        if (in.arrival != hal::Arrival::frame) return 0;
        const auto frame = hal::BoardFrames::decode(ByteView{buffer}.first(in.size));
        if (!frame) return 2;
        if (std::holds_alternative<hal::MemoryData>(*frame)) {
            (void)board.send(hal::BoardFrames::encode(hal::PullReset{}).view());
            (void)board.send(hal::BoardFrames::encode(hal::Signals{}).view());
        }
        if (const auto* now = std::get_if<hal::TickFrame>(&*frame)) {
            (void)::poll(nullptr, 0, ponders_ms);
            tick = now->tick;
            hal::MemoryWrite write;
            const std::uint8_t mark = static_cast<std::uint8_t>(tick.seconds);
            (void)write.data.assign(ByteView{&mark, 1});
            (void)board.send(hal::BoardFrames::encode(write).view());
            (void)board.send(hal::BoardFrames::encode(hal::MotorMove{now->motor + MilliUnits{50}}).view());
            if (!waits_for && !deaf) finish();
        }
        const auto* closed = std::get_if<hal::SlotClosed>(&*frame);
        if (closed != nullptr && closed->side == waits_for) finish();
    }
}

void shout(bool for_ever) {
    const std::string words = "\x1b[2J\x1b]0;owned\x07 guardian: all is well \x1b[8m\r\n";
    for (std::size_t said = 0; for_ever || said < 4'000'000; said += words.size())
        (void)!::write(2, words.data(), words.size());
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view role = argc > 1 ? argv[1] : "";
    if (role == "guardian") return guardian({});
    if (role == "ponders") return guardian({}, false, 100);
    if (role == "deaf") return guardian({}, true);
    if (role == "waits-boot") return guardian(hal::Side::boot);
    if (role == "waits-firmware") return guardian(hal::Side::firmware);
    if (role == "frantic") return 3;
    if (role == "writes-first") {
        const std::uint8_t mark = 1;
        hal::MemoryWrite write;
        (void)write.data.assign(ByteView{&mark, 1});
        hal::Seqpacket board{hal::Descriptor{3}};
        (void)board.send(hal::BoardFrames::encode(write).view());
        std::array<std::uint8_t, max_frame_size> buffer;
        (void)board.receive(buffer);
    }
    if (role == "boot") {
        start(argv[0], "firmware");
        start(argv[0], "gateway");
        const char ready = 'r';
        if (::write(3, &ready, 1) != 1) return 5;
    }
    if (role == "shouts-and-waits" && ::fcntl(2, F_SETFL, 0) != 0) return 7;
    if (role.starts_with("shouts")) {
        shout(role == "shouts-for-ever");
        return 0;
    }
    if (role == "simulator") {
        auto run = basalt::bench::RunDirectory::make();
        if (!run) return 4;
        const pid_t boot = start(argv[0], "boot");
        std::printf("%s\n%d\n", run->path().c_str(), boot);
        std::fflush(stdout);
        wait_for_ever();
    }
    wait_for_ever();
}
