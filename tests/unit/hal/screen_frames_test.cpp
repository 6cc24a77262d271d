#include "device/hal/screen_frames.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>
#include <vector>

namespace basalt::hal {
namespace {

/// The byte lines at the end of the page.
std::vector<std::vector<std::uint8_t>> examples_of_the_page() {
    std::ifstream page{std::string{BASALT_SOURCE_DIR} + "/docs/formats/screen-channel.md"};
    std::vector<std::vector<std::uint8_t>> examples;
    for (std::string line; std::getline(page, line);) {
        if (!line.starts_with("    53 ")) continue;
        auto& bytes = examples.emplace_back();
        for (std::size_t at = 4; at + 2 <= line.size(); at += 3)
            std::from_chars(line.data() + at, line.data() + at + 2, bytes.emplace_back(), 16);
    }
    return examples;
}

TEST(ScreenFrames, TheExamplesOnTheirPageAreWhatTheySay) {
    const auto examples = examples_of_the_page();
    ASSERT_EQ(examples.size(), 2U);
    const auto request = ScreenFrames::decode(examples[0]);
    ASSERT_TRUE(request && std::holds_alternative<ScreenRequest>(*request));
    EXPECT_EQ(std::get<ScreenRequest>(*request).id, 7U);
    EXPECT_EQ(std::get<ScreenRequest>(*request).question, ScreenQuestion::log);
    EXPECT_EQ(std::get<ScreenRequest>(*request).from, 1U);
    const auto reply = ScreenFrames::decode(examples[1]);
    ASSERT_TRUE(reply && std::holds_alternative<ScreenReply>(*reply));
    EXPECT_TRUE(std::get<ScreenReply>(*reply).last);
    EXPECT_EQ(std::get<ScreenReply>(*reply).body.size, 3U);
    EXPECT_TRUE(std::ranges::equal(ScreenFrames::encode(std::get<ScreenReply>(*reply)).view(), examples[1]));
}

TEST(ScreenFrames, TheLongestReplyFitsAndALongerBodyIsRefused) {
    ScreenReply reply;
    reply.body.size = 1'500;
    auto frame = ScreenFrames::encode(reply);
    EXPECT_EQ(frame.size, 1'510U);
    EXPECT_TRUE(ScreenFrames::decode(frame.view()));
    ++frame.data[8];
    ++frame.size;
    EXPECT_EQ(ScreenFrames::decode(frame.view()).error(), FrameError::too_long);
}

TEST(ScreenFrames, AnUnknownQuestionAndAnUnknownStatusAreRefused) {
    for (const int question : {0, 5, 255}) {
        auto unknown = ScreenFrames::encode(ScreenRequest{});
        unknown.data[6] = static_cast<std::uint8_t>(question);
        EXPECT_EQ(ScreenFrames::decode(unknown.view()).error(), FrameError::bad_value) << question;
    }
    for (const int status : {5, 255}) {
        auto unknown = ScreenFrames::encode(ScreenReply{});
        unknown.data[6] = static_cast<std::uint8_t>(status);
        EXPECT_EQ(ScreenFrames::decode(unknown.view()).error(), FrameError::bad_value) << status;
    }
}

}  // namespace
}  // namespace basalt::hal
