#include "scenarios/bench/run_trace.h"

#include "tests/support/scratch.h"

#include <gtest/gtest.h>

namespace basalt::bench {
namespace {

const RunTrace some{7, {{{1'200}, hal::Side::firmware}, {{90'005}, hal::Side::boot}}};

TEST(RunTrace, ReadsTheExampleOfItsPage) {  // docs/formats/run-trace.md
    const auto trace = parse_trace("basalt run trace 1\nseed 7\nclosed 1200 firmware\nclosed 90005 boot\n");
    ASSERT_TRUE(trace);
    EXPECT_EQ(*trace, some);
    EXPECT_EQ(parse_trace(to_text(some)), some);
}

TEST(RunTrace, NamesTheLineThatIsNotWhatItMustBe) {
    for (const auto& [text, line] : std::initializer_list<std::pair<const char*, const char*>>{
             {"basalt run trace 2\n", "Line 1"},
             {"basalt run trace 1\n", "Line 2"},
             {"basalt run trace 1\nseed x\n", "Line 2"},
             {"basalt run trace 1\nseed 7\nclosed firmware\n", "Line 3"},
             {"basalt run trace 1\nseed 7\nclosed 1 gateway\n", "Line 3"},
             {"basalt run trace 1\nseed 7\nclosed  firmware\n", "Line 3"},
             {"basalt run trace 1\nseed 7\nclosed 1 boot", "Line 3"},
             {"basalt run trace 1\nseed 99999999999999999999\n", "Line 2"}}) {
        const auto trace = parse_trace(text);
        ASSERT_FALSE(trace) << text;
        EXPECT_EQ(trace.error().code, ErrorCode::unreadable);
        EXPECT_NE(trace.error().what.find(line), std::string::npos) << trace.error().what;
    }
}

TEST(RunTrace, IsWrittenAndReadBack) {
    const basalt::test::Scratch scratch;
    const auto file = scratch.path() / "trace";
    ASSERT_TRUE(write_trace(file, some));
    EXPECT_EQ(read_trace(file), some);
    EXPECT_EQ(read_trace(scratch.path() / "none").error().code, ErrorCode::io);
    EXPECT_EQ(write_trace(scratch.path() / "no" / "such" / "place", some).error().code, ErrorCode::io);
}

}  // namespace
}  // namespace basalt::bench
