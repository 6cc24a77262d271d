#include "device/common/sandbox/sandbox.h"

#include "device/common/sandbox/layers.h"

#include <sys/prctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <unistd.h>

#ifdef BASALT_SANITIZED
// A confined process cannot be traced, so it cannot look for leaks; the tests, which are not confined, do.
extern "C" int __lsan_is_turned_off() { return ::prctl(PR_GET_SECCOMP) == 2; }
#endif

namespace basalt::sandbox {

std::string_view in_words(Failure failure) noexcept {
    switch (failure) {
        case Failure::landlock_missing:
            return "The kernel has no Landlock, so this program cannot give up its rights to files. Use Linux 5.13 or "
                   "newer with "
                   "\"landlock\" in its list of security modules.";
        case Failure::seccomp_missing:
            return "The kernel takes no seccomp filter, so this program cannot give up its system calls. Use a kernel "
                   "with seccomp.";
        case Failure::path_missing:
            return "A folder or file that this program needs is not there. Set the device up again.";
        case Failure::refused:
            break;
    }
    return "The kernel did not let this program give up its rights, so it does not start. Use a newer kernel.";
}

std::expected<void, Failure> confine(const Policy& policy) noexcept {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return std::unexpected{Failure::refused};
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return std::unexpected{Failure::refused};
    if (auto bounded = landlock(policy); !bounded) return bounded;
    return seccomp(policy.program);
}

bool die_with_parent(int parent) noexcept {
    const pid_t expected = parent != 0 ? parent : ::getppid();
    // Asked for before the parent is looked at: it may end between the two, and then the look tells.
    return ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && ::getppid() == expected;
}

bool close_all_except(std::span<const int> keep) noexcept {
    std::array<int, 16> sorted{};
    if (keep.size() > sorted.size()) return false;
    std::ranges::copy(keep, sorted.begin());
    const auto kept = std::span{sorted}.first(keep.size());
    std::ranges::sort(kept);
    constexpr long close_range = 436;  // Linux 5.9; older C libraries have no name for it
    unsigned from = 3;
    for (const int fd : kept) {
        if (fd < static_cast<int>(from)) continue;
        if (static_cast<unsigned>(fd) > from && ::syscall(close_range, from, static_cast<unsigned>(fd) - 1, 0U) != 0)
            return false;
        from = static_cast<unsigned>(fd) + 1;
    }
    return ::syscall(close_range, from, ~0U, 0U) == 0;
}

}  // namespace basalt::sandbox
