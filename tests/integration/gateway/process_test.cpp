// The gateway as a process on a device without a network, at its one channel. With a network:
// tests/integration/network/pump_client_test.cpp.
#include "device/hal/screen_frames.h"
#include "device/link/frame_channel.h"
#include "tests/support/child.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

namespace basalt::test {
namespace {

struct GatewayProcess : testing::Test {
    Channel frame = make_channel();
    Child gateway{GATEWAY_PROGRAM, {}, given()};

    std::vector<hal::Descriptor> given() {
        std::vector<hal::Descriptor> out;
        out.push_back(std::move(frame.given));
        return out;
    }
};

TEST_F(GatewayProcess, WithoutANetworkItSaysNothingWhateverItHearsAndEndsWithTheFirmware) {
    std::vector<std::uint8_t> noise(max_frame_size, 'F');
    for (std::size_t i = 0; i < 200; ++i) {
        frame.mine.send(ByteView{noise}.first(1 + i * 7));
        frame.mine.send(link::LinkFrames::encode(link::Certified{}).view());
        frame.mine.send(link::LinkFrames::encode(link::SealedOut{}).view());
        frame.mine.send(hal::ScreenFrames::encode(hal::ScreenReply{}).view());
    }
    // The next thing to be heard of it is its end.
    const int keeps_reading = ::dup(frame.mine.get());
    ASSERT_EQ(::shutdown(keeps_reading, SHUT_WR), 0);
    ::close(keeps_reading);
    std::array<std::uint8_t, max_frame_size> buffer;
    EXPECT_EQ(frame.mine.receive(buffer).arrival, hal::Arrival::ended);
    EXPECT_EQ(gateway.end(), 0);
}

}  // namespace
}  // namespace basalt::test
