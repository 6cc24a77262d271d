#include "device/link/stream_frames.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace basalt::link::test {
namespace {

using Frame = std::vector<std::uint8_t>;

std::vector<Frame> read(StreamFrames& frames, ByteView bytes) {
    std::vector<Frame> out;
    while (const auto frame = frames.take(bytes)) out.emplace_back(frame->begin(), frame->end());
    return out;
}

TEST(StreamFrames, ComeOutAsTheyWentInHoweverTheStreamIsCut) {
    std::mt19937 rng{1};
    std::vector<Frame> sent;
    Frame stream;
    for (const std::size_t size :
         {std::size_t{1}, std::size_t{2}, std::size_t{255}, std::size_t{256}, max_frame_size}) {
        Frame frame(size);
        for (auto& byte : frame) byte = static_cast<std::uint8_t>(rng());
        const auto length = length_of(frame);
        stream.insert(stream.end(), length.begin(), length.end());
        stream.insert(stream.end(), frame.begin(), frame.end());
        sent.push_back(std::move(frame));
    }
    for (int cut = 0; cut < 200; ++cut) {
        StreamFrames frames;
        std::vector<Frame> got;
        for (ByteView rest{stream}; !rest.empty();) {
            const std::size_t some = std::min<std::size_t>(rest.size(), 1 + rng() % 700);
            for (Frame& frame : read(frames, rest.first(some))) got.push_back(std::move(frame));
            rest = rest.subspan(some);
        }
        ASSERT_EQ(got, sent);
    }
}

TEST(StreamFrames, NothingComesOutAfterALengthThatNoFrameHas) {
    for (const std::array<std::uint8_t, 2> length : {std::array<std::uint8_t, 2>{0, 0}, {1, 8}, {255, 255}}) {
        StreamFrames frames;
        EXPECT_EQ(read(frames, std::array<std::uint8_t, 3>{1, 0, 9}).size(), 1U);
        EXPECT_TRUE(read(frames, length).empty());
        EXPECT_TRUE(frames.broken());
        EXPECT_TRUE(read(frames, std::array<std::uint8_t, 3>{1, 0, 9}).empty());
    }
}

}  // namespace
}  // namespace basalt::link::test
