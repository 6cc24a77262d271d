#include "scenarios/bench/board_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

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

// The hexadecimal lines below "## Example" of docs/formats/board-files.md.
std::vector<char> example_of_the_page() {
    std::ifstream page{std::string{BASALT_SOURCE_DIR} + "/docs/formats/board-files.md"};
    std::vector<char> bytes;
    bool example = false;
    for (std::string line; std::getline(page, line);) {
        example = example || line == "## Example";
        if (!example || !line.starts_with("    ")) continue;
        std::istringstream words{line};
        for (std::string word; words >> word;) bytes.push_back(static_cast<char>(std::stoi(word, nullptr, 16)));
    }
    return bytes;
}

TEST_F(BoardFiles, TheMotorFileIsSpelledAsItsPageSays) {
    { ASSERT_TRUE(MotorFile::open(place / "motor", {{300}, {300}, true, 1'250, 298'750})); }
    const auto expected = example_of_the_page();
    ASSERT_EQ(expected.size(), 16U + 29U);
    auto written = bytes(place / "motor");
    ASSERT_EQ(written.size(), 2 * (16U + 29U + 32U));
    written.resize(expected.size());
    EXPECT_EQ(written, expected);
    EXPECT_EQ(MotorFile::read(place / "motor")->motor_mu, 1'250);
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
    damaged[20] ^= 1;
    damaged[damaged.size() / 2 + 20] ^= 1;
    put(place / "motor", damaged);
    const auto motor = MotorFile::open(place / "motor", fresh);
    ASSERT_FALSE(motor);
    EXPECT_EQ(motor.error().code, ErrorCode::unreadable);
    EXPECT_EQ(bytes(place / "motor"), damaged);
}

TEST_F(BoardFiles, AMotorFileOfAnotherLengthIsRefused) {
    {
        ASSERT_TRUE(MotorFile::open(place / "motor", fresh));
    }
    const auto whole = bytes(place / "motor");
    for (const std::size_t size : {std::size_t{1}, whole.size() - 1, whole.size() + 1}) {
        auto other = whole;
        other.resize(size);
        put(place / "motor", other);
        EXPECT_EQ(MotorFile::open(place / "motor", fresh).error().code, ErrorCode::unreadable) << size;
    }
}

TEST_F(BoardFiles, ThePatientLivesOnExactlyWhereTheRunEnded) {
    PatientRecord record{pump_model::Patient{pump_model::all_people().front()}, {0}, 0, 0};
    ASSERT_TRUE(record.patient.advance_minute(3.0, 40));
    record.minute_began = {60};
    record.motor_mu = 3'000;
    record.carbs_mg = 5'000;
    const PatientRecord beginning{pump_model::Patient{pump_model::all_people().back()}, {0}, 0, 0};
    {
        auto file = PatientFile::open(place / "patient", beginning);
        ASSERT_TRUE(file);
        EXPECT_EQ(file->last().patient, beginning.patient);
        EXPECT_TRUE(file->keep(record));
    }
    const auto file = PatientFile::open(place / "patient", beginning);
    ASSERT_TRUE(file);
    EXPECT_EQ(file->last().patient, record.patient);
    EXPECT_EQ(file->last().minute_began, Tick{60});
    EXPECT_EQ(file->last().motor_mu, 3'000);
    EXPECT_EQ(file->last().carbs_mg, 5'000);
}

TEST_F(BoardFiles, TheGuardiansMemoryHasOneLengthAndIsNeverMadeHere) {
    const std::string file = place / "guardian.mem";
    EXPECT_EQ(FileMemory::open(file).error().code, ErrorCode::io);
    EXPECT_FALSE(fs::exists(file));
    put(file, std::vector<char>(hal::memory_size));
    {
        auto memory = FileMemory::open(file);
        ASSERT_TRUE(memory);
        const std::array<std::uint8_t, 2> data{7, 9};
        EXPECT_TRUE(memory->write(hal::memory_size - 2, data));
    }
    auto memory = FileMemory::open(file);
    ASSERT_TRUE(memory);
    std::array<std::uint8_t, 2> back{};
    EXPECT_TRUE(memory->read(hal::memory_size - 2, back));
    EXPECT_EQ(back[1], 9);
    fs::resize_file(file, 100);
    EXPECT_EQ(FileMemory::open(file).error().code, ErrorCode::unreadable);
}

}  // namespace
}  // namespace basalt::bench
