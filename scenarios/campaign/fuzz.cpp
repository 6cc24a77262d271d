#include "scenarios/campaign/fuzz.h"

#include "device/hal/seqpacket.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

namespace basalt::campaign {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view beginning = "fuzz_";
constexpr std::size_t most_said = 64 * 1024;  // an input is 16 KiB, in hex the double of it

struct Ended {
    int status = 0;
    std::string said;
};

Result<Ended> run(const fs::path& program, const std::vector<std::string>& words) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return fail(ErrorCode::io, "No pipe can be made.", "Close other programs.");
    hal::Descriptor from{ends[0]}, to{ends[1]};
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) return fail(ErrorCode::io, "No process can be started.", "Close other programs.");
    if (pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(127);
        ::dup2(to.get(), STDOUT_FILENO);
        ::dup2(to.get(), STDERR_FILENO);
        ::execv(program.c_str(), argv.data());
        ::_exit(127);
    }
    to = hal::Descriptor{};
    Ended ended;
    std::array<char, 4096> buffer;
    for (ssize_t size; (size = ::read(from.get(), buffer.data(), buffer.size())) > 0;)
        if (ended.said.size() < most_said) ended.said.append(buffer.data(), static_cast<std::size_t>(size));
    ::waitpid(pid, &ended.status, 0);
    return ended;
}

std::string how_it_ended(int status) {
    if (WIFSIGNALED(status)) return fmt::format("ended by {}", ::strsignal(WTERMSIG(status)));
    return fmt::format("ended with status {}", WEXITSTATUS(status));
}

}  // namespace

Result<std::vector<fs::path>> fuzz_targets(const fs::path& programs) {
    std::vector<fs::path> targets;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{programs, error})
        if (entry.is_regular_file(error) && entry.path().filename().string().starts_with(beginning))
            targets.push_back(entry.path());
    std::ranges::sort(targets);
    if (!targets.empty()) return targets;
    return fail(ErrorCode::missing, "No fuzz target was built.", "Build all: ./basalt test fuzz builds them.");
}

Result<RunResult> play_fuzz(const fs::path& target, std::uint64_t seed, int seconds) {
    auto ended = run(target, {"--seconds", std::to_string(seconds), "--seed", std::to_string(seed)});
    if (!ended) return std::unexpected{ended.error()};
    RunResult result{seed, {target.filename().string().substr(beginning.size())}, {}};
    if (!WIFEXITED(ended->status) || WEXITSTATUS(ended->status) != 0)
        result.faults.push_back(
            fmt::format("{} {}. It said: {}", target.filename().string(), how_it_ended(ended->status), ended->said));
    return result;
}

}  // namespace basalt::campaign
