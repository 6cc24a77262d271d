// tests/support/child.h: a program of ours as a child process, with the descriptors that the device's programs get.
#pragma once
#include "device/hal/seqpacket.h"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace basalt::test {

class Child {
  public:
    /// Starts `program` with an empty environment; `given` become its descriptors 3, 4, 5 ... Standard output and error
    /// are this test's. Call it from the main thread: the child dies with the thread that made it.
    Child(const std::string& program, const std::vector<std::string>& arguments, std::vector<hal::Descriptor> given) {
        std::vector<char*> argv{const_cast<char*>(program.c_str())};
        for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
        argv.push_back(nullptr);
        char* const no_environment[] = {nullptr};
        const pid_t parent = getpid();
        pid_ = fork();
        if (pid_ != 0) return;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(127);
        // Up first and then down: none of them may be overwritten before it was moved.
        int high = 64;
        for (const auto& each : given) dup2(each.get(), high++);
        for (std::size_t i = 0; i < given.size(); ++i) dup2(64 + static_cast<int>(i), 3 + static_cast<int>(i));
        for (std::size_t i = 0; i < given.size(); ++i) close(64 + static_cast<int>(i));
        execve(program.c_str(), argv.data(), no_environment);
        _exit(127);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() { kill(); }

    /// SIGKILL, and waits for the end.
    void kill() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        end();
    }
    /// Waits for the end. Its exit status; 128 + N when signal N ended it; -1 when it was waited for before.
    int end() {
        if (pid_ <= 0) return -1;
        int status = 0;
        waitpid(pid_, &status, 0);
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

  private:
    pid_t pid_ = -1;
};

/// A channel: the test keeps one end and gives the other away.
struct Channel {
    hal::Seqpacket mine;
    hal::Descriptor given;
};
inline Channel make_channel(hal::Wait full = hal::Wait::yes) {
    auto pair = hal::make_seqpacket_pair();
    if (!pair) std::abort();  // a test without descriptors cannot run
    return {hal::Seqpacket{std::move(pair->a), full}, std::move(pair->b)};
}

/// The next packet; empty when the channel ended, or nothing came for half a minute (a machine under load is slow).
inline std::vector<std::uint8_t> next_packet(hal::Seqpacket& from) {
    const std::array ends{from.get()};
    if (hal::wait_readable(ends, 30'000) == 0) return {};
    std::array<std::uint8_t, max_frame_size> buffer;
    const auto received = from.receive(buffer);
    if (received.arrival != hal::Arrival::frame) return {};
    return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(received.size)};
}

}  // namespace basalt::test
