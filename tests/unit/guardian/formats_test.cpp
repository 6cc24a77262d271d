// The worked examples of docs/formats/profile.md and docs/formats/guardian-memory.md are what the code writes and
// reads.
#include "tests/support/page.h"
#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

namespace basalt::guardian {
namespace {

TEST(GuardianPages, TheProfileOnItsPageIsWhatTheCodeReadsAndWrites) {
    const auto blocks = basalt::test::example_bytes("profile.md");
    ASSERT_EQ(blocks.size(), 1U);
    const auto profile = read_profile(blocks[0]);
    ASSERT_TRUE(profile);
    EXPECT_EQ(profile->rates[0], MilliUnitsPerHour{800});
    EXPECT_EQ(profile->rates[6], MilliUnitsPerHour{1200});
    EXPECT_EQ(profile->rates[23], MilliUnitsPerHour{1000});
    EXPECT_EQ(profile->limits.per_hour, 8_U);
    EXPECT_EQ(profile->failsafe_bolus, 500_mU);
    EXPECT_EQ(profile->release_keys[0].role, ReleaseRole::physician);
    EXPECT_EQ(profile->patient.size, 9);
    const auto again = ProfileFrames::encode(*profile);
    EXPECT_TRUE(std::ranges::equal(again.view(), blocks[0]));
}

TEST(GuardianPages, HeaderAndRingEntryOnTheirPageAreWhatTheCodeReadsAndWrites) {
    const auto blocks = basalt::test::example_bytes("guardian-memory.md");
    ASSERT_EQ(blocks.size(), 3U);
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
    ASSERT_TRUE(unseal(ByteView{blocks[2]}, entry));
    EXPECT_EQ(entry.kind, hal::RingKind::release);
    const auto released = from_detail<hal::ReleaseDetail>(entry);
    EXPECT_EQ(released.triggers, bit_of(Trigger::case_opened));
    EXPECT_EQ(released.keys, (std::array<std::uint8_t, 2>{0, 1}));
    EXPECT_TRUE(std::ranges::equal(sealed<layout::entry_size>(entry), blocks[2]));
}

}  // namespace
}  // namespace basalt::guardian
