#include "tpm/simulator.h"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <poll.h>
#include <signal.h>
#include <span>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace basalt::tpm {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// Only bounds on waiting for another program; nothing that a device does is measured by them.
constexpr milliseconds start_patience{10'000};
constexpr milliseconds answer_patience{1'000};
constexpr milliseconds pause{1};

/// TPM2_GetCapability(TPM_PT_FAMILY_INDICATOR): any answer says that the TPM runs.
constexpr std::array<std::uint8_t, 22> are_you_there{0x80, 0x01, 0, 0, 0, 22, 0, 0, 0x01, 0x7A, 0,
                                                     0,    0,    6, 0, 0, 1,  0, 0, 0,    0,    1};
/// TPM2_Shutdown(TPM_SU_CLEAR).
constexpr std::array<std::uint8_t, 12> shut_down{0x80, 0x01, 0, 0, 0, 12, 0, 0, 0x01, 0x45, 0, 0};

class Descriptor {
  public:
    explicit Descriptor(int fd) noexcept : fd_{fd} {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    int get() const noexcept { return fd_; }

  private:
    int fd_;
};

/// Sends one command on a connection of its own. True when an answer came. Not by libtss2: that would wait for ever
/// where another client holds the TPM.
bool ask(const std::filesystem::path& socket_path, std::span<const std::uint8_t> command, milliseconds patience) {
    const Descriptor connection{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket_path.c_str(), sizeof(address.sun_path) - 1);
    if (::connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return false;
    if (::send(connection.get(), command.data(), command.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(command.size()))
        return false;
    pollfd readable{.fd = connection.get(), .events = POLLIN, .revents = 0};
    if (::poll(&readable, 1, static_cast<int>(patience.count())) != 1) return false;
    std::array<std::uint8_t, 1024> answer;
    return ::recv(connection.get(), answer.data(), answer.size(), 0) > 0;
}

/// The exit status as wait() gives it, once the process has ended within `patience`.
std::optional<int> wait_for_end(pid_t pid, milliseconds patience) {
    const auto until = Clock::now() + patience;
    for (;;) {
        int status = 0;
        if (::waitpid(pid, &status, WNOHANG) == pid) return status;
        if (Clock::now() >= until) return std::nullopt;
        std::this_thread::sleep_for(pause);
    }
}

/// Becomes swtpm. Runs in the child, between fork and exec: only calls that are safe there.
[[noreturn]] void become(const char* program, const std::vector<char*>& arguments, pid_t parent) {
    // The TPM must not outlive the board, however that ends; and the parent may have ended before the request.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(125);
    ::setpgid(0, 0);  // Ctrl-C is for the board, which then ends its TPM in order
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const int nowhere = ::open("/dev/null", O_RDWR);
    for (const int standard : {0, 1, 2}) ::dup2(nowhere, standard);
    ::close_range(3, ~0U, 0);
    ::umask(0077);
    char* const no_environment[] = {nullptr};
    ::execve(program, arguments.data(), no_environment);
    ::_exit(126);
}

std::filesystem::path socket_of(const SimulatorPlaces& places) { return places.run / "tpm"; }
std::filesystem::path log_of(const SimulatorPlaces& places) { return places.run / "tpm.log"; }

void remove_sockets(const SimulatorPlaces& places) noexcept {
    std::error_code ignored;  // what is not there need not be removed
    std::filesystem::remove(socket_of(places), ignored);
    std::filesystem::remove(socket_of(places) += ".ctrl", ignored);
    std::filesystem::remove(log_of(places), ignored);
}

/// What swtpm said before it ended.
std::string last_words(const SimulatorPlaces& places) {
    std::ifstream log{log_of(places)};
    std::string line, words;
    while (std::getline(log, line)) words += (words.empty() ? "" : "; ") + line;
    return words;
}

std::unexpected<Error> ended_early(const SimulatorPlaces& places) {
    const std::string words = last_words(places);
    const std::string state = places.state.string();
    if (words.find("lockfile") != std::string::npos)
        return fail(ErrorCode::io, "Another simulator uses the TPM in " + state + ".",
                    "Stop it, or use another --state directory.");
    return fail(ErrorCode::io,
                "The simulated TPM did not start from " + state + (words.empty() ? "." : " (" + words + ")."),
                "Check that the directory can be written and has room; a damaged TPM means that the device must be "
                "provisioned again.");
}

Result<void> prepare(const SimulatorPlaces& places) {
    constexpr std::size_t longest = sizeof(sockaddr_un::sun_path) - 1;
    if (::access(places.program.c_str(), X_OK) != 0)
        return fail(ErrorCode::missing, "swtpm is not installed, so there is no TPM to simulate.",
                    "Install it: apt-get install swtpm.");
    if ((socket_of(places) += ".ctrl").native().size() > longest)
        return fail(ErrorCode::usage,
                    "The path of the run directory " + places.run.string() + " is too long for a socket.",
                    "Use a shorter one: at most 90 bytes.");
    for (const auto& path : {places.state, places.run})
        if (path.native().find(',') != std::string::npos)
            return fail(ErrorCode::usage, "The path " + path.string() + " has a comma in it, which swtpm cannot take.",
                        "Use a path without commas.");
    if (::mkdir(places.state.c_str(), 0700) != 0 && errno != EEXIST)
        return fail(ErrorCode::io,
                    "The TPM's directory " + places.state.string() + " cannot be made: " + std::strerror(errno) + ".",
                    "Check that the directory above it exists and can be written.");
    return {};
}

}  // namespace

Result<Simulator> Simulator::start(const SimulatorPlaces& places) {
    if (const auto ready = prepare(places); !ready) return std::unexpected{ready.error()};
    Simulator simulator{places};
    if (const auto launched = simulator.launch(); !launched) return std::unexpected{launched.error()};
    return simulator;
}

Result<void> Simulator::launch() {
    remove_sockets(places_);
    const std::string socket = socket_of(places_).string();
    std::vector<std::string> words{places_.program.string(),
                                   "socket",
                                   "--tpm2",
                                   "--tpmstate",
                                   "dir=" + places_.state.string(),
                                   "--server",
                                   "type=unixio,path=" + socket,
                                   "--ctrl",
                                   "type=unixio,path=" + socket + ".ctrl",  // libtss2 looks for it under this very name
                                   "--flags",
                                   "not-need-init,startup-clear",
                                   "--log",
                                   "file=" + log_of(places_).string() + ",level=1"};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);

    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child == 0) become(places_.program.c_str(), arguments, parent);
    if (child < 0)
        return fail(ErrorCode::io, "The simulated TPM could not be started.", "Close other programs and try again.");
    pid_ = child;

    const auto until = Clock::now() + start_patience;
    while (!ask(socket, are_you_there, answer_patience)) {
        if (!running()) return ended_early(places_);
        if (Clock::now() >= until) {
            power_cut();
            return fail(ErrorCode::io, "The simulated TPM does not answer.", "Close other programs and try again.");
        }
        std::this_thread::sleep_for(pause);
    }
    return {};
}

// Whoever has places_.run removes the sockets in the end: one of the two.
Simulator::Simulator(Simulator&& from) noexcept
    : places_{std::exchange(from.places_, {})}, pid_{std::exchange(from.pid_, -1)} {}

Simulator& Simulator::operator=(Simulator&& from) noexcept {
    if (this != &from) {
        power_cut();
        places_ = std::exchange(from.places_, {});
        pid_ = std::exchange(from.pid_, -1);
    }
    return *this;
}

Simulator::~Simulator() { power_cut(); }

std::string Simulator::tcti() const { return "swtpm:path=" + socket_of(places_).string(); }

bool Simulator::running() noexcept {
    if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) != 0) pid_ = -1;
    return pid_ > 0;
}

Result<void> Simulator::stop() {
    if (!running())
        return fail(ErrorCode::check_failed, "The simulated TPM had ended by itself.", "Start the device again.");
    const bool in_order = ask(socket_of(places_), shut_down, answer_patience);
    ::kill(pid_, SIGTERM);
    const auto status = wait_for_end(pid_, answer_patience);
    if (status) pid_ = -1;
    power_cut();
    if (!in_order || !status || !WIFEXITED(*status) || WEXITSTATUS(*status) != 0)
        return fail(ErrorCode::check_failed,
                    "The simulated TPM did not end in order, so its power was cut. Nothing is lost.",
                    "End the programs that use the TPM first.");
    return {};
}

void Simulator::power_cut() noexcept {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
    }
    if (!places_.run.empty()) remove_sockets(places_);
}

Result<void> Simulator::power_cycle() {
    power_cut();
    return launch();
}

}  // namespace basalt::tpm
