#include "device/gateway/gateway.h"

#include "device/hal/dose_frames.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace basalt::gateway {
namespace {

class Recorder : public hal::Port {
  public:
    bool send(ByteView frame) noexcept override {
        if (full) return false;
        frames.emplace_back(frame.begin(), frame.end());
        return true;
    }
    bool full = false;
    std::vector<std::vector<std::uint8_t>> frames;
};

struct GatewayTest : testing::Test {
    Recorder firmware, radio;
    Gateway gateway{firmware, radio};

    void ask(std::uint32_t id) {
        gateway.on_radio(
            link::LinkFrames::encode(link::Request{.id = id, .operation = {link::Operation::see_state}, .argument = {}})
                .view());
    }
    void answer(std::uint32_t id, bool last = true) {
        gateway.on_firmware(
            link::LinkFrames::encode(link::Reply{.id = id, .status = link::Status::ok, .last = last, .body = {}})
                .view());
    }
    std::size_t busy_replies() const {
        std::size_t count = 0;
        for (const auto& frame : radio.frames) {
            const auto decoded = link::LinkFrames::decode(frame);
            const auto* reply = decoded ? std::get_if<link::Reply>(&*decoded) : nullptr;
            if (reply != nullptr && reply->status == link::Status::busy) ++count;
        }
        return count;
    }
};

TEST_F(GatewayTest, ARequestGoesInAndItsReplyGoesOutUnchanged) {
    const auto request =
        link::LinkFrames::encode(link::Request{.id = 7, .operation = link::Operation::read_log, .argument = {}});
    gateway.on_radio(request.view());
    ASSERT_EQ(firmware.frames.size(), 1U);
    EXPECT_TRUE(std::ranges::equal(firmware.frames[0], request.view()));
    answer(7, false);
    answer(7, true);
    EXPECT_EQ(radio.frames.size(), 2U);
}

TEST_F(GatewayTest, NothingPassesTheWrongWay) {
    gateway.on_radio(link::LinkFrames::encode(link::Reply{.id = 1, .status = {}, .last = true, .body = {}}).view());
    gateway.on_firmware(link::LinkFrames::encode(link::Request{}).view());
    EXPECT_TRUE(firmware.frames.empty());
    EXPECT_TRUE(radio.frames.empty());
    EXPECT_EQ(gateway.counts().wrong_way, 2U);
}

TEST_F(GatewayTest, NoDoseFrameAndNoDamagedFramePasses) {
    gateway.on_radio(
        hal::DoseFrames::encode(hal::DoseRequest{.request_id = 1, .amount = 10_U, .kind = hal::DoseKind::bolus})
            .view());
    const auto good = link::LinkFrames::encode(link::Request{});
    for (std::size_t size = 0; size < good.size; ++size) gateway.on_radio(good.view().first(size));
    const std::vector<std::uint8_t> huge(1'000'000, 'F');
    gateway.on_radio(huge);
    for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
        std::mt19937_64 rng{seed};
        std::vector<std::uint8_t> noise(rng() % 2'100);
        for (auto& b : noise) b = static_cast<std::uint8_t>(rng());
        if (noise.size() > 2) noise[0] = 'F', noise[1] = rng() % 2 ? 1 : 64;
        gateway.on_radio(noise);
        gateway.on_firmware(noise);
    }
    for (const auto& frame : firmware.frames) {  // chance may have made a true request: whatever passed is one
        const auto decoded = link::LinkFrames::decode(frame);
        ASSERT_TRUE(decoded);
        EXPECT_TRUE(std::holds_alternative<link::Request>(*decoded));
    }
    EXPECT_GT(gateway.counts().malformed, 20'000U);
}

TEST_F(GatewayTest, AFloodOfRequestsStopsAtTheNumberThatMayWaitAndEachIsToldBusy) {
    for (std::uint32_t id = 0; id < 100'000; ++id) ask(id);
    EXPECT_EQ(firmware.frames.size(), Gateway::max_outstanding);
    EXPECT_EQ(busy_replies(), 100'000 - Gateway::max_outstanding);
    for (std::uint32_t id = 0; id < Gateway::max_outstanding; ++id) answer(id);  // each answer gives its token back
    for (std::uint32_t id = 0; id < 100; ++id) ask(id);
    EXPECT_EQ(firmware.frames.size(), 2 * Gateway::max_outstanding);
}

TEST_F(GatewayTest, ANumberThatStillWaitsIsNotTakenTwiceAndNotAnsweredInItsPlace) {
    ask(5);
    ask(5);
    EXPECT_EQ(firmware.frames.size(), 1U);
    EXPECT_TRUE(radio.frames.empty());
    answer(5);
    ask(5);
    EXPECT_EQ(firmware.frames.size(), 2U);
}

TEST_F(GatewayTest, WhatNobodyAskedForDoesNotLeaveTheDevice) {
    answer(1);
    EXPECT_TRUE(radio.frames.empty());
    ask(1);
    for (int i = 0; i < 1'000; ++i) answer(1, false);  // a firmware that never ends its answer
    EXPECT_EQ(radio.frames.size(), static_cast<std::size_t>(link::max_replies));
    for (std::uint32_t id = 10; id < 10 + Gateway::max_outstanding; ++id) ask(id);  // and its token is not lost
    EXPECT_EQ(firmware.frames.size(), 1 + Gateway::max_outstanding);
}

TEST_F(GatewayTest, ANeighbourThatTakesNothingCostsNoToken) {
    firmware.full = true;
    for (std::uint32_t id = 0; id < 1'000; ++id) ask(id);
    EXPECT_EQ(busy_replies(), 1'000U);
    firmware.full = false;
    ask(1);
    EXPECT_EQ(firmware.frames.size(), 1U);
}

}  // namespace
}  // namespace basalt::gateway
