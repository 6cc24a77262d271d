// device/common/sandbox/sandbox.h: a device program takes its own rights away, for good, before it hears a neighbour's
// first byte. No heap, no library beyond the C library's system calls; no root is needed.
//
// Three layers, each for what the others cannot do: Landlock bounds files and TCP by what they are; seccomp bounds the
// system calls themselves (so truncate, connect to a path socket and signals, which Landlock alone lets through on
// older kernels, fail); no-new-privileges and non-dumpable keep both from being undone or watched from outside.
#pragma once
#include <cstdint>
#include <expected>
#include <span>
#include <string_view>

namespace basalt::sandbox {

/// Whose rights. The lists stand in policies.h. Seccomp and Landlock are inherited: boot's list holds what firmware and
/// gateway need, and each of those then takes the rest away from itself.
enum class Program : std::uint8_t {
    guardian,
    boot,
    boot_launched,  ///< boot confines itself a second time, over its first layer, when it has let go of the TPM:
                    ///< nothing connects any more
    firmware,
    gateway,
};

enum class FileRights : std::uint8_t {
    read,        ///< open for reading, list directories
    read_write,  ///< and write, create, truncate, rename and remove below it
    execute,     ///< and run
};

/// One file or directory (with all below it) that stays reachable. Everything else is not.
struct FileGrant {
    const char* path;
    FileRights rights;
};

/// What confine() leaves. Nothing is granted unless it stands here or in the program's list of system calls.
struct Policy {
    Program program;
    std::span<const FileGrant> files;  ///< at most 16
};

enum class Failure : std::uint8_t {
    landlock_missing,  ///< the kernel has no Landlock, or it is switched off: programs end with exit status 4
    seccomp_missing,   ///< the kernel refuses a seccomp filter: exit status 4
    path_missing,      ///< a granted path is not there
    refused,           ///< the kernel said no where it may not
};
/// Cause, effect, next step. Never empty, never allocates.
std::string_view in_words(Failure failure) noexcept;

/// Takes everything away from the calling process (call it while it has one thread). On failure nothing may go on: the
/// process may be half confined, which is no state to work in.
/// Rely on: after success no privileges can be gained, files other than the granted cannot be opened, no TCP port be
/// bound and none connected (a listening socket is handed down, not made), and system calls outside the program's list
/// fail (guardian: EPERM, because its end stops insulin; the others: the process is killed).
std::expected<void, Failure> confine(const Policy& policy) noexcept;

/// Asks the kernel to kill this process when the thread that made it ends. False: the parent has already gone (it is
/// no longer `parent`), and the caller must end at once. Pass the parent's process id as the parent itself told it, or
/// 0 to take the one of this moment.
bool die_with_parent(int parent = 0) noexcept;

/// Closes every descriptor above 2 that is not in `keep` (at most 16). Returns false when the kernel cannot.
bool close_all_except(std::span<const int> keep) noexcept;

}  // namespace basalt::sandbox
