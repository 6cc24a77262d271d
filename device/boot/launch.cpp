#include "device/boot/launch.h"

#include <linux/close_range.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#include <utility>

#ifndef MFD_EXEC  // Linux 6.3; before, every memory file may be executed
#define MFD_EXEC 0x0010U
#endif

namespace basalt::boot {
namespace {

constexpr std::array<std::string_view, 4> words{
    "its contents are not those of an image",
    "there is not enough memory or too many files are open",
    "no process could be made",
    "the new process could not be turned into the program",
};

constexpr int first_part = 64;  // lowest descriptor for parts: 3, 4, 5 ... are for what a program is given
constexpr int first_given = 3;
constexpr unsigned all_seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

hal::Descriptor sealed_file(const char* name, ByteView bytes) noexcept {
    int made = ::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
    if (made < 0 && errno == EINVAL) made = ::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    const hal::Descriptor low{made};
    if (!low) return {};
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t n = ::write(low.get(), bytes.data() + at, bytes.size() - at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return {};
        at += static_cast<std::size_t>(n);
    }
    if (::fcntl(low.get(), F_ADD_SEALS, all_seals) != 0) return {};
    return hal::Descriptor{::fcntl(low.get(), F_DUPFD_CLOEXEC, first_part)};
}

/// "/proc/self/fd/N", without a heap: it is written in the new process between fork and exec.
char* write_path(char* at, int fd) noexcept {
    constexpr std::string_view folder = "/proc/self/fd/";
    std::memcpy(at, folder.data(), folder.size());
    return std::to_chars(at + folder.size(), at + folder.size() + 11, fd).ptr;
}

constexpr std::size_t path_size = 26;  // "/proc/self/fd/", ten digits, and what follows

/// What execveat() is told. Lives on the new process's stack.
struct Command {
    std::array<char, path_size> program{};
    std::array<char, path_size * max_parts> preload{};
    std::array<const char*, max_arguments + 10> argv{};
    int file = -1;

    Command(const SealedImage& image, const LaunchPlan& plan) noexcept {
        std::size_t n = 0;
        if (image.has_loader()) {
            file = image.part(1);
            *write_path(program.data(), image.part(0)) = '\0';
            char* at = preload.data();
            for (std::size_t i = 2; i < image.count(); ++i) {
                at = write_path(at, image.part(i));
                *at++ = i + 1 < image.count() ? ':' : '\0';
            }
            for (const char* word : {"ld.so", "--inhibit-cache", "--argv0", plan.name}) argv[n++] = word;
            if (image.count() > 2)
                for (const char* word : {"--preload", static_cast<const char*>(preload.data())}) argv[n++] = word;
            argv[n++] = program.data();
        } else {
            file = image.part(0);
            argv[n++] = plan.name;
        }
        for (const char* argument : plan.arguments) argv[n++] = argument;
        argv[n] = nullptr;
    }
};

/// Puts the given descriptors at 3, 4, 5 ..., nothing at 0 and 1, and marks all others to be closed by the exec.
/// First every one of them goes above all targets: a source may stand where another is to go.
bool arrange_descriptors(const SealedImage& image, const LaunchPlan& plan, int report) noexcept {
    const int nothing = ::memfd_create("nothing", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (nothing < 0 || ::fcntl(nothing, F_ADD_SEALS, all_seals) != 0) return false;
    const int high_nothing = ::fcntl(nothing, F_DUPFD_CLOEXEC, first_part);
    std::array<int, max_given> high{};
    for (std::size_t i = 0; i < plan.given.size(); ++i) {
        high[i] = ::fcntl(plan.given[i], F_DUPFD_CLOEXEC, first_part);
        if (high[i] < 0) return false;
    }
    if (plan.standard_error != 2 && ::dup2(plan.standard_error, 2) < 0) return false;
    // From here on nothing that is still needed lies below first_part, except standard error and `report`.
    if (report < first_part) return false;
    if (::close_range(first_given, ~0U, CLOSE_RANGE_CLOEXEC) != 0) return false;
    if (::dup2(high_nothing, 0) < 0 || ::dup2(high_nothing, 1) < 0) return false;
    for (std::size_t i = 0; i < plan.given.size(); ++i)
        if (::dup2(high[i], first_given + static_cast<int>(i)) < 0) return false;
    // The loader opens the program and the libraries after the exec; the loader itself, and a static program, is held
    // by the kernel.
    if (!image.has_loader()) return true;
    for (std::size_t i = 0; i < image.count(); ++i)
        if (i != 1 && ::fcntl(image.part(i), F_SETFD, 0) != 0) return false;
    return true;
}

void forget_signals() noexcept {
    for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD, SIGUSR1, SIGUSR2})
        ::signal(signal, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// The new process. Only async-signal-safe calls: the parent may have threads.
[[noreturn]] void become(const SealedImage& image, const LaunchPlan& plan, pid_t parent, int report) noexcept {
    // A parent that died before this line cannot be asked to take the child with it: then getppid() is somebody else.
    const bool bound = ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::getppid() == parent;
    const bool apart = !plan.own_group || ::setpgid(0, 0) == 0;
    if (bound && apart && arrange_descriptors(image, plan, report)) {
        forget_signals();
        Command command{image, plan};
        static constexpr std::array<char*, 1> no_environment{nullptr};
        ::execveat(command.file, "", const_cast<char* const*>(command.argv.data()), no_environment.data(),
                   AT_EMPTY_PATH);
    }
    const std::uint8_t failed = 1;
    (void)!::write(report, &failed, 1);
    ::_exit(127);
}

}  // namespace

std::string_view in_words(LaunchFault fault) noexcept { return words[std::to_underlying(fault)]; }

std::expected<SealedImage, LaunchFault> SealedImage::make(ByteView payload) noexcept {
    const auto parts = read_image(payload);
    if (!parts) return std::unexpected{LaunchFault::malformed};
    SealedImage image;
    for (const Part& part : parts->all()) {
        std::array<char, max_part_name + 1> name{};
        part.name.copy(name.data(), max_part_name);
        hal::Descriptor file = sealed_file(name.data(), part.bytes);
        if (!file) return std::unexpected{LaunchFault::no_memory};
        image.parts_[image.count_++] = std::move(file);
    }
    return image;
}

std::expected<pid_t, LaunchFault> launch(const SealedImage& image, const LaunchPlan& plan) noexcept {
    if (plan.arguments.size() > max_arguments || plan.given.size() > max_given)
        return std::unexpected{LaunchFault::not_executable};

    // The exec closes the child's end; a byte in it says that there was none.
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return std::unexpected{LaunchFault::no_process};
    const hal::Descriptor reading{pipe[0]};
    hal::Descriptor low_writing{pipe[1]};
    hal::Descriptor writing{::fcntl(low_writing.get(), F_DUPFD_CLOEXEC, first_part)};
    low_writing = {};
    if (!writing) return std::unexpected{LaunchFault::no_memory};

    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) return std::unexpected{LaunchFault::no_process};
    if (child == 0) become(image, plan, parent, writing.get());
    writing = {};

    std::uint8_t failed = 0;
    ssize_t n = 0;
    do n = ::read(reading.get(), &failed, 1);
    while (n < 0 && errno == EINTR);
    if (n == 0) return child;
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    return std::unexpected{LaunchFault::not_executable};
}

}  // namespace basalt::boot
