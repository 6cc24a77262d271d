#include "scenarios/bench/board_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace basalt::bench {
namespace {

namespace fs = std::filesystem;

struct BoardFiles : ::testing::Test {
    void SetUp() override {
        std::string name = fs::temp_directory_path() / "basalt-test-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        place = name;
    }
    void TearDown() override { fs::remove_all(place); }
    std::vector<char> bytes(const fs::path& file) {
        std::ifstream in{file, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    void put(const fs::path& file, const std::vector<char>& content) {
        std::ofstream{file, std::ios::binary | std::ios::trunc}.write(content.data(),
                                                                      static_cast<std::streamsize>(content.size()));
    }
    fs::path place;
    const BoardRecord fresh{{0}, {0}, true, 0, 300'000};
};

TEST_F(BoardFiles, TheMotorsPlaceOutlivesTheRun) {
    const BoardRecord later{{77'000}, {77'000}, false, 12'345, 287'655};
    {
        auto motor = MotorFile::open(place / "motor", fresh);
        ASSERT_TRUE(motor);
        EXPECT_EQ(motor->last(), fresh);
        EXPECT_TRUE(motor->keep(later));
    }
    auto motor = MotorFile::open(place / "motor", fresh);
    ASSERT_TRUE(motor);
    EXPECT_EQ(motor->last(), later);
}

TEST_F(BoardFiles, AWriteThatIsCutAnywhereLeavesTheRecordBeforeIt) {
    const BoardRecord before{{10}, {10}, true, 100, 299'900};
    const BoardRecord after{{20}, {20}, true, 200, 299'800};
    {
        auto motor = MotorFile::open(place / "motor", fresh);
        ASSERT_TRUE(motor->keep(before));
    }
    const auto old_bytes = bytes(place / "motor");
    {
        auto motor = MotorFile::open(place / "motor", fresh);
        ASSERT_TRUE(motor->keep(after));
    }
    const auto new_bytes = bytes(place / "motor");
    ASSERT_EQ(old_bytes.size(), new_bytes.size());
    for (std::size_t cut = 0; cut <= new_bytes.size(); ++cut) {
        auto torn = old_bytes;
        std::copy_n(new_bytes.begin(), cut, torn.begin());
        put(place / "torn", torn);
        auto motor = MotorFile::open(place / "torn", fresh);
        ASSERT_TRUE(motor) << cut;
        EXPECT_TRUE(motor->last() == before || motor->last() == after) << cut;
    }
}

TEST_F(BoardFiles, AMotorFileWithoutOneWholeCopyIsRefusedAndLeftAlone) {
    {
        ASSERT_TRUE(MotorFile::open(place / "motor", fresh));
    }
    auto damaged = bytes(place / "motor");
    damaged[9] ^= 1;
    damaged[MotorFile::copy_size + 9] ^= 1;
    put(place / "motor", damaged);
    const auto motor = MotorFile::open(place / "motor", fresh);
    ASSERT_FALSE(motor);
    EXPECT_EQ(motor.error().code, ErrorCode::unreadable);
    EXPECT_EQ(bytes(place / "motor"), damaged);
}

TEST_F(BoardFiles, MemoryIsMadeOnceAndOfItsOneLength) {
    const std::string file = place / "guardian.mem";
    EXPECT_FALSE(FileMemory::open(file, false)) << "a device that was never made has no memory";
    {
        auto memory = FileMemory::open(file, true);
        ASSERT_TRUE(memory);
        const std::array<std::uint8_t, 2> data{7, 9};
        EXPECT_TRUE(memory->write(hal::memory_size - 2, data));
    }
    auto memory = FileMemory::open(file, false);
    ASSERT_TRUE(memory);
    std::array<std::uint8_t, 2> back{};
    EXPECT_TRUE(memory->read(hal::memory_size - 2, back));
    EXPECT_EQ(back[1], 9);
    fs::resize_file(file, 100);
    EXPECT_EQ(FileMemory::open(file, true).error().code, ErrorCode::unreadable);
}

}  // namespace
}  // namespace basalt::bench
