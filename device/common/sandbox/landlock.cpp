// The kernel's header of Debian 12 knows less than newer kernels do, so the numbers stand here.
// Source: Documentation/userspace-api/landlock.rst and include/uapi/linux/landlock.h of Linux 6.15.
#include "device/common/sandbox/layers.h"

#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace basalt::sandbox {
namespace {

constexpr long create_ruleset = 444, add_rule = 445, restrict_self = 446;
constexpr unsigned ask_for_abi = 1;

enum FileRight : std::uint64_t {
    execute = 1U << 0,
    write_file = 1U << 1,
    read_file = 1U << 2,
    read_dir = 1U << 3,
    remove_dir = 1U << 4,
    remove_file = 1U << 5,
    make_dir = 1U << 7,
    make_reg = 1U << 8,
    refer = 1U << 13,
    truncate = 1U << 14,
};
constexpr std::uint64_t for_files = execute | write_file | read_file | truncate;  // the kernel refuses others on a file

struct RulesetAttributes {
    std::uint64_t files, tcp, scoped;
};
// What each ABI brought. `size` is what that kernel takes of RulesetAttributes.
struct Abi {
    std::uint64_t files, tcp, scoped;
    std::size_t size;
};
constexpr std::array abis{
    Abi{(1U << 13) - 1, 0, 0, 8},   // 1: Linux 5.13
    Abi{(1U << 14) - 1, 0, 0, 8},   // 2: moving between directories
    Abi{(1U << 15) - 1, 0, 0, 8},   // 3: truncate
    Abi{(1U << 15) - 1, 3, 0, 16},  // 4: bind and connect over TCP
    Abi{(1U << 16) - 1, 3, 0, 16},  // 5: ioctl on devices
    Abi{(1U << 16) - 1, 3, 3, 24},  // 6: abstract Unix sockets and signals
};

struct [[gnu::packed]] PathRule {
    std::uint64_t rights;
    std::int32_t parent;
};
constexpr int rule_path = 1;

/// A descriptor that closes itself; the sandbox includes nothing of the device.
struct Owned {
    int fd;
    explicit Owned(int number) noexcept : fd(number) {}
    Owned(const Owned&) = delete;
    Owned(Owned&&) = delete;
    Owned& operator=(const Owned&) = delete;
    Owned& operator=(Owned&&) = delete;
    ~Owned() {
        if (fd >= 0) ::close(fd);
    }
};

std::uint64_t rights_of(FileRights rights) noexcept {
    switch (rights) {
        case FileRights::read:
            return read_file | read_dir;
        case FileRights::read_write:
            return read_file | read_dir | write_file | remove_dir | remove_file | make_dir | make_reg | truncate;
        case FileRights::execute:
            return read_file | read_dir | execute;
    }
    return 0;
}

std::expected<void, Failure> grant(int ruleset, const FileGrant& granted, std::uint64_t handled) noexcept {
    const Owned path{::open(granted.path, O_PATH | O_CLOEXEC)};
    struct stat is{};
    if (path.fd < 0 || ::fstat(path.fd, &is) != 0) return std::unexpected{Failure::path_missing};
    std::uint64_t rights = rights_of(granted.rights) & handled;
    if (!S_ISDIR(is.st_mode)) rights &= for_files;
    const PathRule rule{rights, path.fd};
    if (::syscall(add_rule, ruleset, rule_path, &rule, 0U) != 0) return std::unexpected{Failure::refused};
    return {};
}

}  // namespace

std::expected<void, Failure> landlock(const Policy& policy) noexcept {
    const long version = ::syscall(create_ruleset, nullptr, 0UL, ask_for_abi);
    if (version < 1) return std::unexpected{Failure::landlock_missing};
    const Abi& abi = abis[std::min<std::size_t>(static_cast<std::size_t>(version), abis.size()) - 1];

    // Boot's second layer bounds no signals: the parent-death signal counts as one from the dying parent, and would no
    // longer reach the firmware, which was started before this layer. The first layer bounds them already.
    const std::uint64_t scoped = policy.program == Program::boot_launched ? 0 : abi.scoped;
    const RulesetAttributes attributes{abi.files, abi.tcp, scoped};
    const Owned ruleset{static_cast<int>(::syscall(create_ruleset, &attributes, abi.size, 0U))};
    if (ruleset.fd < 0) return std::unexpected{errno == EOPNOTSUPP ? Failure::landlock_missing : Failure::refused};

    for (const FileGrant& granted : policy.files)
        if (auto given = grant(ruleset.fd, granted, abi.files); !given) return given;
    if (::syscall(restrict_self, ruleset.fd, 0U) != 0) return std::unexpected{Failure::refused};
    return {};
}

}  // namespace basalt::sandbox
