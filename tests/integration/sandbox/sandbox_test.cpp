// What an attacker inside one of the device's programs tries against the rest of the machine. Each act is first seen to
// work without the sandbox: an act that cannot succeed would prove nothing.
#include "device/common/sandbox/sandbox.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <unistd.h>

namespace basalt::sandbox {
namespace {
namespace fs = std::filesystem;
const std::string probe = std::string{BASALT_BINARY_DIR} + "/bin/basalt-sandbox-probe";

enum class Outcome { refused, succeeded, not_confined, broken };

Outcome run_probe(const std::string& program, const fs::path& own, const std::string& act, const std::string& target) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::execl(probe.c_str(), probe.c_str(), program.c_str(), own.c_str(), act.c_str(), target.c_str(), nullptr);
        ::_exit(2);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) return WTERMSIG(status) == SIGSYS ? Outcome::refused : Outcome::broken;
    if (!WIFEXITED(status)) return Outcome::broken;
    if (WEXITSTATUS(status) == 4) return Outcome::not_confined;
    return WEXITSTATUS(status) == 0   ? Outcome::refused
           : WEXITSTATUS(status) == 1 ? Outcome::succeeded
                                      : Outcome::broken;
}

/// A folder outside of every grant, with a victim of each kind in it.
class Sandbox : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "basalt-sandbox-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder = name;
        own = folder / "own";
        fs::create_directory(own);
        database = folder / "patient.db";
        std::ofstream{database} << "ten years of glucose";
        path_socket = listen_unix(SOCK_STREAM, folder / "s", false);
        path_datagrams = listen_unix(SOCK_DGRAM, folder / "d", false);
        abstract_name = "basalt-" + std::to_string(::getpid());
        abstract_socket = listen_unix(SOCK_STREAM, abstract_name, true);
        tcp = ::socket(AF_INET, SOCK_STREAM, 0);
        udp = ::socket(AF_INET, SOCK_DGRAM, 0);
        sockaddr_in any{};
        any.sin_family = AF_INET;
        any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ASSERT_EQ(::bind(tcp, reinterpret_cast<sockaddr*>(&any), sizeof any), 0);
        ASSERT_EQ(::listen(tcp, 5), 0);
        ASSERT_EQ(::bind(udp, reinterpret_cast<sockaddr*>(&any), sizeof any), 0);
        new_victim();
    }
    void TearDown() override {
        ::kill(victim, SIGKILL);
        ::waitpid(victim, nullptr, 0);
        for (const int fd : {path_socket, path_datagrams, abstract_socket, tcp, udp}) ::close(fd);
        fs::remove_all(folder);
    }

    void new_victim() {
        victim = ::fork();
        if (victim == 0) {
            for (;;) ::pause();
        }
    }
    static int listen_unix(int kind, const std::string& name, bool abstract) {
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        std::strncpy(at.sun_path + (abstract ? 1 : 0), name.c_str(), sizeof at.sun_path - 2);
        const int fd = ::socket(AF_UNIX, kind, 0);
        const auto size = offsetof(sockaddr_un, sun_path) + name.size() + 1;
        EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&at), static_cast<socklen_t>(size)), 0)
            << std::strerror(errno);
        if (kind == SOCK_STREAM) {
            EXPECT_EQ(::listen(fd, 5), 0);
        }
        return fd;
    }
    static std::string port_of(int fd) {
        sockaddr_in at{};
        socklen_t size = sizeof at;
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
        return std::to_string(ntohs(at.sin_port));
    }
    bool victim_alive() const { return ::waitpid(victim, nullptr, WNOHANG) == 0; }
    std::string content() const {
        std::ifstream in{database};
        std::string text;
        std::getline(in, text);
        return text;
    }

    struct Act {
        std::string name, target;
    };
    std::vector<Act> acts() const {
        const auto pid = std::to_string(victim);
        return {{"truncate", database},
                {"open-to-truncate", database},
                {"open-to-read", database},
                {"unlink", database},
                {"connect-to-path-socket", folder / "s"},
                {"connect-to-abstract-socket", abstract_name},
                {"send-to-path-socket", folder / "d"},
                {"limit-another", pid},
                {"read-limits-of-another", pid},
                {"change-mode", database},
                {"change-mode-beside", database},
                {"change-mode-of-a-descriptor", "0"},
                {"change-times", database},
                {"look-at", database},
                {"open-its-name-alone", database},
                {"block-a-neighbours-descriptor", "0"},
                {"raise-through-a-descriptor", pid},
                {"signal", pid},
                {"signal-thread", pid},
                {"signal-by-pidfd", pid},
                {"execute", folder / "executed"},
                {"connect-over-tcp", port_of(tcp)},
                {"send-over-udp", port_of(udp)},
                {"listen-over-tcp", "0"},
                {"make-code", "0"},
                {"use-io-uring", "0"}};
    }

    /// What boot keeps, and why: policies.h.
    static bool kept(const std::string& program, const std::string& act) {
        if (program.starts_with("boot") && act == "make-code") return true;  // it starts programs, and those load code
        // It opens its folder by name alone, and the programs that it starts connect to the TPM before they confine
        // themselves.
        if (program.starts_with("boot") &&
            (act == "look-at" || act == "open-its-name-alone" || act == "block-a-neighbours-descriptor"))
            return true;
        if (program == "firmware" && act == "look-at") return true;  // SQLite asks for its files' metadata
        return program == "boot" && act.ends_with("-path-socket");   // until it has let go of the TPM
    }

    fs::path folder, own, database;
    std::string abstract_name;
    int path_socket = -1, path_datagrams = -1, abstract_socket = -1, tcp = -1, udp = -1;
    pid_t victim = -1;
};

TEST_F(Sandbox, EveryActWorksWithoutIt) {
    for (std::size_t i = 0; i < acts().size(); ++i) {
        const Act act = acts()[i];                 // with the victim of now
        if (act.name == "use-io-uring") continue;  // a machine may forbid it to everybody
        SCOPED_TRACE(act.name);
        if (act.name == "execute") {
            run_probe("none", own, act.name, act.target);
            EXPECT_TRUE(fs::exists(act.target));
        } else {
            EXPECT_EQ(run_probe("none", own, act.name, act.target), Outcome::succeeded);
        }
        std::ofstream{database} << "ten years of glucose";
        if (act.name.starts_with("signal") || act.name == "raise-through-a-descriptor") {
            int ended = 0;
            ASSERT_EQ(::waitpid(victim, &ended, 0), victim);
            EXPECT_TRUE(WIFSIGNALED(ended));
            new_victim();
        }
    }
}

TEST_F(Sandbox, NoProgramReachesAnythingThatIsNotItsOwn) {
    const long abi = ::syscall(444, nullptr, 0UL, 1U);
    ASSERT_GE(abi, 1) << "this kernel has no Landlock";
    for (const std::string program : {"guardian", "boot", "boot_launched", "firmware", "gateway"})
        for (const Act& act : acts()) {
            SCOPED_TRACE(program + " tries to " + act.name);
            if (kept(program, act.name)) continue;
            // Older kernels: Landlock bounds neither signals nor abstract sockets, and boot needs both system calls.
            if (abi < 6 && program.starts_with("boot") &&
                (act.name.starts_with("signal") || act.name == "connect-to-abstract-socket"))
                continue;
            EXPECT_EQ(run_probe(program, own, act.name, act.target), Outcome::refused);
            EXPECT_TRUE(victim_alive());
            EXPECT_EQ(content(), "ten years of glucose");
            EXPECT_FALSE(fs::exists(folder / "executed"));
        }
    for (const int fd : {path_socket, abstract_socket, tcp}) {
        ::fcntl(fd, F_SETFL, O_NONBLOCK);
        EXPECT_LT(::accept(fd, nullptr, nullptr), 0);
    }
    char byte = 0;
    EXPECT_LT(::recv(path_datagrams, &byte, 1, MSG_DONTWAIT), 0);
    EXPECT_LT(::recv(udp, &byte, 1, MSG_DONTWAIT), 0);
}

TEST_F(Sandbox, WhoHasAFolderCanUseItAndTheOthersNot) {
    std::ofstream{own / "mine"} << "x";
    for (const std::string program : {"boot", "boot_launched", "firmware"}) {
        EXPECT_EQ(run_probe(program, own, "open-to-read", own / "mine"), Outcome::succeeded) << program;
        EXPECT_EQ(run_probe(program, own, "open-to-truncate", own / "mine"), Outcome::succeeded) << program;
    }
    for (const std::string program : {"guardian", "gateway"})
        EXPECT_EQ(run_probe(program, own, "open-to-read", own / "mine"), Outcome::refused) << program;
}

}  // namespace
}  // namespace basalt::sandbox
