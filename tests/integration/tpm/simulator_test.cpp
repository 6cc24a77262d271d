#include "tpm/simulator.h"

#include "tests/integration/tpm/fresh_tpm.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <fstream>
#include <signal.h>

namespace basalt::tpm {
namespace {

using namespace test;

class SimulatorTest : public testing::Test {
  protected:
    SimulatorPlaces places() const { return {.state = directory_.path() / "state", .run = directory_.path()}; }
    TemporaryDirectory directory_;
};

bool is_alive(pid_t pid) { return ::kill(pid, 0) == 0; }

TEST_F(SimulatorTest, StopsInOrderAndLeavesNoProcessSocketOrLock) {
    auto simulator = must(Simulator::start(places()));
    const pid_t pid = simulator.pid();
    ASSERT_TRUE(simulator.running());
    must(simulator.stop());
    EXPECT_FALSE(is_alive(pid));
    EXPECT_FALSE(std::filesystem::exists(directory_.path() / "tpm"));
    EXPECT_FALSE(std::filesystem::exists(directory_.path() / "tpm.ctrl"));
    EXPECT_TRUE(Simulator::start(places()));
}

TEST_F(SimulatorTest, ItsEndTakesTheProcessAlong) {
    pid_t pid = 0;
    {
        const auto simulator = must(Simulator::start(places()));
        pid = simulator.pid();
        ASSERT_TRUE(is_alive(pid));
    }
    EXPECT_FALSE(is_alive(pid));
}

TEST_F(SimulatorTest, StoppedWhileSomebodyIsConnectedItCutsThePowerAndSaysSo) {
    auto simulator = must(Simulator::start(places()));
    const auto tpm = must(Tpm::connect(simulator.tcti()));
    const auto stopped = simulator.stop();
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::check_failed);
    EXPECT_FALSE(simulator.running());
}

TEST_F(SimulatorTest, AResetStartsThePcrsFromZeroAndKeepsTheCountersAndTheAddress) {
    auto simulator = must(Simulator::start(places()));
    const std::string address = simulator.tcti();
    std::uint32_t resets = 0;
    {
        auto tpm = must(Tpm::connect(address));
        must(extend(tpm, 0, measurement(1)));
        must(define(tpm, version_counter));
        must(increment(tpm, version_counter));
        resets = must(tpm.reset_count());
        must(simulator.power_cycle());  // while somebody is connected: a reset asks nobody
        EXPECT_FALSE(read_pcrs(tpm)) << "the old connection is dead";
    }
    EXPECT_EQ(simulator.tcti(), address);
    auto tpm = must(Tpm::connect(address));
    EXPECT_EQ(must(read_pcrs(tpm)), PcrValues{});
    EXPECT_EQ(must(read_counter(tpm, version_counter)), 1U);
    EXPECT_GT(must(tpm.reset_count()), resets);
}

TEST_F(SimulatorTest, ATpmThatDiesIsNoticedWithoutWaiting) {
    auto simulator = must(Simulator::start(places()));
    siginfo_t info{};
    ::kill(simulator.pid(), SIGKILL);
    ::waitid(P_PID, static_cast<id_t>(simulator.pid()), &info, WEXITED | WNOWAIT);
    EXPECT_FALSE(simulator.running());
    EXPECT_EQ(Tpm::connect(simulator.tcti()).error().code, ErrorCode::missing);
}

TEST_F(SimulatorTest, StartedAgainWhileItRunsTheSecondIsRefusedAndTheFirstGoesOn) {
    auto first = must(Simulator::start(places()));
    TemporaryDirectory elsewhere;
    const auto second = Simulator::start({.state = places().state, .run = elsewhere.path()});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::io);
    EXPECT_NE(second.error().what.find("Another simulator"), std::string::npos) << second.error().what;
    EXPECT_TRUE(first.running());
    EXPECT_TRUE(Tpm::connect(first.tcti()));
}

TEST_F(SimulatorTest, WithoutSwtpmItSaysWhatToInstall) {
    auto without = places();
    without.program = directory_.path() / "swtpm";
    const auto simulator = Simulator::start(without);
    ASSERT_FALSE(simulator);
    EXPECT_EQ(simulator.error().code, ErrorCode::missing);
    EXPECT_NE(simulator.error().next_step.find("apt-get install swtpm"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(places().state)) << "nothing is made where nothing can run";
}

TEST_F(SimulatorTest, APathThatIsTooLongForASocketIsSaidSo) {
    auto deep = places();
    deep.run = directory_.path() / std::string(100, 'd');
    std::filesystem::create_directories(deep.run);
    EXPECT_EQ(Simulator::start(deep).error().code, ErrorCode::usage);
}

TEST_F(SimulatorTest, ADamagedMemoryIsRefusedInWordsAndLeftAsItIs) {
    must(must(Simulator::start(places())).stop());
    const auto memory = places().state / "tpm2-00.permall";
    ASSERT_TRUE(std::filesystem::exists(memory));
    std::ofstream{memory} << "no TPM's memory";
    const auto simulator = Simulator::start(places());
    ASSERT_FALSE(simulator);
    EXPECT_EQ(simulator.error().code, ErrorCode::io);
    EXPECT_EQ(std::filesystem::file_size(memory), 15U);
}

TEST_F(SimulatorTest, NobodyElseOnTheComputerCanReadItsMemory) {
    const auto simulator = must(Simulator::start(places()));
    struct stat status{};
    ASSERT_EQ(::stat(places().state.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

TEST_F(SimulatorTest, ItDiesWithTheProcessThatStartedIt) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t board = ::fork();
    if (board == 0) {
        const auto simulator = Simulator::start(places());
        const pid_t pid = simulator ? simulator->pid() : -1;
        (void)!::write(pipe[1], &pid, sizeof pid);
        ::pause();
        ::_exit(0);
    }
    pid_t tpm = -1;
    ASSERT_EQ(::read(pipe[0], &tpm, sizeof tpm), static_cast<ssize_t>(sizeof tpm));
    ASSERT_GT(tpm, 0);
    ::kill(board, SIGKILL);
    ::waitpid(board, nullptr, 0);
    // The kernel kills the orphan now; it is gone when its lock on the memory is free.
    for (int i = 0; i < 10'000; ++i) {
        if (Simulator::start(places())) return;
        ::sched_yield();
    }
    FAIL() << "swtpm outlived its board";
}

TEST(TpmAddress, AnotherWordThanTheTwoIsRefused) {
    const auto tpm = Tpm::connect("tabrmd:");
    ASSERT_FALSE(tpm);
    EXPECT_EQ(tpm.error().code, ErrorCode::usage);
    EXPECT_EQ(Tpm::connect("device:/dev/null-tpm").error().code, ErrorCode::missing);
}

}  // namespace
}  // namespace basalt::tpm
