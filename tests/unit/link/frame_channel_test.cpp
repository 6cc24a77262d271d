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
    const auto request = LinkFrames::decode(examples[0]);
    ASSERT_TRUE(request && std::holds_alternative<Request>(*request));
    EXPECT_EQ(std::get<Request>(*request).id, 7U);
    EXPECT_EQ(std::get<Request>(*request).operation, Operation::see_state);
    const auto reply = LinkFrames::decode(examples[1]);
    ASSERT_TRUE(reply && std::holds_alternative<Reply>(*reply));
    EXPECT_TRUE(std::get<Reply>(*reply).last);
    EXPECT_EQ(std::get<Reply>(*reply).body.size, 3U);
    EXPECT_TRUE(std::ranges::equal(LinkFrames::encode(std::get<Reply>(*reply)).view(), examples[1]));
}

TEST(FrameChannel, TheLongestOfEachFrameFits) {
    Request request;
    request.argument.size = 256;
    EXPECT_GT(LinkFrames::encode(request).size, 256U);
    Reply reply;
    reply.body.size = 1'500;
    EXPECT_GT(LinkFrames::encode(reply).size, 1'500U);
}

TEST(FrameChannel, ALengthBeyondItsFieldAndAnUnknownOperationAreRefused) {
    auto frame = LinkFrames::encode(Request{});
    frame.data[7] = 0x01, frame.data[8] = 0x01;  // an argument of 257 bytes
    frame.size += 257;
    EXPECT_EQ(LinkFrames::decode(frame.view()).error(), FrameError::too_long);
    for (const int operation : {0, 5, 255}) {
        auto unknown = LinkFrames::encode(Request{});
        unknown.data[6] = static_cast<std::uint8_t>(operation);
        EXPECT_EQ(LinkFrames::decode(unknown.view()).error(), FrameError::bad_value) << operation;
    }
}

}  // namespace
}  // namespace basalt::link
