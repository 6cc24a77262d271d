// docs/formats/board-files.md and run-trace.md are what the bench reads and writes.
#include "scenarios/bench/board_files.h"
#include "scenarios/bench/run_trace.h"
#include "tests/support/page.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace basalt::bench {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes file_bytes(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

TEST(BoardFilesPage, TheMotorsExampleIsWhatIsWrittenAndIsReadAlone) {
    const auto blocks = test::example_bytes("board-files.md");
    ASSERT_EQ(blocks.size(), 3U);
    const test::Scratch place;
    const auto file = place.path() / "motor";
    const BoardRecord record{{86'400}, {21'600}, true, 24'000, 276'000};
    {
        auto motor = MotorFile::open(file, {});
        ASSERT_TRUE(motor);
        ASSERT_TRUE(motor->keep(record));
    }
    Bytes written = file_bytes(file);
    ASSERT_EQ(written.size(), 154U);
    EXPECT_TRUE(std::ranges::equal(std::span{written}.last(77), blocks[0]));

    Bytes alone(77);  // the other half is torn
    alone.insert(alone.end(), blocks[0].begin(), blocks[0].end());
    std::ofstream{file, std::ios::binary | std::ios::trunc}.write(reinterpret_cast<const char*>(alone.data()), 154);
    const auto read = MotorFile::read(file);
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(*read, record);
}

TEST(BoardFilesPage, ThePatientsExampleIsWhatIsWritten) {
    const auto blocks = test::example_bytes("board-files.md");
    ASSERT_EQ(blocks.size(), 3U);
    const test::Scratch place;
    const auto file = place.path() / "patient";
    const auto person = pump_model::find_person("adult#003");
    ASSERT_TRUE(person);
    const PatientRecord record{pump_model::Patient{**person}, {86'400}, 24'000, 40'000};
    {
        auto patient = PatientFile::open(file, {pump_model::Patient{**person}, {}, 0, 0});
        ASSERT_TRUE(patient);
        ASSERT_TRUE(patient->keep(record));
    }
    const Bytes written = file_bytes(file);
    ASSERT_EQ(written.size(), 480U);
    const auto copy = std::span{written}.last(240);
    EXPECT_TRUE(std::ranges::equal(copy.first(blocks[1].size()), blocks[1]));
    EXPECT_EQ(blocks[1].size() + std::size_t{17} * 8 + blocks[2].size() + 32, copy.size());
    EXPECT_TRUE(std::ranges::equal(copy.last(32 + blocks[2].size()).first(blocks[2].size()), blocks[2]));
}

TEST(RunTracePage, TheExampleIsWhatIsReadAndWritten) {
    const auto blocks = test::example_texts("run-trace.md");
    ASSERT_EQ(blocks.size(), 1U);
    const auto trace = parse_trace(blocks[0]);
    ASSERT_TRUE(trace) << trace.error().what;
    EXPECT_EQ(*trace, (RunTrace{42, {{{305}, hal::Side::firmware}, {{86'400}, hal::Side::boot}}}));
    EXPECT_EQ(to_text(*trace), blocks[0]);
}

TEST(RunTracePage, WhatThePageDoesNotAllowIsRefusedWithItsLine) {
    const std::string head = "basalt run trace 1\nseed 42\n";
    EXPECT_TRUE(parse_trace(head));
    for (const auto& [text, line] : std::initializer_list<std::pair<std::string, std::string>>{
             {"basalt run trace 2\nseed 1\n", "Line 1 "},
             {"basalt run trace 1\n", "Line 2 "},
             {"basalt run trace 1\nseed -1\n", "Line 2 "},
             {"basalt run trace 1\nseed 18446744073709551616\n", "Line 2 "},
             {head + "closed 305 gateway\n", "Line 3 "},
             {head + "closed  305 boot\n", "Line 3 "},
             {head + "closed boot\n", "Line 3 "},
             {head + "closed 305 boot", "Line 3 "},
             {head + "\n", "Line 3 "}}) {
        const auto trace = parse_trace(text);
        ASSERT_FALSE(trace) << text;
        EXPECT_TRUE(trace.error().what.starts_with(line)) << text << trace.error().what;
    }
}

}  // namespace
}  // namespace basalt::bench
