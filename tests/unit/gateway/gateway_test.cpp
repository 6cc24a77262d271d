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

// ---- end-to-end sessions
// ---------------------------------------------------------------------------------------------------

struct SessionsThroughTheGateway : GatewayTest {
    template <class Frame>
    void in(const Frame& frame) {
        gateway.on_radio(link::LinkFrames::encode(frame).view());
    }
    template <class Frame>
    void out(const Frame& frame) {
        gateway.on_firmware(link::LinkFrames::encode(frame).view());
    }
    void hello(std::uint32_t session) { in(link::Hello{.session = session, .body = {}}); }
    void open(std::uint32_t session) {
        hello(session);
        out(link::Answer{.session = session, .body = {}});
    }
    void sealed_in(std::uint32_t session) { in(link::SealedIn{.session = session, .body = {}}); }
    void sealed_out(std::uint32_t session, bool last = true) {
        out(link::SealedOut{.session = session, .last = last, .body = {}});
    }
};

TEST_F(SessionsThroughTheGateway, EachFrameGoesItsWayUnchangedWhateverStandsInIt) {
    const link::SealedIn sealed{.session = 7, .body = {1, 2, 3}};
    hello(7);
    in(sealed);
    ASSERT_EQ(firmware.frames.size(), 2U);
    EXPECT_TRUE(std::ranges::equal(firmware.frames[1], link::LinkFrames::encode(sealed).view()));
    const link::SealedOut answer{.session = 7, .last = true, .body = {4, 5, 6}};
    out(link::Answer{.session = 7, .body = {}});
    out(answer);
    ASSERT_EQ(radio.frames.size(), 2U);
    EXPECT_TRUE(std::ranges::equal(radio.frames[1], link::LinkFrames::encode(answer).view()));
}

TEST_F(SessionsThroughTheGateway, NothingPassesTheWrongWay) {
    open(7);
    out(link::Hello{.session = 7, .body = {}});
    out(link::SealedIn{.session = 7, .body = {}});
    in(link::Answer{.session = 7, .body = {}});
    in(link::SealedOut{.session = 7, .last = true, .body = {}});
    EXPECT_EQ(gateway.counts().wrong_way, 4U);
    EXPECT_EQ(firmware.frames.size(), 1U);
    EXPECT_EQ(radio.frames.size(), 1U);
}

TEST_F(SessionsThroughTheGateway, WhatBelongsToNoSessionStopsHere) {
    sealed_in(7);
    sealed_out(7);
    out(link::Answer{.session = 7, .body = {}});
    open(7);
    gateway.gone(the_radio);
    sealed_in(7);
    sealed_out(7);
    EXPECT_EQ(gateway.counts().not_asked, 5U);
    EXPECT_EQ(firmware.frames.size(), 1U);
    EXPECT_EQ(radio.frames.size(), 1U);
}

TEST_F(SessionsThroughTheGateway, OneSessionWaitsForFourAnswersAtMost) {
    open(7);
    for (int i = 0; i < 10; ++i) sealed_in(7);
    EXPECT_EQ(firmware.frames.size(), 1U + 4U);
    EXPECT_EQ(gateway.counts().too_many, 6U);
    sealed_out(7, false);
    sealed_in(7);
    EXPECT_EQ(firmware.frames.size(), 5U) << "only a last answer makes room";
    sealed_out(7, true);
    sealed_in(7);
    EXPECT_EQ(firmware.frames.size(), 6U);
}

TEST_F(SessionsThroughTheGateway, TheFirmwareSaysNoMoreThanWasAsked) {
    open(7);
    sealed_out(7);
    EXPECT_EQ(radio.frames.size(), 1U) << "nothing was asked";
    sealed_in(7);
    for (int i = 0; i < 100; ++i) sealed_out(7, false);
    const auto most = 1U + static_cast<std::size_t>(link::max_replies);
    EXPECT_EQ(radio.frames.size(), most);
    open(8);
    sealed_in(8);
    sealed_out(8, true);
    for (int i = 0; i < 100; ++i) sealed_out(8, false);
    EXPECT_EQ(radio.frames.size(), most + 2) << "the last answer was the last";
}

TEST_F(SessionsThroughTheGateway, KnockingPushesOutWhoOnlyKnockedBeforeWhoSpeaks) {
    open(7);
    sealed_in(7);
    sealed_out(7);
    for (std::uint32_t session = 100; session < 200; ++session) {
        open(session);
        sealed_in(session);  // bytes that mean nothing: the firmware has no answer to them
    }
    const auto before = firmware.frames.size();
    sealed_in(7);
    EXPECT_EQ(firmware.frames.size(), before + 1);
    sealed_in(100);
    EXPECT_EQ(firmware.frames.size(), before + 1) << "and the oldest knock is gone";
    sealed_in(199);
    EXPECT_EQ(firmware.frames.size(), before + 2);
}

TEST_F(SessionsThroughTheGateway, AFirmwareThatTakesNothingCostsNoPlace) {
    open(7);
    firmware.full = true;
    for (int i = 0; i < 10; ++i) sealed_in(7);
    hello(8);
    firmware.full = false;
    for (int i = 0; i < 4; ++i) sealed_in(7);
    EXPECT_EQ(firmware.frames.size(), 1U + 4U);
    sealed_in(8);
    EXPECT_EQ(firmware.frames.size(), 5U);
}

// ---- several connections
// -----------------------------------------------------------------------------------------------------

struct ManyConnections : testing::Test, Network {
    bool send(Connection to, ByteView frame) noexcept override {
        if (to == absent) return false;
        heard.emplace_back(to, frame.size());
        return true;
    }
    std::vector<std::pair<Connection, std::size_t>> heard;
    Connection absent = 99;
    Recorder firmware, radio;
    Gateway gateway{firmware, radio, this};

    template <class Frame>
    void in(Connection from, const Frame& frame) {
        gateway.on_network(from, link::LinkFrames::encode(frame).view());
    }
    template <class Frame>
    void out(const Frame& frame) {
        gateway.on_firmware(link::LinkFrames::encode(frame).view());
    }
    void open(Connection from, std::uint32_t session) {
        in(from, link::Hello{.session = session, .body = {}});
        out(link::Answer{.session = session, .body = {}});
    }
};

TEST_F(ManyConnections, AnAnswerGoesToTheConnectionThatAskedAndToNoOther) {
    open(1, 100);
    open(2, 200);
    in(2, link::SealedIn{.session = 200, .body = {}});
    out(link::SealedOut{.session = 200, .last = true, .body = {}});
    ASSERT_EQ(heard.size(), 3U);
    EXPECT_EQ(heard[0].first, 1);
    EXPECT_EQ(heard[1].first, 2);
    EXPECT_EQ(heard[2].first, 2);
    EXPECT_TRUE(radio.frames.empty());
}

TEST_F(ManyConnections, NobodySpeaksUnderTheNumberOfAnothersSession) {
    open(1, 100);
    const auto before = firmware.frames.size();
    in(2, link::SealedIn{.session = 100, .body = {}});
    in(2, link::Hello{.session = 100, .body = {}});
    gateway.on_radio(link::LinkFrames::encode(link::SealedIn{.session = 100, .body = {}}).view());
    EXPECT_EQ(firmware.frames.size(), before);
    EXPECT_EQ(gateway.counts().foreign, 3U);
    in(1, link::SealedIn{.session = 100, .body = {}});
    EXPECT_EQ(firmware.frames.size(), before + 1);
}

TEST_F(ManyConnections, NoRequestInTheClearComesFromTheNetwork) {
    in(1, link::Request{.id = 1, .operation = link::Operation::see_state, .argument = {}});
    EXPECT_TRUE(firmware.frames.empty());
    EXPECT_EQ(gateway.counts().foreign, 1U);
}

TEST_F(ManyConnections, WithAConnectionItsSessionsAreGone) {
    open(1, 100);
    open(2, 200);
    in(1, link::SealedIn{.session = 100, .body = {}});
    in(2, link::SealedIn{.session = 200, .body = {}});
    const auto before = heard.size();
    gateway.gone(1);
    out(link::SealedOut{.session = 100, .last = true, .body = {}});
    EXPECT_EQ(heard.size(), before) << "whoever has its number now must not hear the old one's answers";
    out(link::SealedOut{.session = 200, .last = true, .body = {}});
    EXPECT_EQ(heard.size(), before + 1);
}

TEST_F(ManyConnections, WhatAConnectionDoesNotTakeIsCounted) {
    absent = 1;
    open(1, 100);
    EXPECT_EQ(gateway.counts().not_taken, 1U);
    Gateway alone{firmware, radio};
    alone.on_network(1, link::LinkFrames::encode(link::Hello{.session = 5, .body = {}}).view());
    alone.on_firmware(link::LinkFrames::encode(link::Answer{.session = 5, .body = {}}).view());
    EXPECT_EQ(alone.counts().not_taken, 1U);
}

}  // namespace
}  // namespace basalt::gateway
