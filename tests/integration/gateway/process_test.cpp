// The gateway as a process, between two real channels.
#include "device/link/frame_channel.h"
#include "tests/support/child.h"

#include <gtest/gtest.h>

namespace basalt::test {
namespace {

struct GatewayProcess : testing::Test {
    Channel frame = make_channel(), radio = make_channel();
    Child gateway{GATEWAY_PROGRAM, {}, given()};

    std::vector<hal::Descriptor> given() {
        std::vector<hal::Descriptor> out;
        out.push_back(std::move(frame.given));
        out.push_back(std::move(radio.given));
        return out;
    }
    static EncodedFrame request(std::uint32_t id) {
        return link::LinkFrames::encode(
            link::Request{.id = id, .operation = link::Operation::see_state, .argument = {}});
    }
    static EncodedFrame reply(std::uint32_t id) {
        return link::LinkFrames::encode(link::Reply{.id = id, .status = link::Status::ok, .last = true, .body = {}});
    }
};

TEST_F(GatewayProcess, ARequestGoesInAndItsReplyComesOut) {
    for (std::uint32_t id = 1; id <= 100; ++id) {
        radio.mine.send(request(id).view());
        EXPECT_TRUE(std::ranges::equal(next_packet(frame.mine), request(id).view()));
        frame.mine.send(reply(id).view());
        EXPECT_TRUE(std::ranges::equal(next_packet(radio.mine), reply(id).view()));
    }
}

TEST_F(GatewayProcess, NoiseFromEitherSideDoesNotEndItAndDoesNotPass) {
    std::vector<std::uint8_t> noise(max_frame_size, 'F');
    for (int i = 0; i < 200; ++i) {
        radio.mine.send(ByteView{noise}.first(1 + static_cast<std::size_t>(i) * 7));
        frame.mine.send(ByteView{noise}.first(1 + static_cast<std::size_t>(i) * 7));
    }
    radio.mine.send(request(7).view());
    EXPECT_TRUE(std::ranges::equal(next_packet(frame.mine), request(7).view()));
    frame.mine.send(reply(7).view());
    EXPECT_TRUE(std::ranges::equal(next_packet(radio.mine), reply(7).view()));
}

TEST_F(GatewayProcess, ItEndsWithTheFirmware) {
    frame.mine.close();
    EXPECT_EQ(gateway.end(), 0);
}

TEST_F(GatewayProcess, ItEndsWithTheRadio) {
    radio.mine.close();
    EXPECT_EQ(gateway.end(), 0);
}

TEST_F(GatewayProcess, ARadioThatReadsNothingHoldsUpNobody) {
    // Far more busy answers than a channel's buffer holds, none of them read: the firmware's side must still be served.
    std::uint32_t id = 0;
    for (; id < 32; ++id) {
        radio.mine.send(request(id).view());
        next_packet(frame.mine);
    }
    for (; id < 3'000; ++id) radio.mine.send(request(id).view());
    for (std::uint32_t i = 0; i < 32; ++i) frame.mine.send(reply(i).view());
    frame.mine.close();
    EXPECT_EQ(gateway.end(), 0);  // it heard of the end: it was not waiting for the radio
}

}  // namespace
}  // namespace basalt::test
