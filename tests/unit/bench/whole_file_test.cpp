#include "scenarios/bench/whole_file.h"

#include "tests/support/scratch.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <unistd.h>

namespace basalt::bench {
namespace {

namespace fs = std::filesystem;

struct WholeFile : ::testing::Test {
    basalt::test::Scratch scratch;
    fs::path file = scratch.path() / "log.txt";
    std::string content(const fs::path& of) const {
        const auto text = read_whole_file(of, "The log", "Name another.", 1'000);
        return text ? *text : text.error().what;
    }
    std::size_t files() const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator{scratch.path()}, {}));
    }
};

TEST_F(WholeFile, ANewOneIsItsOwnersAloneAndLeavesNothingBesideIt) {
    ASSERT_TRUE(write_whole_file(file, "The log", "new"));
    EXPECT_EQ(content(file), "new");
    EXPECT_EQ(fs::status(file).permissions(), fs::perms{0600});
    EXPECT_EQ(files(), 1U);
}

TEST_F(WholeFile, AnOldOneKeepsItsPermissions) {
    std::ofstream{file} << "old and longer";
    for (const unsigned mode : {0644U, 0600U, 0664U}) {
        fs::permissions(file, fs::perms{mode});
        ASSERT_TRUE(write_whole_file(file, "The log", "new"));
        EXPECT_EQ(content(file), "new");
        EXPECT_EQ(fs::status(file).permissions(), fs::perms{mode});
    }
    EXPECT_EQ(files(), 1U);
}

TEST_F(WholeFile, NoLinkThatSomebodyPutBesideItIsFollowed) {
    const fs::path victim = scratch.path() / "victim";
    std::ofstream{victim} << "precious";
    fs::create_symlink(victim, file.string() + ".part");
    fs::create_symlink(victim, file.string() + "." + std::to_string(::getpid()) + "-0.part");
    ASSERT_TRUE(write_whole_file(file, "The log", "new"));
    EXPECT_EQ(content(victim), "precious");
    EXPECT_EQ(content(file), "new");
    EXPECT_FALSE(fs::is_symlink(file));
}

TEST_F(WholeFile, AFolderIsNotReplaced) {
    fs::create_directory(file);
    const auto written = write_whole_file(file, "The log", "new");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::refused);
    EXPECT_EQ(files(), 1U);
}

}  // namespace
}  // namespace basalt::bench
