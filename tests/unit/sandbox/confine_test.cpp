#include "device/common/sandbox/sandbox.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace basalt::sandbox {
namespace {

/// Runs `what` in a process of its own; its answer is the exit status. A signal is 1000 and its number.
template <class What>
int in_child(What what) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(what());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

TEST(Confine, TheGuardianLivesOnAfterAForbiddenCallAndTheOthersDie) {
    const auto forbidden = [](Program program) {
        return in_child([program] {
            if (!confine({program, {}})) return 9;
            return ::socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM ? 7 : 8;
        });
    };
    EXPECT_EQ(forbidden(Program::guardian), 7);
    for (const auto program : {Program::boot, Program::boot_launched, Program::firmware, Program::gateway})
        EXPECT_EQ(forbidden(program), 1000 + SIGSYS);
}

TEST(Confine, AMissingFolderIsAFailureAndSaysSo) {
    EXPECT_EQ(in_child([] {
                  const std::array files{FileGrant{"/nonexistent/folder", FileRights::read}};
                  const auto confined = confine({Program::firmware, files});
                  return !confined && confined.error() == Failure::path_missing ? 7 : 8;
              }),
              7);
}

TEST(Confine, IsForGoodAndCanOnlyBeTightened) {
    EXPECT_EQ(in_child([] {
                  if (!confine({Program::boot, {}})) return 9;
                  if (!confine({Program::boot_launched, {}})) return 9;
                  if (!confine({Program::gateway, {}})) return 9;
                  return ::truncate("/etc/hostname", 0) == 0 ? 8 : 7;
              }),
              1000 + SIGSYS);
}

TEST(Confine, ReadGrantsDoNotWriteAndDirectoriesGrantWhatIsBelow) {
    EXPECT_EQ(in_child([] {
                  const std::array files{FileGrant{"/etc", FileRights::read}};
                  if (!confine({Program::firmware, files})) return 9;
                  if (::open("/etc/passwd", O_RDONLY) < 0) return 1;
                  if (::open("/etc/basalt-must-not-be", O_WRONLY | O_CREAT, 0600) >= 0) return 2;
                  if (::open("/usr/bin/env", O_RDONLY) >= 0) return 3;
                  return 7;
              }),
              7);
}

TEST(Confine, NobodyCanLookIntoAConfinedProcess) {
    EXPECT_EQ(in_child([] {
                  if (!confine({Program::boot, {}})) return 9;
                  return ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 &&
                                 ::prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 2
                             ? 7
                             : 8;
              }),
              7);
}

TEST(CloseAllExcept, LeavesTheStandardOnesAndWhatIsKept) {
    EXPECT_EQ(in_child([] {
                  for (int i = 0; i < 40; ++i)
                      if (::dup(0) < 0) return 8;
                  if (!close_all_except(std::array{12, 5})) return 9;
                  for (int fd = 3; fd < 60; ++fd)
                      if ((::fcntl(fd, F_GETFD) >= 0) != (fd == 5 || fd == 12)) return fd;
                  return ::fcntl(2, F_GETFD) >= 0 ? 0 : 100;
              }),
              0);
    EXPECT_EQ(in_child([] { return close_all_except({}) && ::fcntl(3, F_GETFD) < 0 ? 7 : 8; }), 7);
}

TEST(DieWithParent, TheChildEndsWithItsParent) {
    std::array<int, 2> alive{};
    ASSERT_EQ(::pipe(alive.data()), 0);
    in_child([&] {
        ::close(alive[0]);
        const pid_t self = ::getpid();
        std::array<int, 2> ready{};
        if (::pipe(ready.data()) != 0) return 9;
        if (::fork() == 0) {
            const bool asked = die_with_parent(self);
            (void)!::write(ready[1], asked ? "y" : "n", 1);
            for (;;) ::pause();
        }
        char answer = 0;
        (void)!::read(ready[0], &answer, 1);
        return answer == 'y' ? 0 : 1;
    });
    ::close(alive[1]);
    char byte = 0;
    EXPECT_EQ(::read(alive[0], &byte, 1),
              0);  // ends when the last holder of the other end does: the grandchild is dead
    ::close(alive[0]);
}

TEST(DieWithParent, SaysSoWhenTheParentIsAlreadyAnother) {
    EXPECT_EQ(in_child([] { return die_with_parent(::getpid()) ? 8 : 7; }), 7);
    EXPECT_EQ(in_child([] { return die_with_parent() ? 7 : 8; }), 7);
}

TEST(Failures, EachHasWords) {
    for (const auto failure :
         {Failure::landlock_missing, Failure::seccomp_missing, Failure::path_missing, Failure::refused})
        EXPECT_FALSE(in_words(failure).empty());
}

}  // namespace
}  // namespace basalt::sandbox
