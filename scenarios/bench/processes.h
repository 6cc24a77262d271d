// scenarios/bench/processes.h: the board's hold on the device's programs: who they are, whether they live, and how one
// of them is made to die or hang so that the next tick finds it already dead or hanging.
#pragma once
#include "device/hal/seqpacket.h"
#include "tpm/result.h"

#include <sys/types.h>

#include <string>
#include <vector>

namespace basalt::bench {

/// Orphans of the device come to this process: when boot is killed, the firmware below it does not escape to init.
Result<void> adopt_orphans();

/// One process, ours or a descendant's child, held by a descriptor: its number cannot come to mean another process.
class Process {
  public:
    Process() = default;
    /// Fails when no such process lives.
    static Result<Process> hold(pid_t pid);

    pid_t pid() const noexcept { return pid_; }
    /// Readable (poll) as soon as the process is gone. -1 when this holds none.
    int gone_event() const noexcept { return pidfd_.get(); }
    /// False once it is gone, and when this holds none.
    bool alive() const noexcept;

    /// Kills it and returns when it is really gone: no line of it runs any more and every channel of it is closed. A
    /// child of ours is reaped. Nothing happens when it is gone already. Fails when the kernel keeps it longer than 10
    /// s.
    Result<void> kill();
    /// Kills it with all that it started, however deep, and returns when all are gone.
    Result<void> kill_tree();
    /// Asks it to end (SIGTERM). Nothing happens when it is gone already: never another process of the same number.
    void ask_to_end() noexcept;
    /// Stops it where it stands (SIGSTOP) and returns when every thread of it stands still.
    Result<void> hang();
    void resume() noexcept;

  private:
    Result<void> wait_gone();
    pid_t pid_ = -1;
    hal::Descriptor pidfd_;
};

/// The processes whose parent is `parent`, in the order of their numbers.
std::vector<pid_t> children_of(pid_t parent);

/// The words of the command line of `pid`; empty when it is gone.
std::vector<std::string> command_line(pid_t pid);

}  // namespace basalt::bench
