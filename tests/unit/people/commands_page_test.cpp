// docs/formats/commands.md and the code say the same.
#include "tests/support/page.h"
#include "tests/unit/people/office.h"

namespace basalt::firmware::test {
namespace {

TEST(CommandsPage, TheExampleIsWhatTheCodeWritesAndReads) {
    const auto blocks = ::basalt::test::example_bytes("commands.md");
    ASSERT_EQ(blocks.size(), 3U);
    const auto log_in = link::CommandFrames::encode(link::LogIn{bytes<32>("nurse"), bytes<256>("abc")});
    EXPECT_TRUE(std::ranges::equal(log_in.view(), blocks[0])) << testing::PrintToString(log_in.view());
    const auto values = link::ValueFrames::encode(link::BolusWish{.amount = 1'000_mU});
    EXPECT_TRUE(std::ranges::equal(values.view(), blocks[2])) << testing::PrintToString(values.view());
    link::Act act{.operation = std::to_underlying(access::Operation::bolus_within_limit)};
    ASSERT_TRUE(act.values.assign(values.view()));
    const auto frame = link::CommandFrames::encode(act);
    EXPECT_TRUE(std::ranges::equal(frame.view(), blocks[1])) << testing::PrintToString(frame.view());
    for (const auto& block : {blocks[0], blocks[1]}) EXPECT_TRUE(link::CommandFrames::decode(block));
    EXPECT_TRUE(link::ValueFrames::decode(blocks[2]));
}

}  // namespace
}  // namespace basalt::firmware::test
