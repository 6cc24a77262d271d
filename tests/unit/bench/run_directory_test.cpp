#include "scenarios/bench/run_directory.h"

#include "tests/unit/bench/stand_ins.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <poll.h>

namespace basalt::bench {
namespace {

namespace fs = std::filesystem;

TEST(RunDirectory, IsPrivateShortAndGoneAfterwards) {
    std::string path;
    {
        auto run = RunDirectory::make();
        ASSERT_TRUE(run);
        path = run->path();
        EXPECT_LE(path.size(), 60U);
        struct stat is{};
        ASSERT_EQ(::stat(path.c_str(), &is), 0);
        EXPECT_EQ(is.st_mode & 0777, 0700U);
        EXPECT_EQ(is.st_uid, ::geteuid());
        std::ofstream{path + "/socket"} << "x";
        fs::create_directory(path + "/below");
    }
    EXPECT_FALSE(fs::exists(path));
}

TEST(RunDirectory, ALongOrWrongPlaceIsNotTaken) {
    const char* before = std::getenv("XDG_RUNTIME_DIR");
    const std::string kept = before != nullptr ? before : "";
    for (const std::string& place :
         {std::string(90, 'x').insert(0, "/tmp/"), std::string{"relative"}, std::string{"/nowhere"}}) {
        ::setenv("XDG_RUNTIME_DIR", place.c_str(), 1);
        auto run = RunDirectory::make();
        ASSERT_TRUE(run) << place;
        EXPECT_TRUE(run->path().starts_with("/tmp/basalt-")) << run->path();
    }
    if (before != nullptr)
        ::setenv("XDG_RUNTIME_DIR", kept.c_str(), 1);
    else
        ::unsetenv("XDG_RUNTIME_DIR");
}

// What stays when a simulator is ended by `signal`: nothing. It runs as a stand-in with a boot, a firmware, a gateway.
void nothing_stays_after(int signal) {
    ASSERT_TRUE(adopt_orphans());
    int out[2];
    ASSERT_EQ(::pipe2(out, O_CLOEXEC), 0);
    const pid_t simulator = ::fork();
    if (simulator == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that fails here leaves nothing behind
        ::dup2(out[1], 1);
        ::execl(test::stand_in.c_str(), test::stand_in.c_str(), "simulator", nullptr);
        ::_exit(127);
    }
    ::close(out[1]);
    FILE* said = ::fdopen(out[0], "r");
    char path[128];
    int boot = -1;
    ASSERT_EQ(std::fscanf(said, "%127s %d", path, &boot), 2);
    ASSERT_TRUE(fs::exists(path));
    auto boot_process = Process::hold(boot);
    ASSERT_TRUE(boot_process);
    // Two below the simulator (janitor and boot), two below boot: wait until all are there.
    std::vector<Process> all;
    for (int i = 0; i < 10'000 && (children_of(simulator).size() < 2 || children_of(boot).size() < 2); ++i)
        ::usleep(1'000);
    for (const pid_t parent : {simulator, pid_t{boot}})
        for (const pid_t child : children_of(parent)) all.push_back(*Process::hold(child));
    ASSERT_EQ(all.size(), 4U);

    ::kill(simulator, signal);
    ::waitpid(simulator, nullptr, 0);
    for (Process& process : all) {
        pollfd event{process.gone_event(), POLLIN, 0};
        EXPECT_EQ(::poll(&event, 1, 20'000), 1) << "process " << process.pid() << " stays";
        ::waitpid(process.pid(), nullptr, WNOHANG);
    }
    EXPECT_FALSE(fs::exists(path));
    ::fclose(said);
}

TEST(RunDirectory, NothingStaysWhenTheSimulatorIsKilled) { nothing_stays_after(SIGKILL); }
TEST(RunDirectory, NothingStaysWhenTheSimulatorCrashes) { nothing_stays_after(SIGSEGV); }
TEST(RunDirectory, NothingStaysAfterCtrlC) { nothing_stays_after(SIGINT); }

}  // namespace
}  // namespace basalt::bench
