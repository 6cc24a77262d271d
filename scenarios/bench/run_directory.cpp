#include "scenarios/bench/run_directory.h"

#include "scenarios/bench/janitor.h"

#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace basalt::bench {
namespace {

constexpr std::size_t longest_path = 60;  // leaves 47 bytes for the longest socket's name below it

std::string made_below(const std::string& parent, bool short_path) {
    std::string path = parent + "/basalt-XXXXXX";
    if (parent.empty() || parent.front() != '/' || (short_path && path.size() > longest_path)) return {};
    return ::mkdtemp(path.data()) != nullptr ? path : std::string{};
}

}  // namespace

Result<RunDirectory> RunDirectory::make(Use use) {
    RunDirectory run;
    const bool sockets = use == Use::sockets;
    if (const char* own = std::getenv(sockets ? "XDG_RUNTIME_DIR" : "TMPDIR"); own != nullptr)
        run.path_ = made_below(own, sockets);
    if (run.path_.empty()) run.path_ = made_below("/tmp", sockets);
    if (run.path_.empty())
        return fail(
            ErrorCode::io,
            std::string{"There is no place for the run's own files: /tmp says \""} + std::strerror(errno) + "\".",
            sockets ? "Make room in /tmp, or set XDG_RUNTIME_DIR to a directory of your own with a short path."
                    : "Make room in /tmp, or set TMPDIR to a directory of your own.");

    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        ::rmdir(run.path_.c_str());
        return fail(ErrorCode::io, "No pipe could be opened: too many files are open.", "Close other programs first.");
    }
    run.alive_ = hal::Descriptor{ends[1]};
    const hal::Descriptor until{ends[0]};
    run.janitor_ = ::fork();
    if (run.janitor_ == 0) be_janitor(until.get(), run.path_);
    if (run.janitor_ < 0) {
        ::rmdir(run.path_.c_str());
        return fail(ErrorCode::io, "No process could be started: this account has too many.",
                    "Close other programs first.");
    }
    return run;
}

RunDirectory::~RunDirectory() {
    if (!alive_) return;
    alive_ = {};
    while (::waitpid(janitor_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

}  // namespace basalt::bench
