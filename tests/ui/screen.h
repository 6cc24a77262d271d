// tests/ui/screen.h: a display of its own, and hands on it.
#pragma once
#include <sys/prctl.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <unistd.h>

namespace basalt::test {

class Screen {
  public:
    Screen() {
        std::array<int, 2> pipe{};
        if (::pipe(pipe.data()) != 0) return;
        const pid_t parent = ::getpid();
        server_ = ::fork();
        if (server_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (::getppid() != parent) ::_exit(127);
            const int nowhere = ::open("/dev/null", O_RDWR);
            ::dup2(nowhere, 0);
            ::dup2(nowhere, 1);
            ::dup2(nowhere, 2);
            ::dup2(pipe[1], 3);
            ::execlp("Xvfb", "Xvfb", "-displayfd", "3", "-screen", "0", "1400x900x24", "-nolisten", "tcp", nullptr);
            ::_exit(127);
        }
        ::close(pipe[1]);
        for (char c = 0; ::read(pipe[0], &c, 1) == 1 && c != '\n';) number_ += c;
        ::close(pipe[0]);
    }
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;
    ~Screen() {
        if (server_ <= 0) return;
        ::kill(server_, SIGTERM);
        ::waitpid(server_, nullptr, 0);
    }
    bool works() const { return !number_.empty(); }
    std::string display() const { return "DISPLAY=:" + number_; }

    /// Waits until a window's name holds these words. False: `whose` ended before.
    bool shows(std::string_view words, pid_t whose) const {
        constexpr int patient = 600;  // half a minute: then it is said what the window says instead
        for (int looks = 1;; ++looks) {
            if (looks % patient == 0) std::fprintf(stderr, "The window still says: %s\n", name().c_str());
            if (name().find(words) != std::string::npos) return true;
            siginfo_t ended{};
            if (::waitid(P_PID, static_cast<id_t>(whose), &ended, WEXITED | WNOHANG | WNOWAIT) != 0 ||
                ended.si_pid == whose)
                return false;
            ::poll(nullptr, 0, 50);  // nothing tells when a window gets another name
        }
    }
    std::string name() const { return asked("xdotool search --onlyvisible --name Basalt getwindowname 2>/dev/null"); }

    // One action of a person each.
    void key(const std::string& key) const {
        asked("xdotool search --onlyvisible --name Basalt windowfocus --sync key --delay 0 " + key + " 2>&1");
    }
    /// As fast as the keys can come. Letters, digits, blanks and hyphens.
    void type(const std::string& what) const {
        asked("xdotool search --onlyvisible --name Basalt windowfocus --sync && " + display() +
              " xdotool type --delay 0 '" + what + "' 2>&1");
    }
    void click(int x, int y) const {
        asked("xdotool search --onlyvisible --name Basalt windowfocus mousemove --window %1 " + std::to_string(x) +
              " " + std::to_string(y) + " sleep 0.3 click 1 2>&1");
    }

  private:
    std::string asked(const std::string& command) const {
        std::string out;
        FILE* pipe = ::popen((display() + " " + command).c_str(), "r");
        if (pipe == nullptr) return out;
        std::array<char, 256> buffer;
        while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) out += buffer.data();
        ::pclose(pipe);
        return out;
    }
    pid_t server_ = -1;
    std::string number_;
};

}  // namespace basalt::test
