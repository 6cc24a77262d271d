#include "scenarios/bench/program_words.h"

#include "tests/unit/bench/stand_ins.h"

#include <gtest/gtest.h>

#include <poll.h>

namespace basalt::bench {
namespace {

struct WordsTest : ::testing::Test {
    std::vector<std::string> lines;
    ProgramWords words{"boot", [this](std::string_view line) { lines.emplace_back(line); }};

    /// Starts a role with the pipe as its standard error, and reads until it has ended.
    void hear(const char* role) {
        auto end = words.open();
        ASSERT_TRUE(end);
        auto pid = test::start(role, {}, end->get());
        ASSERT_TRUE(pid);
        auto process = Process::hold(*pid);
        ASSERT_TRUE(process);
        *end = {};
        while (words.arrived() >= 0) {
            pollfd event{words.arrived(), POLLIN, 0};
            ASSERT_EQ(::poll(&event, 1, 20'000), 1) << "it hangs";
            words.pass_on();
        }
        words.finish();
        ASSERT_TRUE(process->kill());
    }
    void write(const hal::Descriptor& end, std::string_view bytes) {
        ASSERT_EQ(::write(end.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
        words.pass_on();
    }
    std::size_t size() const {
        std::size_t bytes = 0;
        for (const auto& line : lines) bytes += line.size();
        return bytes;
    }
};

TEST_F(WordsTest, ALineIsHandedOnWholeUnderItsProgramsName) {
    auto end = words.open();
    ASSERT_TRUE(end);
    write(*end, "the TPM ");
    EXPECT_TRUE(lines.empty());
    write(*end, "is gone\nand");
    words.finish();
    EXPECT_EQ(lines, (std::vector<std::string>{"boot: the TPM is gone\n", "boot: and\n"}));
}

TEST_F(WordsTest, NoByteThatSteersATerminalGetsThrough) {
    auto end = words.open();
    ASSERT_TRUE(end);
    for (int byte = 0; byte < 256; ++byte) {
        const char said[] = {'a', static_cast<char>(byte), 'z', '\n'};
        write(*end, {said, 4});
    }
    write(*end,
          "\xc2\x9b"
          "2J \xe2\x80\xae turned\n");
    ASSERT_EQ(lines.size(), 256U + 1 + 1) << "a line feed makes two lines of one";
    for (const auto& line : lines) {
        EXPECT_EQ(line.find('\n'), line.size() - 1);
        for (const char byte : line.substr(0, line.size() - 1)) EXPECT_TRUE(byte >= ' ' && byte <= '~') << line;
        EXPECT_TRUE(line.starts_with("boot: ")) << line;
    }
    EXPECT_EQ(lines.back(), "boot: ??2J ??? turned\n");
}

TEST_F(WordsTest, ALineWithoutEndIsCutOff) {
    auto end = words.open();
    ASSERT_TRUE(end);
    for (int i = 0; i < 10; ++i) write(*end, std::string(1'000, 'x'));
    write(*end, "\nshort\n");
    EXPECT_EQ(lines, (std::vector<std::string>{"boot: " + std::string(ProgramWords::longest_line, 'x') + " [cut off]\n",
                                               "boot: short\n"}));
}

TEST_F(WordsTest, MegabytesOfEscapeSequencesAreCleanedBoundedAndSoAnnounced) {
    for (const char* role : {"shouts", "shouts-and-waits"}) hear(role);  // the bound is the run's, over restarts
    EXPECT_LT(size(), ProgramWords::most_bytes + 1'000);
    EXPECT_GE(size(), ProgramWords::most_bytes);
    for (const auto& line : lines) {
        EXPECT_EQ(line.find('\x1b'), std::string::npos);
        EXPECT_LE(line.size(), ProgramWords::longest_line + 20);
    }
    EXPECT_EQ(lines.back(), "boot: It says too much. Nothing more of it is shown in this run.\n");
}

TEST_F(WordsTest, AProgramThatIsNotHeardGoesOn) {
    auto end = words.open();
    ASSERT_TRUE(end);
    auto process = *Process::hold(*test::start("shouts", {}, end->get()));
    pollfd gone{process.gone_event(), POLLIN, 0};
    EXPECT_EQ(::poll(&gone, 1, 20'000), 1) << "nobody reads, and it has said its megabytes all the same";
    ASSERT_TRUE(process.kill());
}

}  // namespace
}  // namespace basalt::bench
