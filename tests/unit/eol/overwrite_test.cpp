// Overwriting and its proof, on real files.
#include "eol/core/overwrite.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace basalt::eol {
namespace {

Secret key_of(std::uint8_t first) {
    Secret key;
    key.bytes()[0] = first;
    return key;
}

Result<Overwritten> overwrite_file(int file, const Secret& key) {
    FileMedium medium{file};
    return overwrite(medium, key);
}

/// Keeps everything but one byte; or ends early.
class WornMedium final : public Medium {
  public:
    WornMedium(std::size_t size, std::size_t worn) : bytes_(size, 0xAA), worn_(worn) {}
    Result<std::uint64_t> size() override { return bytes_.size(); }
    Result<void> write(std::uint64_t at, std::span<const std::uint8_t> bytes) override {
        std::ranges::copy(bytes, bytes_.begin() + static_cast<std::ptrdiff_t>(at));
        if (worn_ >= at && worn_ - at < bytes.size()) bytes_[worn_] ^= 1;
        return {};
    }
    Result<void> settle() override {
        settled_ = true;
        return {};
    }
    Result<std::size_t> read(std::uint64_t at, std::span<std::uint8_t> out) override {
        EXPECT_TRUE(settled_) << "otherwise a cache is compared with itself";
        const std::size_t have = std::min(out.size(), end - std::min<std::size_t>(at, end));
        std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at), have, out.begin());
        return have;
    }
    std::size_t end = SIZE_MAX;

  private:
    std::vector<std::uint8_t> bytes_;
    std::size_t worn_;
    bool settled_ = false;
};

class OverwriteTest : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string name = "/tmp/basalt-overwrite-XXXXXX";
        file_ = ::mkstemp(name.data());
        ASSERT_GE(file_, 0);
        ::unlink(name.c_str());
    }
    void TearDown() override { ::close(file_); }
    void fill(std::size_t size, const std::string& with) {
        std::string text;
        while (text.size() < size) text += with;
        ASSERT_EQ(::pwrite(file_, text.data(), size, 0), static_cast<ssize_t>(size));
    }
    std::string content() {
        std::string text(static_cast<std::size_t>(::lseek(file_, 0, SEEK_END)), '\0');
        EXPECT_EQ(::pread(file_, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
        return text;
    }
    int file_ = -1;
};

TEST_F(OverwriteTest, NothingThatStoodThereIsLeftAndTheSizeStays) {
    for (const std::size_t size :
         {std::size_t{1}, std::size_t{4'095}, std::size_t{(1U << 20U) + 17}, std::size_t{3U << 20U}}) {
        ASSERT_EQ(::ftruncate(file_, 0), 0);
        fill(size, "planted marker ");
        const auto done = overwrite_file(file_, key_of(1));
        ASSERT_TRUE(done);
        EXPECT_EQ(done->bytes, size);
        EXPECT_EQ(done->differs_at, std::nullopt);
        const std::string now = content();
        EXPECT_EQ(now.size(), size);
        EXPECT_EQ(now.find("planted"), std::string::npos);
    }
}

TEST_F(OverwriteTest, TheStreamIsItsKeysOwnAndNowhereRepeatsItself) {
    fill(2U << 20U, std::string(1, '\0'));
    ASSERT_TRUE(overwrite_file(file_, key_of(1)));
    const std::string one = content();
    ASSERT_TRUE(overwrite_file(file_, key_of(2)));
    const std::string two = content();
    EXPECT_NE(one, two);
    EXPECT_NE(one.substr(0, 1U << 20U), one.substr(1U << 20U)) << "the second mebibyte goes on where the first ended";
    const auto zeros = std::ranges::count(one, '\0');
    EXPECT_NEAR(static_cast<double>(zeros), static_cast<double>(one.size()) / 256, 500) << "no long run of one byte";
}

TEST_F(OverwriteTest, AnEmptyFileIsDoneAtOnce) {
    const auto done = overwrite_file(file_, key_of(1));
    ASSERT_TRUE(done);
    EXPECT_EQ(done->bytes, 0U);
}

TEST(Overwrite, AByteThatDoesNotKeepWhatWasWrittenIsFoundWhereverItIs) {
    constexpr std::size_t size = (2U << 20U) + 5;
    for (const std::size_t worn : {std::size_t{0}, std::size_t{4'096}, std::size_t{1U << 20U}, size - 1}) {
        WornMedium medium{size, worn};
        EXPECT_EQ(overwrite(medium, key_of(1))->differs_at, worn);
    }
    WornMedium sound{size, SIZE_MAX};
    EXPECT_EQ(overwrite(sound, key_of(1))->differs_at, std::nullopt);
    WornMedium shorter{size, SIZE_MAX};
    shorter.end = 7;
    EXPECT_EQ(overwrite(shorter, key_of(1))->differs_at, 7U) << "what is missing was not overwritten";
}

TEST_F(OverwriteTest, AFileThatCannotBeWrittenIsAnErrorInTheSystemsWords) {
    fill(100, "x");
    const int reader = ::open(("/proc/self/fd/" + std::to_string(file_)).c_str(), O_RDONLY | O_CLOEXEC);
    ASSERT_GE(reader, 0);
    const auto done = overwrite_file(reader, key_of(1));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::io);
    EXPECT_NE(done.error().what.find("Bad file descriptor"), std::string::npos) << done.error().what;
    ::close(reader);
}

}  // namespace
}  // namespace basalt::eol
