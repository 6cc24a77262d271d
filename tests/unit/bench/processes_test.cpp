#include "scenarios/bench/processes.h"

#include "tests/unit/bench/stand_ins.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

namespace basalt::bench {
namespace {

using test::start;

bool said_something(const hal::Seqpacket& channel, int within_ms) {
    const std::array ends{channel.get()};
    return hal::wait_readable(ends, within_ms) != 0;
}

// A boot that has said that the two below it are started.
Process boot_with_children() {
    EXPECT_TRUE(adopt_orphans());
    auto pair = hal::make_seqpacket_pair();
    auto pid = start("boot", {pair->b.get()});
    hal::Seqpacket channel{std::move(pair->a)};
    pair->b = {};
    EXPECT_TRUE(said_something(channel, 20'000));
    return *Process::hold(*pid);
}

TEST(Processes, AKilledProcessIsGoneWithItsChannelsWhenKillReturns) {
    auto pair = hal::make_seqpacket_pair();
    ASSERT_TRUE(pair);
    auto process = Process::hold(*start("firmware", {pair->b.get()}));
    ASSERT_TRUE(process);
    pair->b = {};
    EXPECT_TRUE(process->alive());
    ASSERT_TRUE(process->kill());
    EXPECT_FALSE(process->alive());
    hal::Seqpacket channel{std::move(pair->a)};
    std::array<std::uint8_t, max_frame_size> in;
    EXPECT_EQ(channel.receive(in).arrival, hal::Arrival::ended);
    EXPECT_TRUE(process->kill()) << "killing what is gone does nothing";
}

TEST(Processes, KillingBootTakesEverythingBelowItAlong) {
    Process boot = boot_with_children();
    const auto below = children_of(boot.pid());
    ASSERT_EQ(below.size(), 2U);
    auto first = Process::hold(below[0]);
    auto second = Process::hold(below[1]);
    ASSERT_TRUE(boot.kill_tree());
    EXPECT_FALSE(boot.alive());
    EXPECT_FALSE(first->alive());
    EXPECT_FALSE(second->alive());
    for (const pid_t left : children_of(::getpid())) EXPECT_NE(left, below[0]) << "no orphan stays with us";
}

TEST(Processes, AHangingProcessStandsStillButItsChannelStays) {
    auto pair = hal::make_seqpacket_pair();
    auto process = Process::hold(*start("guardian", {pair->b.get()}));
    pair->b = {};
    hal::Seqpacket board{std::move(pair->a)};
    ASSERT_TRUE(said_something(board, 20'000));  // its MemoryRead: it runs
    std::array<std::uint8_t, max_frame_size> in;
    ASSERT_EQ(board.receive(in).arrival, hal::Arrival::frame);
    ASSERT_TRUE(process->hang());
    EXPECT_TRUE(board.send(hal::BoardFrames::encode(hal::MemoryData{}).view()));
    EXPECT_FALSE(said_something(board, 0)) << "a hanging guardian answers nothing";
    process->resume();
    EXPECT_TRUE(said_something(board, 20'000)) << "and goes on where it stood";
    ASSERT_TRUE(process->kill());
}

TEST(Processes, ACommandLineTellsWhichPartAProcessIs) {
    Process boot = boot_with_children();
    const auto below = children_of(boot.pid());
    ASSERT_EQ(below.size(), 2U);
    // The words appear with the exec, which the fork that children_of() sees may not have reached yet.
    for (int i = 0; i < 10'000 && command_line(below[0]).size() < 3; ++i) ::usleep(1'000);
    ASSERT_EQ(command_line(below[0]).size(), 3U);
    EXPECT_EQ(command_line(below[0])[2], "basalt-firmware");
    ASSERT_TRUE(boot.kill_tree());
}

TEST(Processes, AProcessThatIsNotThereCannotBeHeld) {
    auto process = Process::hold(*start("frantic"));
    ASSERT_TRUE(process);
    ASSERT_TRUE(process->kill());
    EXPECT_FALSE(Process::hold(process->pid())) << "it was reaped: nobody has this number";
}

}  // namespace
}  // namespace basalt::bench
