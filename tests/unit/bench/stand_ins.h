// tests/unit/bench/stand_ins.h: starts the programs of stand_in.cpp the way the board starts the device's.
#pragma once
#include "scenarios/bench/device_processes.h"

#include <sys/prctl.h>

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace basalt::bench::test {

inline const std::string stand_in = std::string{BASALT_BINARY_DIR} + "/bin/bench_stand_in";

/// Starts a role with `given` as descriptors 3, 4, 5 ...
inline Result<pid_t> start(const char* role, std::initializer_list<int> given = {}) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        int safe[8];
        int count = 0;
        for (const int descriptor : given) safe[count++] = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 64);
        for (int i = 0; i < count; ++i) ::dup2(safe[i], 3 + i);
        ::execl(stand_in.c_str(), stand_in.c_str(), role, nullptr);
        ::_exit(127);
    }
    return pid;
}

/// A TPM that is a process which waits.
class StandInTpm final : public TpmPower {
  public:
    Result<void> on() override {
        auto pid = start("gateway");
        if (!pid) return std::unexpected{pid.error()};
        process_ = *Process::hold(*pid);
        ++times_on;
        return {};
    }
    void off() noexcept override { (void)process_.kill(); }
    pid_t pid() const noexcept override { return process_.alive() ? process_.pid() : -1; }
    int times_on = 0;

  private:
    Process process_;
};

/// Memory in the test's own hands.
class ArrayMemory final : public MemoryStore {
  public:
    bool read(std::uint32_t offset, std::span<std::uint8_t> into) noexcept override {
        std::copy_n(bytes.begin() + offset, into.size(), into.begin());
        return true;
    }
    bool write(std::uint32_t offset, ByteView data) noexcept override {
        ++writes;
        if (writes >= fails_from && writes < fails_from + fails_for) return false;
        std::copy(data.begin(), data.end(), bytes.begin() + offset);
        return true;
    }
    std::array<std::uint8_t, hal::memory_size> bytes{};
    int writes = 0;
    int fails_from = 1;  ///< the medium fails at this write (1: the first) ...
    int fails_for = 0;   ///< ... and so many in a row
};

}  // namespace basalt::bench::test
