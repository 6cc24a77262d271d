#include "tpm/event_log.h"

#include "tests/integration/tpm/fresh_tpm.h"

#include <cstdio>
#include <fstream>
#include <regex>

namespace basalt::tpm {
namespace {

using namespace test;
using EventLogOnATpm = FreshTpm;

std::string hex(const Digest& digest) {
    std::string text;
    char pair[3];
    for (const std::uint8_t byte : digest) {
        std::snprintf(pair, sizeof pair, "%02x", byte);
        text += pair;
    }
    return text;
}

TEST_F(EventLogOnATpm, TheTcgsOwnToolReadsItAndFindsTheTpmsPcrs) {
    if (!std::filesystem::exists("/usr/bin/tpm2_eventlog"))
        GTEST_SKIP() << "tpm2_eventlog is not installed (apt-get install tpm2-tools)";
    EventLog log;
    for (std::uint8_t pcr = 0; pcr < 6; ++pcr) {
        const ByteVector data(static_cast<std::size_t>(pcr) * 30, pcr);
        log.add(pcr, EventType::compact_hash, data);
        must(extend(tpm_, pcr, sha256(data)));
    }
    const PcrValues pcrs = must(read_pcrs(tpm_));
    EXPECT_EQ(replay(must(parse_event_log(log.bytes()))), pcrs);

    const auto file = directory_.path() / "eventlog.bin";
    std::ofstream{file, std::ios::binary}.write(reinterpret_cast<const char*>(log.bytes().data()),
                                                static_cast<std::streamsize>(log.bytes().size()));
    const std::string command = "tpm2_eventlog " + file.string() + " 2>&1";
    std::string output;
    std::FILE* tool = ::popen(command.c_str(), "r");
    ASSERT_NE(tool, nullptr);
    for (int c = std::fgetc(tool); c != EOF; c = std::fgetc(tool)) output += static_cast<char>(c);
    ASSERT_EQ(::pclose(tool), 0) << output;
    EXPECT_EQ(output.find("WARN"), std::string::npos) << output;
    for (unsigned pcr = 0; pcr < 6; ++pcr) {
        const std::regex line{std::to_string(pcr) + R"(\s*:\s*0x)" + hex(pcrs[pcr])};
        EXPECT_TRUE(std::regex_search(output, line)) << pcr << "\n" << output;
    }
}

}  // namespace
}  // namespace basalt::tpm
