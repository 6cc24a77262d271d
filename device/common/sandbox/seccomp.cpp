#include "device/common/sandbox/layers.h"
#include "device/common/sandbox/policies.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <unistd.h>

namespace basalt::sandbox {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t this_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t this_architecture = AUDIT_ARCH_AARCH64;
#else
#error "The system call numbers of this architecture are not in the sandbox's table yet."
#endif
constexpr std::uint32_t first_x32_call = 0x4000'0000;  // x86_64's second set of numbers: none of them is allowed

constexpr std::uint32_t refuse = SECCOMP_RET_ERRNO | EPERM;
constexpr std::uint32_t number_at = offsetof(seccomp_data, nr), architecture_at = offsetof(seccomp_data, arch);
// The low half of an argument: what is checked is an int or a few bits, and the kernel looks at no more of it either.
constexpr std::uint32_t argument_at(unsigned index) noexcept {
    return static_cast<std::uint32_t>(offsetof(seccomp_data, args)) +
           8 * index;  // both architectures are little endian
}

/// The filter as it grows, on the stack.
class Filter {
  public:
    void load(std::uint32_t offset) noexcept { add(BPF_LD | BPF_W | BPF_ABS, offset, 0, 0); }
    void answer(std::uint32_t action) noexcept { add(BPF_RET | BPF_K, action, 0, 0); }
    /// Goes on with the next instruction, or skips so many.
    void if_equal(std::uint32_t value, std::uint8_t else_skip) noexcept {
        add(BPF_JMP | BPF_JEQ | BPF_K, value, 0, else_skip);
    }
    void if_at_least(std::uint32_t value, std::uint8_t else_skip) noexcept {
        add(BPF_JMP | BPF_JGE | BPF_K, value, 0, else_skip);
    }
    void if_clear(std::uint32_t bits, std::uint8_t else_skip) noexcept {
        add(BPF_JMP | BPF_JSET | BPF_K, bits, else_skip, 0);
    }
    void refuse_unless_equal(std::uint32_t value) noexcept {
        add(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0);
        answer(refuse);
    }
    /// What follows, up to end(), is for this call alone; every path through it must end in an answer.
    std::uint16_t begin(std::uint32_t call) noexcept {
        if_equal(call, 0);
        return size_;
    }
    void end(std::uint16_t begun) noexcept { code_[begun - 1U].jf = static_cast<std::uint8_t>(size_ - begun); }
    sock_fprog program() noexcept { return {size_, code_.data()}; }

  private:
    void add(unsigned code, std::uint32_t k, std::uint8_t yes, std::uint8_t no) noexcept {
        code_[size_++] = {static_cast<std::uint16_t>(code), yes, no, k};
    }
    static constexpr std::size_t longest_row = 24;  // boot's fcntl
    static constexpr std::size_t most = 8 + longest_row * policy_table::rows.size();
    std::array<sock_filter, most> code_{};
    std::uint16_t size_ = 0;
};

// Each sends no signal and changes nothing that another program shares.
constexpr std::array harmless_commands{F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC, F_GETLK, F_SETLK, F_SETLKW};

#ifdef BASALT_SANITIZED
constexpr bool may_set_own_limits = true;  // the run time of the sanitizers forbids core files, and ends when it cannot
#else
constexpr bool may_set_own_limits = false;
#endif

/// Goes on when the check holds; else answers.
void examine(Filter& filter, Check check, std::uint32_t otherwise, std::uint32_t own_process) noexcept {
    switch (check) {
        case Check::none:
            return;
        case Check::refused:
            return filter.answer(refuse);
        case Check::unix_only:
        case Check::itself:
            filter.load(argument_at(0));
            filter.if_equal(check == Check::unix_only ? AF_UNIX : own_process, 1);
            filter.answer(SECCOMP_RET_ALLOW);
            return filter.answer(otherwise);
        case Check::not_executable:
            filter.load(argument_at(2));
            filter.if_clear(PROT_EXEC, 1);
            filter.answer(SECCOMP_RET_ALLOW);
            return filter.answer(otherwise);
        case Check::own_limits:
            filter.load(argument_at(0));
            filter.refuse_unless_equal(0);
            if (may_set_own_limits) return;
            for (const std::uint32_t half : {0U, 4U}) {  // a pointer, so both halves count
                filter.load(argument_at(2) + half);
                filter.refuse_unless_equal(0);
            }
            return;
        case Check::descriptors:
        case Check::boot_descriptors:
            filter.load(argument_at(1));
            for (const int command : harmless_commands) {
                filter.if_equal(static_cast<std::uint32_t>(command), 1);
                filter.answer(SECCOMP_RET_ALLOW);
            }
            if (check == Check::descriptors) return filter.answer(refuse);
            filter.if_equal(F_ADD_SEALS, 1);
            filter.answer(SECCOMP_RET_ALLOW);
            filter.refuse_unless_equal(F_SETFL);
            filter.load(argument_at(2));
            filter.if_clear(O_ASYNC, 1);
            filter.answer(SECCOMP_RET_ALLOW);
            return filter.answer(refuse);
        case Check::opened:
            filter.load(argument_at(2));
            filter.if_clear(O_PATH, 1);
            filter.answer(SECCOMP_RET_ALLOW);
            return filter.answer(refuse);
    }
    filter.answer(otherwise);
}

void allow(Filter& filter, const Row& row, std::uint32_t otherwise, std::uint32_t own_process) noexcept {
    const auto begun = filter.begin(static_cast<std::uint32_t>(row.call));
    examine(filter, row.check, otherwise, own_process);
    filter.answer(SECCOMP_RET_ALLOW);  // reached where every check held
    filter.end(begun);
}

}  // namespace

std::expected<void, Failure> seccomp(Program program) noexcept {
    const std::uint32_t otherwise = program == Program::guardian ? refuse : SECCOMP_RET_KILL_PROCESS;
    Filter filter;
    filter.load(architecture_at);
    filter.if_equal(this_architecture, 2);
    filter.load(number_at);
    filter.if_at_least(first_x32_call, 1);
    filter.answer(otherwise);
    for (const Row& row : policy_table::rows)
        if ((row.programs & only(program)) != 0) allow(filter, row, otherwise, static_cast<std::uint32_t>(::getpid()));
    filter.answer(otherwise);
    sock_fprog code = filter.program();
    if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &code, 0, 0) != 0)
        return std::unexpected{Failure::seccomp_missing};
    return {};
}

}  // namespace basalt::sandbox
