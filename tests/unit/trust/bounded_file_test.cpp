#include "device/firmware/trust/bounded_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace basalt::firmware {
namespace {
namespace fs = std::filesystem;

class BoundedFile : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "basalt-bounded-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder = name;
        std::ofstream{folder / "genuine"} << "12345678";
        ::alarm(20);  // a read that waits for ever ends the test, and not only the patience of whoever runs it
    }
    void TearDown() override {
        ::alarm(0);
        fs::remove_all(folder);
    }
    ErrorCode refusal(const fs::path& file, std::size_t longest = 100) const {
        const auto bytes = read_bounded(file, longest);
        EXPECT_FALSE(bytes);
        if (bytes) return ErrorCode::usage;
        EXPECT_NE(bytes.error().what.find(file.string()), std::string::npos);
        return bytes.error().code;
    }
    fs::path folder;
};

TEST_F(BoundedFile, IsReadWholeUpToItsBoundAndNotBeyond) {
    EXPECT_EQ(read_bounded(folder / "genuine", 8)->size(), 8U);
    EXPECT_EQ(refusal(folder / "genuine", 7), ErrorCode::unreadable);
    EXPECT_EQ(refusal(folder / "none"), ErrorCode::missing);
}

TEST_F(BoundedFile, APipeInItsPlaceIsRefusedAndNotWaitedFor) {
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    EXPECT_EQ(refusal(folder / "pipe"), ErrorCode::unreadable);
}

TEST_F(BoundedFile, ALinkADeviceOrAFolderInItsPlaceIsRefused) {
    fs::create_symlink(folder / "genuine", folder / "link");
    EXPECT_EQ(refusal(folder / "link"), ErrorCode::unreadable);
    EXPECT_EQ(refusal("/dev/zero"), ErrorCode::unreadable);
    EXPECT_EQ(refusal(folder), ErrorCode::unreadable);
}

}  // namespace
}  // namespace basalt::firmware
