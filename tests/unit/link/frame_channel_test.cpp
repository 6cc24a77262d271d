#include "device/link/frame_channel.h"

#include <gtest/gtest.h>

#include <charconv>
#include <fstream>
#include <string>
#include <vector>

namespace basalt::link {
namespace {

/// The byte lines at the end of the page.
std::vector<std::vector<std::uint8_t>> examples_of_the_page() {
    std::ifstream page{std::string{BASALT_SOURCE_DIR} + "/docs/formats/frame-channel.md"};
    std::vector<std::vector<std::uint8_t>> examples;
    for (std::string line; std::getline(page, line);) {
        if (!line.starts_with("    46 ")) continue;
        auto& bytes = examples.emplace_back();
        for (std::size_t at = 4; at + 2 <= line.size(); at += 3)
            std::from_chars(line.data() + at, line.data() + at + 2, bytes.emplace_back(), 16);
    }
    return examples;
}

TEST(FrameChannel, TheExamplesOnItsPageAreWhatTheySay) {
    const auto examples = examples_of_the_page();
    ASSERT_EQ(examples.size(), 2U);
    const auto hello = LinkFrames::decode(examples[0]);
    ASSERT_TRUE(hello && std::holds_alternative<Hello>(*hello));
    EXPECT_EQ(std::get<Hello>(*hello).session, 7U);
    EXPECT_EQ(std::get<Hello>(*hello).body.size, 3U);
    EXPECT_TRUE(std::ranges::equal(LinkFrames::encode(std::get<Hello>(*hello)).view(), examples[0]));
    const auto refusal = LinkFrames::decode(examples[1]);
    ASSERT_TRUE(refusal && std::holds_alternative<NetworkRefusal>(*refusal));
    EXPECT_EQ(std::get<NetworkRefusal>(*refusal).reason, 2U);
    EXPECT_EQ(std::get<NetworkRefusal>(*refusal).count, 5U);
    EXPECT_TRUE(std::ranges::equal(LinkFrames::encode(std::get<NetworkRefusal>(*refusal)).view(), examples[1]));
}

TEST(FrameChannel, TheLongestOfEachFrameFits) {
    EXPECT_EQ(LinkFrames::encode(SealedIn{}).size, 6U + sealed_in_size);
    EXPECT_EQ(LinkFrames::encode(SealedOut{}).size, 7U + sealed_out_size);
    Answer answer;
    answer.body.size = 320;
    EXPECT_GT(LinkFrames::encode(answer).size, 320U);
    Certified certified;
    certified.leaf.size = certified.identity.size = certified.client_authority.size = 600;
    certified.refusal.size = 200;
    EXPECT_GT(LinkFrames::encode(certified).size, 2'000U);
}

TEST(FrameChannel, ALengthBeyondItsFieldIsRefused) {
    auto frame = LinkFrames::encode(Hello{});
    frame.data[6] = 129;  // a body of 129 bytes
    frame.size += 129;
    EXPECT_EQ(LinkFrames::decode(frame.view()).error(), FrameError::too_long);
}

// The gateway may be an attacker's: nothing in the clear is asked or answered where he listens.
TEST(FrameChannel, ItHasNoFrameForAQuestionInTheClearAndNoneForItsAnswer) {
    for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{64}}) {
        auto frame = LinkFrames::encode(Hello{});
        frame.data[1] = number;
        for (std::size_t size = 0; size <= frame.data.size(); ++size) {
            frame.size = size;
            EXPECT_FALSE(LinkFrames::decode(frame.view())) << int{number} << ", " << size;
        }
    }
}

}  // namespace
}  // namespace basalt::link
