// What the guardian's own text and objects must not hold.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace basalt::guardian {
namespace {
namespace fs = std::filesystem;
const fs::path root = BASALT_SOURCE_DIR;

/// Without comments and sentences: those may speak of a new channel.
const std::string& text_of(const fs::path& file) {
    static std::map<fs::path, std::string> read;
    std::string& code = read[file];
    if (!code.empty()) return code;
    std::ifstream in{file};
    for (std::string line; std::getline(in, line);)
        code += std::regex_replace(line, std::regex{R"re("[^"]*"|//.*)re"}, "") + "\n";
    return code;
}
bool host_side(const fs::path& file) { return file.stem() == "provisioning"; }

std::vector<fs::path> guardian_files() {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(root / "device/guardian"))
        if ((entry.path().extension() == ".h" || entry.path().extension() == ".cpp") && !host_side(entry.path()))
            files.push_back(entry.path());
    return files;
}

/// Lines that are neither blank nor comment. Every file of the folder must be told apart here.
std::size_t lines_of(const fs::path& file) {
    std::ifstream in{file};
    std::size_t count = 0;
    for (std::string line; std::getline(in, line);) {
        const auto first = line.find_first_not_of(" \t");
        count += first != std::string::npos && line.compare(first, 2, "//") != 0;
    }
    return count;
}

std::size_t times(const std::string& what, const std::vector<fs::path>& files) {
    std::size_t found = 0;
    const std::regex pattern{what};
    for (const auto& file : files) {
        const std::string& text = text_of(file);
        found += static_cast<std::size_t>(
            std::distance(std::sregex_iterator(text.begin(), text.end(), pattern), std::sregex_iterator{}));
    }
    return found;
}

TEST(Source, OneCallMovesTheMotorAndOneLineChangesTheMode) {
    EXPECT_EQ(times(R"(hal::MotorMove\{)", guardian_files()), 1U);
    EXPECT_EQ(times(R"(\b(s|state|state_)\.mode = )", guardian_files()), 1U);
}

// docs/decisions/0005-how-small-the-guardian-is.md
TEST(Source, WhatDecidesIsAtMost880LinesAndTheWholeCannotGrowUnseen) {
    const std::array deciding{"step",     "core", "insulin",     "firmware_side",
                              "response", "mode", "dose_limits", "dose_window"};
    std::size_t decides = 0, all = 0;
    for (const auto& file : guardian_files()) {
        all += lines_of(file);
        if (std::ranges::find(deciding, file.stem().string()) != deciding.end()) decides += lines_of(file);
    }
    for (const char* file : {"seqpacket.h", "seqpacket.cpp"}) all += lines_of(root / "device/hal" / file);
    RecordProperty("lines_that_decide", static_cast<int>(decides));
    RecordProperty("lines_in_all", static_cast<int>(all));
    EXPECT_LE(decides, 880U);
    EXPECT_LE(all, 1915U);
    EXPECT_GT(decides, 500U);  // it does count
}

TEST(Source, OneFunctionEntersFailsafe) { EXPECT_EQ(times("ModeEvent::integrity", guardian_files()), 1U); }

TEST(Source, ThereIsNoHeapNoExceptionNoLockAndNoFloatingPointInTheText) {
    for (const char* word : {R"(\bnew\b [A-Za-z(])", R"(\bdelete\b [A-Za-z(\[])", R"(\bmalloc\b)",
                             R"(std::(vector|string|map|deque|function|unique_ptr|shared_ptr)\b)", R"(\bthrow\b)",
                             R"(\btry\b)", R"(\bfloat\b)", R"(\bdouble\b)", R"(\bmutex\b)", R"(\bthread_local\b)"})
        EXPECT_EQ(times(word, guardian_files()), 0U) << word;
}

TEST(Source, ThereIsNoLoopWithoutABound) {
    EXPECT_EQ(times(R"(\bwhile\b)", guardian_files()), 0U);
    EXPECT_EQ(times(R"(for \(;;\))", guardian_files()), 1U);  // main()'s, which waits for the board
}

#ifndef BASALT_SANITIZED
std::string output_of(const std::string& command) {
    std::string out;
    FILE* pipe = ::popen(command.c_str(), "r");
    std::array<char, 4096> buffer;
    while (pipe != nullptr && std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) out += buffer.data();
    if (pipe != nullptr) ::pclose(pipe);
    return out;
}
const std::string program = std::string{BASALT_BINARY_DIR} + "/bin/basalt-guardian";

TEST(Objects, TheProgramNamesNothingThatAllocatesThrowsOrReadsAClock) {
    const auto names = output_of("nm -D --undefined-only " + program + " 2>&1");
    ASSERT_NE(names.find("recvmsg"), std::string::npos) << names;
    for (const char* name :
         {"malloc",      "calloc",         "realloc", "free",    "_Znw",          "_Zna",         "_Zdl",
          "__cxa_throw", "__cxa_allocate", "_Unwind", "time@",   "clock_gettime", "gettimeofday", "getrandom",
          "rand@",       "fork",           "exec",    "socket@", "connect",       "pthread"})
        EXPECT_EQ(names.find(std::string{" "} + name), std::string::npos) << name << "\n" << names;
}

TEST(Objects, TheProgramNeedsTheCLibraryAlone) {
    const auto needed = output_of("objdump -p " + program + " | grep NEEDED");
    EXPECT_NE(needed.find("libc.so"), std::string::npos) << needed;
    EXPECT_EQ(std::count(needed.begin(), needed.end(), '\n'), 1) << needed;
}

TEST(Objects, NoInstructionOfTheProgramIsFloatingPoint) {
    const auto text = output_of("objdump -d --no-show-raw-insn " + program);
    ASSERT_GT(text.size(), 100'000U);
#if defined(__x86_64__)
    const std::regex floating{
        R"(\t(v?(add|sub|mul|div|sqrt|min|max|cmp|comi|ucomi)(ss|sd|ps|pd)|v?cvt[a-z0-9]+|f(ld|st|add|sub|mul|div|ild|ist)[a-z]*)\b)"};
#else
    const std::regex floating{R"(\t(fadd|fsub|fmul|fdiv|fsqrt|fcvt[a-z]*|scvtf|ucvtf|fcmp)\b)"};
#endif
    std::smatch hit;
    EXPECT_FALSE(std::regex_search(text, hit, floating)) << hit.str();
}

/// Which functions of the core a program's disassembly shows calling themselves, and how many functions and calls of
/// the core were looked at. What the compiler turned into a loop is no call; a detour through another function is not
/// seen.
struct SelfCalls {
    std::vector<std::string> found;
    std::size_t functions = 0, calls = 0;
};
SelfCalls self_calls(const std::string& disassembly) {
    // A line is the address, a tab, the instruction. x86-64 calls with call or callq and jumps to a last call with jmp;
    // AArch64 with bl, and with b. A jump back to the function's own first line may be a loop, so only calls count.
    const std::regex head{R"(^[0-9a-f]+ <(basalt::[^>].*)>:$)"}, call{R"(\t(call|callq|bl)\s+[0-9a-f]+ <(.*)>$)"};
    SelfCalls seen;
    std::string inside;
    std::smatch match;
    std::istringstream lines{disassembly};
    for (std::string line; std::getline(lines, line);) {
        if (std::regex_match(line, match, head)) {
            inside = match[1];
            ++seen.functions;
        } else if (line.empty()) {
            inside.clear();
        } else if (!inside.empty() && std::regex_search(line, match, call)) {
            ++seen.calls;
            if (match[2] == inside) seen.found.push_back(inside);
        }
    }
    return seen;
}

TEST(Objects, NoFunctionOfTheCoreCallsItself) {
    const SelfCalls seen = self_calls(output_of("objdump -d -C --no-show-raw-insn " + program));
    EXPECT_GT(seen.functions, 10U);
    EXPECT_GT(seen.calls, 10U) << "no call is recognised on this processor";
    for (const std::string& function : seen.found) ADD_FAILURE() << function;
}

TEST(Objects, ACallOfItselfIsSeenOnBothProcessors) {
    const std::string x86 =
        "0000000000001000 <basalt::f(int)>:\n    1000:\tendbr64\n    1004:\tcall   1000 <basalt::f(int)>\n";
    const std::string arm =
        "0000000000001000 <basalt::f(int)>:\n    1000:\tpaciasp\n    1004:\tbl\t1000 <basalt::f(int)>\n";
    EXPECT_EQ(self_calls(x86).found.size(), 1U);
    EXPECT_EQ(self_calls(arm).found.size(), 1U);
    const SelfCalls other = self_calls("0000000000001000 <basalt::g()>:\n    1004:\tbl\t1000 <basalt::f(int)>\n");
    EXPECT_EQ(other.calls, 1U);
    EXPECT_TRUE(other.found.empty());
}
#endif

}  // namespace
}  // namespace basalt::guardian
