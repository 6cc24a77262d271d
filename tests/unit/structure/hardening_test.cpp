// R18: what the linker and compiler were told is looked for in the programs that they made.
#include "tests/unit/structure/elf_file.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>

namespace basalt::test {
namespace {

/// The programs of the device, and the simulator. `missing` is a fault: the build makes all of them.
constexpr std::array<std::string_view, 5> programs{"guardian", "boot", "firmware", "gateway", "basalt"};

template <class Check>
void for_each_program(Check check) {
    for (const std::string_view name : programs) {
        SCOPED_TRACE(name);
        const auto file = ElfFile::read(std::filesystem::path{BASALT_BINARY_DIR} / "bin" / name);
        ASSERT_TRUE(file) << "not built, or no 64-bit little-endian ELF file";
        check(*file);
    }
}

TEST(Hardening, EveryProgramIsPositionIndependent) {
    for_each_program([](const ElfFile& file) { EXPECT_TRUE(file.is_position_independent()); });
}

TEST(Hardening, EveryProgramResolvesItsSymbolsBeforeItStartsAndThenLocksThem) {
    for_each_program([](const ElfFile& file) {
        EXPECT_TRUE(file.has_segment(PT_GNU_RELRO));
        EXPECT_TRUE(file.binds_now());
    });
}

TEST(Hardening, NoProgramHasMemoryThatCanBeWrittenAndExecuted) {
    for_each_program([](const ElfFile& file) {
        EXPECT_TRUE(file.has_segment(PT_GNU_STACK)) << "without it the stack is executable";
        EXPECT_FALSE(file.has_writable_code());
    });
}

TEST(Hardening, EveryProgramGuardsItsStack) {
    for_each_program([](const ElfFile& file) { EXPECT_TRUE(file.uses_symbol("__stack_chk_fail")); });
}

#ifdef __x86_64__
TEST(Hardening, EveryProgramMarksItsJumpTargetsAndItsReturns) {
    for_each_program([](const ElfFile& file) { EXPECT_TRUE(file.marks_jumps_and_returns()); });
}
#endif

}  // namespace
}  // namespace basalt::test
