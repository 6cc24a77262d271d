// device/common/sandbox/layers.h: the two layers that confine() puts on, each in its file.
#pragma once
#include "device/common/sandbox/sandbox.h"

namespace basalt::sandbox {

/// Bounds files, TCP ports, and from Linux 6.12 on abstract sockets and signals. Handles every right that the kernel
/// knows. Does not bound (up to ABI 7): connecting to a path socket, signals on older kernels. That is left to
/// seccomp().
std::expected<void, Failure> landlock(const Policy& policy) noexcept;

/// Bounds the system calls by policies.h. No-new-privileges must be set.
std::expected<void, Failure> seccomp(Program program) noexcept;

}  // namespace basalt::sandbox
