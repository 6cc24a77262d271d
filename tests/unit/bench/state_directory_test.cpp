#include "scenarios/bench/state_directory.h"

#include "tests/support/scratch.h"

#include <gtest/gtest.h>

#include <fstream>
#include <unistd.h>

namespace basalt::bench {
namespace {

namespace fs = std::filesystem;

struct StateDirectoryTest : ::testing::Test {
    void SetUp() override {
        for (const char* part : {"flash/db", "flash/boot", "chip/tpm", "host"}) fs::create_directories(state / part);
        std::ofstream{state / "state.toml"}
            << factory::to_toml({.variant = Variant::training, .switched_off = 0, .seed = 9, .device = {}});
    }
    basalt::test::Scratch scratch;
    fs::path state = scratch.path() / "device";
};

TEST_F(StateDirectoryTest, IsHeldByOneAndFreeAfterwards) {
    {
        const auto first = StateDirectory::open(state);
        ASSERT_TRUE(first) << first.error().what;
        EXPECT_EQ(first->what().seed, 9U);
        const auto second = StateDirectory::open(state);
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, ErrorCode::refused);
        const auto starting = holder_of(state);
        ASSERT_TRUE(starting) << "it can be asked to end before it is switched on";
        EXPECT_EQ(starting->process, ::getpid());
        EXPECT_FALSE(starting->alive);
        first->note_alive();
        EXPECT_EQ(holder_of(state)->process, ::getpid());
        EXPECT_TRUE(holder_of(state)->alive);
    }
    EXPECT_EQ(holder_of(state)->process, 0) << "the note may stay; the lock is what counts";
    const auto next = StateDirectory::open(state);
    ASSERT_TRUE(next);
    EXPECT_FALSE(holder_of(state)->alive) << "what an earlier one has noted does not hold for this one";
}

TEST_F(StateDirectoryTest, WhatIsNoDeviceIsSaidWithTheRemedy) {
    EXPECT_EQ(StateDirectory::open(scratch.path() / "nowhere").error().code, ErrorCode::missing);
    EXPECT_EQ(holder_of(scratch.path() / "nowhere").error().code, ErrorCode::missing);
    EXPECT_FALSE(fs::exists(scratch.path() / "nowhere"));
}

TEST_F(StateDirectoryTest, ALockThatIsASymbolicLinkIsNotFollowed) {
    std::ofstream{scratch.path() / "victim"} << "precious";
    fs::create_symlink(scratch.path() / "victim", state / "host" / "running");
    EXPECT_EQ(StateDirectory::open(state).error().code, ErrorCode::io);
    EXPECT_EQ(fs::file_size(scratch.path() / "victim"), 8U);
}

TEST(DefaultStateDirectory, FollowsTheUsersSettings) {
    const auto with = [](const char* state_home, const char* home) {
        state_home != nullptr ? ::setenv("XDG_STATE_HOME", state_home, 1) : ::unsetenv("XDG_STATE_HOME");
        home != nullptr ? ::setenv("HOME", home, 1) : ::unsetenv("HOME");
        return default_state_directory();
    };
    EXPECT_EQ(with("/states", "/home/x"), fs::path{"/states/basalt"});
    EXPECT_EQ(with(nullptr, "/home/x"), fs::path{"/home/x/.local/state/basalt"});
    EXPECT_EQ(with("relative", "/home/x"), fs::path{"/home/x/.local/state/basalt"})
        << "the specification says: ignore it";
    EXPECT_EQ(with(nullptr, nullptr).error().code, ErrorCode::missing);
}

}  // namespace
}  // namespace basalt::bench
