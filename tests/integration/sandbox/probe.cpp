// basalt-sandbox-probe PROGRAM OWN_FOLDER ACT TARGET: confines itself as PROGRAM ("none": not at all) with OWN_FOLDER
// granted as that program has it, then tries ACT on TARGET. Exit status: 0 the act was refused; 1 it succeeded; 2 wrong
// call; 4 not confined. Killed by SIGSYS: refused, too.
#include "device/common/sandbox/sandbox.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <unistd.h>

namespace {
using namespace basalt::sandbox;

bool done(long result) { return result >= 0; }

bool connect_unix(const char* path, bool abstract) {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::strncpy(to.sun_path + (abstract ? 1 : 0), path, sizeof to.sun_path - 2);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    const auto size = offsetof(sockaddr_un, sun_path) + std::strlen(path) + 1;
    return fd >= 0 && done(::connect(fd, reinterpret_cast<sockaddr*>(&to), static_cast<socklen_t>(size)));
}
int inet_socket(int kind) { return ::socket(AF_INET, kind, 0); }
sockaddr_in at_port(const char* port) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return to;
}

// Two ends of one channel, as a device program inherits them.
constexpr int near_end = 20, far_end = 21;
bool open_channel() {
    int ends[2];
    return ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && ::dup2(ends[0], near_end) == near_end &&
           ::dup2(ends[1], far_end) == far_end;
}

struct Act {
    std::string_view name;
    bool (*try_it)(const char* target);
};
constexpr std::array acts{
    Act{"truncate", [](const char* t) { return done(::truncate(t, 0)); }},
    Act{"open-to-truncate", [](const char* t) { return done(::open(t, O_WRONLY | O_TRUNC)); }},
    Act{"open-to-read", [](const char* t) { return done(::open(t, O_RDONLY)); }},
    Act{"unlink", [](const char* t) { return done(::unlinkat(AT_FDCWD, t, 0)); }},
    Act{"connect-to-path-socket", [](const char* t) { return connect_unix(t, false); }},
    Act{"connect-to-abstract-socket", [](const char* t) { return connect_unix(t, true); }},
    Act{"send-to-path-socket",
        [](const char* t) {  // without connect()
            sockaddr_un to{};
            to.sun_family = AF_UNIX;
            std::strncpy(to.sun_path, t, sizeof to.sun_path - 1);
            const int fd = ::socket(AF_UNIX, SOCK_DGRAM, 0);
            return fd >= 0 && done(::sendto(fd, "x", 1, 0, reinterpret_cast<sockaddr*>(&to), sizeof to));
        }},
    Act{"signal", [](const char* t) { return done(::kill(std::atoi(t), SIGUSR1)); }},
    Act{"signal-thread",
        [](const char* t) { return done(::syscall(SYS_tgkill, std::atoi(t), std::atoi(t), SIGUSR1)); }},
    Act{"signal-by-pidfd",
        [](const char* t) {
            const auto fd = ::syscall(SYS_pidfd_open, std::atoi(t), 0);
            return fd >= 0 && done(::syscall(SYS_pidfd_send_signal, fd, SIGUSR1, nullptr, 0));
        }},
    Act{"raise-through-a-descriptor",
        [](const char* t) {  // the kernel then sends the signal, so that nobody here calls kill()
            return done(::fcntl(near_end, F_SETOWN, std::atoi(t))) && done(::fcntl(near_end, F_SETFL, O_ASYNC)) &&
                   done(::send(far_end, "x", 1, 0));
        }},
    Act{"block-a-neighbours-descriptor", [](const char*) { return done(::fcntl(near_end, F_SETFL, O_NONBLOCK)); }},
    Act{"limit-another",
        [](const char* t) {
            const rlimit none{0, 0};
            return done(::prlimit(std::atoi(t), RLIMIT_NOFILE, &none, nullptr));
        }},
    Act{"read-limits-of-another",
        [](const char* t) {
            rlimit of_it{};
            return done(::prlimit(std::atoi(t), RLIMIT_NOFILE, nullptr, &of_it));
        }},
    Act{"change-mode", [](const char* t) { return done(::chmod(t, 0604)); }},
    Act{"change-mode-beside", [](const char* t) { return done(::syscall(SYS_fchmodat, AT_FDCWD, t, 0604)); }},
    Act{"change-mode-of-a-descriptor", [](const char*) { return done(::fchmod(near_end, 0604)); }},
    Act{"change-times", [](const char* t) { return done(::utimensat(AT_FDCWD, t, nullptr, 0)); }},
    Act{"look-at",
        [](const char* t) {
            struct stat about{};
            return done(::stat(t, &about));
        }},
    Act{"open-its-name-alone", [](const char* t) { return done(::open(t, O_PATH)); }},
    Act{"trace", [](const char* t) { return done(::ptrace(PTRACE_ATTACH, std::atoi(t), nullptr, nullptr)); }},
    Act{"execute",
        [](const char* t) {
            const char* const arguments[] = {"touch", t, nullptr};
            return done(::execv("/usr/bin/touch", const_cast<char* const*>(arguments)));
        }},
    Act{"connect-over-tcp",
        [](const char* t) {
            const int fd = inet_socket(SOCK_STREAM);
            const auto to = at_port(t);
            return fd >= 0 && done(::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to));
        }},
    Act{"send-over-udp",
        [](const char* t) {
            const int fd = inet_socket(SOCK_DGRAM);
            const auto to = at_port(t);
            return fd >= 0 && done(::sendto(fd, "x", 1, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to));
        }},
    Act{"listen-over-tcp",
        [](const char*) {
            const int fd = inet_socket(SOCK_STREAM);
            const auto to = at_port("0");
            return fd >= 0 && done(::bind(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to));
        }},
    Act{"make-code",
        [](const char*) {
            return ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
                   MAP_FAILED;
        }},
    Act{"use-io-uring",
        [](const char*) {
            std::array<char, 256> parameters{};
            return done(::syscall(SYS_io_uring_setup, 4, parameters.data()));
        }},
    Act{"gain-a-namespace", [](const char*) { return done(::syscall(SYS_unshare, 0x1000'0000)); }},
};

std::optional<Program> program_named(std::string_view name) {
    if (name == "guardian") return Program::guardian;
    if (name == "boot") return Program::boot;
    if (name == "boot_launched") return Program::boot_launched;
    if (name == "firmware") return Program::firmware;
    if (name == "gateway") return Program::gateway;
    return std::nullopt;
}
}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) return 2;
    if (!open_channel()) return 2;
    const auto program = program_named(argv[1]);
    const std::array files{FileGrant{argv[2], FileRights::read_write}};
    const bool has_files =
        program == Program::boot || program == Program::boot_launched || program == Program::firmware;
    if (program) {
        const auto granted = has_files ? std::span<const FileGrant>{files} : std::span<const FileGrant>{};
        // Boot's second layer lies on its first, always.
        if (program == Program::boot_launched && !confine({Program::boot, granted})) return 4;
        if (!confine({*program, granted})) return 4;
    } else if (std::string_view{argv[1]} != "none")
        return 2;
    for (const Act& act : acts)
        if (act.name == argv[3]) ::_exit(act.try_it(argv[4]) ? 1 : 0);
    return 2;
}
