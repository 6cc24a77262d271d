// device/common/sandbox/policies.h: which system calls each program may still make, in one table: a row a call, a
// column a program. What stands in no row fails: with EPERM in the guardian, whose end would stop insulin, and by the
// end of the process in the others.
//
// Seccomp is inherited: boot's column holds what firmware and gateway need, to start, to connect to the TPM and to
// confine themselves. What boot has left and they do not: fork, exec (Landlock grants execution of no file, so only of
// the sealed memory files that it verified), connect to a Unix socket until the TPM is let go, and signals (Landlock
// keeps them within its own children from Linux 6.12 on; on older kernels a packaged install keeps them there by its
// users).
//
// Landlock governs what is opened, not what is only named: modes, owners and times are therefore nobody's here, and
// only the firmware may still ask for a file's metadata, because SQLite does. So a hostile firmware can learn whether a
// file exists anywhere, how big it is and when it changed; it learns nothing of what stands in it.
#pragma once
#include "device/common/sandbox/sandbox.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <array>
#include <utility>

namespace basalt::sandbox {

enum class Check : std::uint8_t {
    none,              ///< whatever its arguments
    unix_only,         ///< first argument is AF_UNIX
    itself,            ///< first argument is this very process
    not_executable,    ///< third argument asks for no executable memory
    refused,           ///< libraries try it and can do without: EPERM, and nobody dies
    own_limits,        ///< prlimit64: reads this process's own limits; EPERM for another's, and for setting any
    descriptors,       ///< fcntl: locks, close-on-exec; EPERM for what sends signals or changes a shared descriptor
    boot_descriptors,  ///< as descriptors, and seals, and flags without O_ASYNC
    opened,            ///< openat without O_PATH, which Landlock lets through; else EPERM
};

using Programs = std::uint8_t;
constexpr Programs only(Program program) noexcept { return static_cast<Programs>(1U << std::to_underlying(program)); }

struct Row {
    int call;
    Programs programs;
    Check check = Check::none;
};

namespace policy_table {
inline constexpr Programs G = only(Program::guardian), W = only(Program::gateway), F = only(Program::firmware),
                          L = only(Program::boot_launched), B = static_cast<Programs>(only(Program::boot) | L),
                          BF = B | F, BFW = B | F | W, all = G | BFW,
                          first = only(Program::boot);  // until boot has let go of the TPM
// clang-format off
inline constexpr std::array rows{
    // Speaking, waiting, ending: all that the guardian has.
    Row{__NR_recvmsg, all}, Row{__NR_sendmsg, all}, Row{__NR_ppoll, all}, Row{__NR_close, all}, Row{__NR_exit, all},
    Row{__NR_exit_group, all}, Row{__NR_rt_sigreturn, all}, Row{__NR_restart_syscall, all},
#ifdef __NR_poll
    Row{__NR_poll, all},
#endif
    // A C++ program with a heap that says something on standard error.
    Row{__NR_read, BFW}, Row{__NR_write, BFW}, Row{__NR_readv, BFW}, Row{__NR_writev, BFW}, Row{__NR_brk, BFW}, Row{__NR_munmap, BFW}, Row{__NR_mremap, BFW},
    Row{__NR_madvise, BFW}, Row{__NR_futex, BFW}, Row{__NR_getrandom, BFW}, Row{__NR_clock_gettime, BFW}, Row{__NR_clock_getres, BFW}, Row{__NR_gettimeofday, BFW},
    Row{__NR_getpid, BFW}, Row{__NR_getppid, BFW}, Row{__NR_gettid, BFW}, Row{__NR_getuid, BFW}, Row{__NR_geteuid, BFW}, Row{__NR_getgid, BFW}, Row{__NR_getegid, BFW}, Row{__NR_sched_yield, BFW},
    Row{__NR_rt_sigaction, BFW}, Row{__NR_rt_sigprocmask, BFW}, Row{__NR_sigaltstack, BFW}, Row{__NR_fstat, BFW}, Row{__NR_newfstatat, BF}, Row{__NR_newfstatat, W, Check::refused},
    Row{__NR_fcntl, B, Check::boot_descriptors}, Row{__NR_fcntl, F, Check::descriptors}, Row{__NR_fcntl, W, Check::refused}, Row{__NR_recvfrom, BFW}, Row{__NR_sendto, BFW}, Row{__NR_shutdown, BFW}, Row{__NR_uname, BFW}, Row{__NR_sysinfo, BFW}, Row{__NR_ioctl, BFW, Check::refused},
    Row{__NR_accept4, B | W},  // from the listening socket that was handed down: the gateway makes none itself
    Row{__NR_mmap, B}, Row{__NR_mprotect, B}, Row{__NR_tgkill, B},
    Row{__NR_mmap, F | W, Check::not_executable}, Row{__NR_mprotect, F | W, Check::not_executable}, Row{__NR_tgkill, F | W, Check::itself},
    // Files, as far as Landlock grants any: databases in the firmware, slots in boot.
    Row{__NR_openat, B}, Row{__NR_openat, F, Check::opened}, Row{__NR_lseek, BF}, Row{__NR_pread64, BF}, Row{__NR_pwrite64, BF}, Row{__NR_preadv, BF}, Row{__NR_pwritev, BF}, Row{__NR_ftruncate, BF}, Row{__NR_fallocate, BF},
    Row{__NR_fsync, BF}, Row{__NR_fdatasync, BF}, Row{__NR_msync, BF}, Row{__NR_flock, BF}, Row{__NR_statx, B}, Row{__NR_statx, F, Check::refused}, Row{__NR_statfs, B}, Row{__NR_statfs, F, Check::refused}, Row{__NR_fstatfs, BF},
    Row{__NR_faccessat, BF}, Row{__NR_faccessat2, BF}, Row{__NR_readlinkat, BF}, Row{__NR_getcwd, BF}, Row{__NR_getdents64, BF},
    Row{__NR_mkdirat, BF}, Row{__NR_unlinkat, BF}, Row{__NR_renameat, BF}, Row{__NR_renameat2, BF},
    Row{__NR_fchmod, BF, Check::refused}, Row{__NR_fchmodat, BF, Check::refused}, Row{__NR_fchown, BF, Check::refused}, Row{__NR_utimensat, BF, Check::refused},  // SQLite tries the first and third
    Row{__NR_mlock, BF}, Row{__NR_munlock, BF},  // SQLCipher keeps its keys out of swap
    Row{__NR_nanosleep, BF}, Row{__NR_clock_nanosleep, BF}, Row{__NR_prlimit64, BF, Check::own_limits}, Row{__NR_sched_getaffinity, BF}, Row{__NR_getrusage, BF}, Row{__NR_times, BF},
    Row{__NR_getpeername, BF}, Row{__NR_getsockname, BF}, Row{__NR_getsockopt, BF}, Row{__NR_pselect6, BF},
#ifdef __NR_open  // the older spellings that x86_64 still has, and its C library still uses
    Row{__NR_open, B}, Row{__NR_open, F, Check::refused}, Row{__NR_stat, B}, Row{__NR_stat, F, Check::refused}, Row{__NR_lstat, B}, Row{__NR_lstat, F, Check::refused}, Row{__NR_access, BF}, Row{__NR_readlink, BF}, Row{__NR_mkdir, BF}, Row{__NR_rmdir, BF}, Row{__NR_unlink, BF}, Row{__NR_rename, BF},
    Row{__NR_select, BF}, Row{__NR_time, BFW}, Row{__NR_utimes, BF, Check::refused}, Row{__NR_chmod, BF, Check::refused},
#endif
    // Boot: channels, children, and what a program does when it starts.
    Row{__NR_socketpair, B, Check::unix_only}, Row{__NR_pipe2, B}, Row{__NR_dup, B}, Row{__NR_dup3, B}, Row{__NR_close_range, B}, Row{__NR_memfd_create, B}, Row{__NR_setsockopt, B},
    Row{__NR_clone, B}, Row{__NR_clone3, B}, Row{__NR_execve, B}, Row{__NR_execveat, B}, Row{__NR_wait4, B}, Row{__NR_waitid, B}, Row{__NR_kill, B},
    Row{__NR_pidfd_open, B}, Row{__NR_pidfd_send_signal, B}, Row{__NR_set_tid_address, B}, Row{__NR_set_robust_list, B}, Row{__NR_rseq, B}, Row{__NR_setpgid, B}, Row{__NR_setsid, B}, Row{__NR_umask, B},
    Row{__NR_sendfile, B}, Row{__NR_copy_file_range, B}, Row{__NR_prctl, B}, Row{__NR_seccomp, B}, Row{__NR_landlock_create_ruleset, B}, Row{__NR_landlock_add_rule, B}, Row{__NR_landlock_restrict_self, B},
#ifdef __NR_fork
    Row{__NR_fork, B}, Row{__NR_vfork, B}, Row{__NR_dup2, B}, Row{__NR_pipe, B}, Row{__NR_arch_prctl, B},
#endif
    // Boot and the firmware reach the TPM over a Unix socket, the firmware before it confines itself.
    Row{__NR_socket, first, Check::unix_only}, Row{__NR_connect, first},
#ifdef BASALT_SANITIZED
    // What the run time of AddressSanitizer and UndefinedBehaviorSanitizer does beside: maps of shadow memory, the
    // report of a fault on standard error with names from /proc/self/maps. Leak checks need ptrace: they are off here.
    Row{__NR_mmap, G, Check::not_executable}, Row{__NR_munmap, G}, Row{__NR_madvise, G}, Row{__NR_mprotect, G, Check::not_executable}, Row{__NR_write, G}, Row{__NR_getpid, G}, Row{__NR_gettid, G}, Row{__NR_sched_yield, G}, Row{__NR_prctl, G | F | W},
    Row{__NR_futex, G}, Row{__NR_rt_sigaction, G}, Row{__NR_rt_sigprocmask, G}, Row{__NR_sigaltstack, G}, Row{__NR_openat, W, Check::refused}, Row{__NR_readlinkat, W, Check::refused}, Row{__NR_prlimit64, W, Check::own_limits}, Row{__NR_sched_getaffinity, W},
#ifdef __NR_open
    Row{__NR_open, W, Check::refused}, Row{__NR_readlink, W, Check::refused}, Row{__NR_pipe, F | W},
#endif
    Row{__NR_pipe2, F | W},  // a pipe is how it asks whether memory can be read before it looks at an object's type
#endif
};
// clang-format on
}  // namespace policy_table

}  // namespace basalt::sandbox
