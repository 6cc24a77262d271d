#include "device/common/sandbox/policies.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace basalt::sandbox {
namespace {
using enum Program;

std::set<int> calls_of(Program program) {
    std::set<int> calls;
    for (const Row& row : policy_table::rows)
        if ((row.programs & only(program)) != 0 && row.check != Check::refused) calls.insert(row.call);
    return calls;
}

TEST(Policies, ACallHasAtMostOneRowForAProgram) {
    std::map<std::pair<int, int>, int> rows;
    for (const Row& row : policy_table::rows)
        for (const auto program : {guardian, boot, boot_launched, firmware, gateway})
            if ((row.programs & only(program)) != 0) {
                EXPECT_EQ(++rows[std::pair(row.call, static_cast<int>(program))], 1) << row.call;
            }
}

TEST(Policies, WhatFirmwareAndGatewayNeedBootHasTooForTheyInheritIt) {
    const auto all = calls_of(boot_launched);
    for (const auto program : {firmware, gateway})
        for (const int call : calls_of(program)) EXPECT_TRUE(all.contains(call)) << call;
}

TEST(Policies, BootGivesUpConnectingWhenItLetsGoOfTheTpmAndNothingElse) {
    auto before = calls_of(boot);
    for (const int call : calls_of(boot_launched)) before.erase(call);
    EXPECT_EQ(before, (std::set<int>{__NR_socket, __NR_connect}));
}

TEST(Policies, NoOneMayDoWhatNoOneNeeds) {
    for (const auto program : {guardian, boot, boot_launched, firmware, gateway})
        for (const int call : {__NR_truncate,
                               __NR_ptrace,
                               __NR_bpf,
                               __NR_io_uring_setup,
                               __NR_mount,
                               __NR_unshare,
                               __NR_setns,
                               __NR_bind,
                               __NR_listen,
                               __NR_process_vm_readv,
                               __NR_process_vm_writev,
                               __NR_userfaultfd,
                               __NR_perf_event_open,
                               __NR_init_module,
                               __NR_keyctl,
                               __NR_kexec_load,
                               __NR_linkat,
                               __NR_symlinkat,
                               __NR_mknodat,
                               __NR_setuid,
                               __NR_memfd_secret})
            EXPECT_FALSE(calls_of(program).contains(call)) << call;
}

#ifndef BASALT_SANITIZED
TEST(Policies, TheGuardianSpeaksWaitsAndEndsAndDoesNothingElse) {
    std::set<int> expected{__NR_recvmsg, __NR_sendmsg,    __NR_ppoll,        __NR_close,
                           __NR_exit,    __NR_exit_group, __NR_rt_sigreturn, __NR_restart_syscall};
#ifdef __NR_poll
    expected.insert(__NR_poll);
#endif
    EXPECT_EQ(calls_of(guardian), expected);
}
#endif

TEST(Policies, FirmwareAndGatewayMakeNoCodeAndNoProcess) {
    for (const auto program : {firmware, gateway}) {
        for (const int call : {__NR_execve, __NR_execveat, __NR_clone, __NR_clone3, __NR_kill, __NR_socket,
                               __NR_connect, __NR_pidfd_send_signal})
            EXPECT_FALSE(calls_of(program).contains(call)) << call;
        for (const Row& row : policy_table::rows)
            if ((row.programs & only(program)) != 0 && (row.call == __NR_mmap || row.call == __NR_mprotect)) {
                EXPECT_EQ(row.check, Check::not_executable);
            }
    }
}

TEST(Policies, NoOneChangesModesOwnersOrTimesWhichLandlockDoesNotGovern) {
    for (const auto program : {guardian, boot, boot_launched, firmware, gateway})
        for (const int call : {__NR_fchmod, __NR_fchmodat, __NR_fchown, __NR_fchownat, __NR_utimensat, __NR_setxattr})
            EXPECT_FALSE(calls_of(program).contains(call)) << call;
}

TEST(Policies, TheGatewayAcceptsFromTheSocketThatItWasGivenAndNobodyElseHasAUseForIt) {
    EXPECT_TRUE(calls_of(gateway).contains(__NR_accept4));
    EXPECT_FALSE(calls_of(guardian).contains(__NR_accept4));
    EXPECT_FALSE(calls_of(firmware).contains(__NR_accept4));
    for (const int call : {__NR_socket, __NR_bind, __NR_listen, __NR_connect, __NR_accept, __NR_setsockopt})
        EXPECT_FALSE(calls_of(gateway).contains(call)) << call;
}

TEST(Policies, TheGatewayNamesNoFileAndChangesNoDescriptor) {
    const auto calls = calls_of(gateway);
    for (const int call : {__NR_openat, __NR_newfstatat, __NR_statx, __NR_faccessat, __NR_readlinkat, __NR_statfs,
                           __NR_getdents64, __NR_fcntl})
        EXPECT_FALSE(calls.contains(call)) << call;
}

}  // namespace
}  // namespace basalt::sandbox
