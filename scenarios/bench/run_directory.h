// scenarios/bench/run_directory.h: the private directory for the sockets of one run. Its path is short (a socket's path
// has 108 bytes) and only this user can open it. It goes away with the simulator, however that ends.
#pragma once
#include "device/hal/seqpacket.h"
#include "tpm/result.h"

#include <sys/types.h>

#include <string>

namespace basalt::bench {

class RunDirectory {
  public:
    /// What it is for. Sockets: in $XDG_RUNTIME_DIR, which is small. Files: a whole device, in $TMPDIR. Else in /tmp.
    enum class Use : std::uint8_t { sockets, files };

    /// Makes the directory (mode 0700) and its janitor: a small process in a session of its own that waits for the end
    /// of the simulator (also after kill -9), removes the directory, and ends.
    /// Rely on:  call it from the main thread, before anything else is started.
    static Result<RunDirectory> make(Use use = Use::sockets);

    RunDirectory(RunDirectory&&) noexcept = default;
    RunDirectory& operator=(RunDirectory&&) = delete;
    /// Returns when the directory is gone.
    ~RunDirectory();

    /// At most 60 bytes for sockets, no slash at its end.
    const std::string& path() const noexcept { return path_; }

  private:
    RunDirectory() = default;
    std::string path_;
    hal::Descriptor alive_;  // the janitor sees its end
    pid_t janitor_ = -1;
};

}  // namespace basalt::bench
