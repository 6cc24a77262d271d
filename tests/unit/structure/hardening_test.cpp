// R18: what the linker and compiler were told is looked for in the programs that they made.
#include "tests/unit/structure/elf_file.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>

namespace basalt::test {
namespace {

/// The programs of the device, the simulator, and one fuzz target: CMake lists those that the tree builds.
constexpr std::array programs{BASALT_PROGRAMS};

template <class Check>
void for_each_program(Check check) {
    for (const char* name : programs) {
        SCOPED_TRACE(name);
        const auto file = ElfFile::read(std::filesystem::path{BASALT_BINARY_DIR} / "bin" / name);
        EXPECT_TRUE(file) << "not built, or no 64-bit little-endian ELF file";
        if (file) check(*file);
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
// Our own code. Debian's start files and BearSSL carry no such marks, so the linker leaves the mark of the whole
// program out, and no kernel enforces it yet: the guide says so, and this test claims no more.
TEST(Hardening, EveryProgramMarksTheJumpTargetsOfItsOwnCode) {
    for_each_program([](const ElfFile& file) { EXPECT_TRUE(file.marks_its_jump_targets()); });
}
#endif

TEST(Hardening, AProgramThatIsNotHardenedIsSeen) {
    const auto soft = ElfFile::read(std::filesystem::path{BASALT_SOFT_PROGRAM});
    ASSERT_TRUE(soft);
    EXPECT_FALSE(soft->is_position_independent());
    EXPECT_FALSE(soft->has_segment(PT_GNU_RELRO) && soft->binds_now());
    EXPECT_TRUE(soft->has_writable_code());
    EXPECT_FALSE(soft->uses_symbol("__stack_chk_fail"));
    EXPECT_FALSE(soft->marks_its_jump_targets());
}

}  // namespace
}  // namespace basalt::test
