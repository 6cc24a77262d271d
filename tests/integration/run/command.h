// tests/integration/run/command.h: the program basalt as a user starts it: its output, its end, and what stays behind.
#pragma once
#include "device/hal/seqpacket.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <poll.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace basalt::test {

inline const std::string program = std::string{BASALT_BINARY_DIR} + "/bin/basalt";

struct Ended {
    int status = -1;  ///< exit status, or 128 + the signal
    std::string out, err;
};

/// One run of the program. Its home, state and temporary files lie in `place`; its standard output and error in files.
class Command {
  public:
    /// `prepare` runs in the new process before the exec; `more` is added to its environment.
    Command(const std::filesystem::path& place, std::vector<std::string> words,
            const std::function<void()>& prepare = {}, const std::vector<std::string>& more = {})
        : place_(place), name_("run-" + std::to_string(++runs())) {
        words.insert(words.begin(), program);
        std::vector<char*> argv;
        for (auto& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        std::filesystem::create_directories(place / "run");
        std::vector<std::string> environment{"HOME=" + place.string(),
                                             "XDG_STATE_HOME=" + (place / "state").string(),
                                             "TMPDIR=" + place.string(),
                                             "XDG_RUNTIME_DIR=" + (place / "run").string(),
                                             "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                                             "LC_ALL=C.UTF-8"};
        environment.insert(environment.end(), more.begin(), more.end());
        std::vector<char*> envp;
        for (auto& word : environment) envp.push_back(word.data());
        envp.push_back(nullptr);
        const pid_t parent = ::getpid();
        pid_ = ::fork();
        if (pid_ != 0) return;
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that fails leaves nothing behind
        if (::getppid() != parent) ::_exit(127);
        ::dup2(::open("/dev/null", O_RDONLY), 0);
        ::dup2(::open((place / (name_ + ".out")).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 1);
        ::dup2(::open((place / (name_ + ".err")).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 2);
        if (prepare) prepare();
        ::execve(program.c_str(), argv.data(), envp.data());
        ::_exit(127);
    }
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;
    ~Command() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        (void)end();
    }

    pid_t pid() const { return pid_; }
    void signal(int number) const { ::kill(pid_, number); }
    std::string out() const { return text(".out"); }
    std::string err() const { return text(".err"); }
    /// Waits for its end.
    Ended end() {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
        return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), out(), err()};
    }
    /// Waits until its output holds `words`. False: it ended before.
    bool says(const std::string& words) const {
        const int gone = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
        bool alive = true;
        while (out().find(words) == std::string::npos && alive) {
            pollfd event{gone, POLLIN, 0};
            alive = ::poll(&event, 1, 20) == 0;  // a file has no event that a poll would hear
        }
        ::close(gone);
        return out().find(words) != std::string::npos;
    }

  private:
    static int& runs() {
        static int count = 0;
        return count;
    }
    std::string text(const char* ending) const {
        std::ifstream in{place_ / (name_ + ending), std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    std::filesystem::path place_;
    std::string name_;
    pid_t pid_ = -1;
};

inline Ended run(const std::filesystem::path& place, std::vector<std::string> words,
                 const std::function<void()>& prepare = {}) {
    return Command{place, std::move(words), prepare}.end();
}

/// The processes whose command line or environment names `place`, this one excepted.
inline std::vector<pid_t> processes_that_name(const std::filesystem::path& place) {
    std::vector<pid_t> found;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos || name == std::to_string(::getpid())) continue;
        for (const char* file : {"cmdline", "environ"}) {
            // Not by a stream: reading of a process that ends meanwhile fails, and a stream's buffer throws then.
            std::string text;
            std::array<char, 4096> buffer;
            const int in = ::open((entry.path() / file).c_str(), O_RDONLY | O_CLOEXEC);
            for (ssize_t got = 0; (got = ::read(in, buffer.data(), buffer.size())) > 0;)
                text.append(buffer.data(), static_cast<std::size_t>(got));
            ::close(in);
            if (text.find(place.string()) == std::string::npos) continue;
            found.push_back(std::stoi(name));
            break;
        }
    }
    return found;
}

}  // namespace basalt::test
