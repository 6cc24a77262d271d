#include "scenarios/bench/processes.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <poll.h>
#include <string_view>
#include <unistd.h>

namespace basalt::bench {
namespace {

constexpr int patience_ms = 10'000;  // a process in the middle of a disk write dies when the write is over

// glibc 2.36 declares these two for C alone.
int open_pidfd(pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)); }
long send_signal(int pidfd, int signal) { return ::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0U); }

struct Stat {
    char state = '?';
    pid_t parent = -1;
};

// The second field of /proc/N/stat is the program's name in brackets and may itself hold brackets and spaces.
std::optional<Stat> stat_of(const std::string& file) {
    // A process that ends between open and read makes the read fail: read() says so, where a stream's iterator throws.
    std::ifstream in{file};
    std::string line(512, '\0');  // what is wanted stands in the first 100 bytes
    in.read(line.data(), static_cast<std::streamsize>(line.size()));
    line.resize(static_cast<std::size_t>(in.gcount()));
    const auto name_end = line.rfind(')');
    if (name_end == std::string::npos || name_end + 4 >= line.size()) return std::nullopt;
    Stat stat;
    stat.state = line[name_end + 2];
    const char* from = line.data() + name_end + 4;
    if (std::from_chars(from, line.data() + line.size(), stat.parent).ec != std::errc{}) return std::nullopt;
    return stat;
}

std::vector<pid_t> numbers_in(const std::string& directory) {
    std::vector<pid_t> numbers;
    std::error_code error;
    for (std::filesystem::directory_iterator at{directory, error}, end; !error && at != end; at.increment(error)) {
        const std::string name = at->path().filename().string();
        pid_t number = 0;
        const auto [rest, bad] = std::from_chars(name.data(), name.data() + name.size(), number);
        if (bad == std::errc{} && rest == name.data() + name.size()) numbers.push_back(number);
    }
    std::ranges::sort(numbers);
    return numbers;
}

bool every_thread_stands(pid_t pid) {
    const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
    for (const pid_t thread : numbers_in(tasks)) {
        const auto stat = stat_of(tasks + "/" + std::to_string(thread) + "/stat");
        if (stat && stat->state != 'T' && stat->state != 't' && stat->state != 'Z' && stat->state != 'X') return false;
    }
    return true;
}

}  // namespace

Result<void> adopt_orphans() {
    if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
        return fail(ErrorCode::missing, "This kernel does not let the simulator look after the device's processes.",
                    "Use Linux 5.10 or newer.");
    return {};
}

Result<Process> Process::hold(pid_t pid) {
    Process process;
    process.pidfd_ = hal::Descriptor{open_pidfd(pid)};
    if (!process.pidfd_)
        return fail(errno == ENOSYS ? ErrorCode::missing : ErrorCode::check_failed,
                    errno == ENOSYS ? "This kernel has no process descriptors (pidfd_open)."
                                    : "A program of the device ended before the board could take hold of it.",
                    errno == ENOSYS ? "Use Linux 5.10 or newer." : "Look at the messages above for its reason.");
    process.pid_ = pid;
    return process;
}

bool Process::alive() const noexcept {
    if (!pidfd_) return false;
    pollfd event{pidfd_.get(), POLLIN, 0};
    return ::poll(&event, 1, 0) == 0;
}

Result<void> Process::wait_gone() {
    pollfd event{pidfd_.get(), POLLIN, 0};
    int got = 0;
    do {
        got = ::poll(&event, 1, patience_ms);
    } while (got < 0 && errno == EINTR);
    if (got == 0)
        return fail(ErrorCode::io, "A killed program of the device did not end within ten seconds.",
                    "The disk may be very slow or gone; look at the system's own log.");
    // Reaps it where it is a child of ours, or became one when its parent died; else its parent does.
    (void)::waitpid(pid_, nullptr, WNOHANG);
    return {};
}

Result<void> Process::kill() {
    if (!pidfd_) return {};
    (void)send_signal(pidfd_.get(), SIGKILL);
    return wait_gone();
}

void Process::ask_to_end() noexcept {
    if (pidfd_) (void)send_signal(pidfd_.get(), SIGTERM);
}

Result<void> Process::kill_tree() {
    if (!pidfd_) return {};
    // It stands still first: what it would have started while we look would be missed.
    if (alive())
        if (auto stopped = hang(); !stopped) return stopped;
    std::vector<Process> below;
    for (const pid_t child : children_of(pid_))
        if (auto held = hold(child)) below.push_back(std::move(*held));
    if (auto dead = kill(); !dead) return dead;
    for (Process& child : below)
        if (auto dead = child.kill_tree(); !dead) return dead;
    return {};
}

Result<void> Process::hang() {
    if (!alive()) return {};
    (void)send_signal(pidfd_.get(), SIGSTOP);
    // The kernel has no event for "a process that is not my child stands still", so this looks, at most ten seconds
    // long.
    for (int i = 0; i < patience_ms * 10; ++i) {
        if (every_thread_stands(pid_) || !alive()) return {};
        const timespec moment{0, 100'000};
        ::nanosleep(&moment, nullptr);
    }
    return fail(ErrorCode::io, "A program of the device could not be stopped within ten seconds.",
                "The disk may be very slow or gone; look at the system's own log.");
}

void Process::resume() noexcept {
    if (pidfd_) (void)send_signal(pidfd_.get(), SIGCONT);
}

std::vector<pid_t> children_of(pid_t parent) {
    std::vector<pid_t> children;
    for (const pid_t pid : numbers_in("/proc")) {
        const auto stat = stat_of("/proc/" + std::to_string(pid) + "/stat");
        if (stat && stat->parent == parent && stat->state != 'Z') children.push_back(pid);
    }
    return children;
}

std::vector<std::string> command_line(pid_t pid) {
    std::ifstream in{"/proc/" + std::to_string(pid) + "/cmdline"};
    std::vector<std::string> words;
    for (std::string word; std::getline(in, word, '\0');) words.push_back(word);
    return words;
}

}  // namespace basalt::bench
