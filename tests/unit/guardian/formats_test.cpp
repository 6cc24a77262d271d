// The worked examples of docs/formats/profile.md and docs/formats/guardian-memory.md are what the code writes and
// reads.
#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace basalt::guardian {
namespace {

/// The example's blocks: indented lines of hex digits behind "## Example", a block ends at an empty line.
std::vector<std::vector<std::uint8_t>> examples_of(const std::string& page) {
    std::ifstream in{std::string{BASALT_SOURCE_DIR} + "/" + page};
    std::vector<std::vector<std::uint8_t>> blocks;
    bool inside = false, fresh = true;
    for (std::string line; std::getline(in, line);) {
        inside = inside || line == "## Example";
        if (!inside || !line.starts_with("    ")) {
            fresh = true;
            continue;
        }
        if (fresh) blocks.emplace_back();
        fresh = false;
        std::string digits;
        for (const char c : line)
            if (c != ' ') digits += c;
        for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
            blocks.back().push_back(static_cast<std::uint8_t>(std::stoi(digits.substr(i, 2), nullptr, 16)));
    }
    return blocks;
}

TEST(GuardianPages, TheProfileOnItsPageIsWhatTheCodeReadsAndWrites) {
    const auto blocks = examples_of("docs/formats/profile.md");
    ASSERT_EQ(blocks.size(), 1U);
    const auto profile = read_profile(blocks[0]);
    ASSERT_TRUE(profile);
    EXPECT_EQ(profile->rates[0], MilliUnitsPerHour{800});
    EXPECT_EQ(profile->rates[6], MilliUnitsPerHour{1200});
    EXPECT_EQ(profile->rates[23], MilliUnitsPerHour{1000});
    EXPECT_EQ(profile->limits.per_hour, 8_U);
    EXPECT_EQ(profile->release_keys[0].role, ReleaseRole::physician);
    EXPECT_EQ(profile->patient.size, 9);
    const auto again = ProfileFrames::encode(*profile);
    EXPECT_TRUE(std::ranges::equal(again.view(), blocks[0]));
}

TEST(GuardianPages, HeaderAndRingEntryOnTheirPageAreWhatTheCodeReadsAndWrites) {
    const auto blocks = examples_of("docs/formats/guardian-memory.md");
    ASSERT_EQ(blocks.size(), 2U);
    Header header;
    ASSERT_TRUE(unseal(ByteView{blocks[0]}, header));
    EXPECT_EQ(header.generation, 7U);
    EXPECT_EQ(header.latched, bit_of(Trigger::case_opened));
    EXPECT_EQ(header.next_slot, 301U);
    EXPECT_TRUE(std::ranges::equal(sealed<layout::header_size>(header), blocks[0]));
    hal::RingEntry entry;
    ASSERT_TRUE(unseal(ByteView{blocks[1]}, entry));
    EXPECT_EQ(entry.seq, 41U);
    EXPECT_EQ(entry.amount, 100_mU);
    EXPECT_EQ(from_detail<SlotDetail>(entry).slot, 300U);
    EXPECT_EQ(from_detail<SlotDetail>(entry).of_profile, 83_mU);
    EXPECT_TRUE(std::ranges::equal(sealed<layout::entry_size>(entry), blocks[1]));
}

}  // namespace
}  // namespace basalt::guardian
