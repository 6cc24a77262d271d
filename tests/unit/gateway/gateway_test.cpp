#include "device/gateway/gateway.h"

#include "device/hal/dose_frames.h"
#include "device/hal/screen_frames.h"

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

/// One connection of the network.
class OneConnection : public Network {
  public:
    bool send(Connection, ByteView frame) noexcept override {
        frames.emplace_back(frame.begin(), frame.end());
        return true;
    }
    std::vector<std::vector<std::uint8_t>> frames;
};

struct GatewayTest : testing::Test {
    Recorder firmware;
    OneConnection network;
    Gateway gateway{firmware, network};

    template <class Frame>
    void in(const Frame& frame) {
        gateway.on_network(0, link::LinkFrames::encode(frame).view());
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

TEST_F(GatewayTest, NoDoseFrameNoQuestionInTheClearAndNoDamagedFramePasses) {
    gateway.on_network(
        0, hal::DoseFrames::encode(hal::DoseRequest{.request_id = 1, .amount = 10_U, .kind = hal::DoseKind::bolus})
               .view());
    gateway.on_network(0, hal::ScreenFrames::encode(hal::ScreenRequest{.id = 1}).view());
    gateway.on_firmware(hal::ScreenFrames::encode(hal::ScreenReply{.id = 1, .body = {}}).view());
    const std::vector<std::uint8_t> in_the_clear{'F', 1, 7, 0, 0, 0, 1, 0, 0};  // as this channel once had it
    gateway.on_network(0, in_the_clear);
    const auto good = link::LinkFrames::encode(link::Hello{});
    for (std::size_t size = 0; size < good.size; ++size) gateway.on_network(0, good.view().first(size));
    const std::vector<std::uint8_t> huge(1'000'000, 'F');
    gateway.on_network(0, huge);
    EXPECT_TRUE(firmware.frames.empty());
    EXPECT_TRUE(network.frames.empty());
    EXPECT_EQ(gateway.counts().malformed, 5U + good.size);
    for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
        std::mt19937_64 rng{seed};
        std::vector<std::uint8_t> noise(rng() % 2'100);
        for (auto& b : noise) b = static_cast<std::uint8_t>(rng());
        if (noise.size() > 2) noise[0] = 'F', noise[1] = rng() % 2 ? 1 : 64;
        gateway.on_network(0, noise);
        gateway.on_firmware(noise);
    }
    EXPECT_TRUE(firmware.frames.empty());
    EXPECT_TRUE(network.frames.empty());
    EXPECT_GT(gateway.counts().malformed, 20'000U);
}

TEST_F(GatewayTest, WhatIsBetweenGatewayAndFirmwareAloneComesFromNoClientAndGoesToNone) {
    in(link::Certify{});
    in(link::NetworkRefusal{});
    in(link::Certified{});
    out(link::Certified{});
    out(link::Certify{});
    EXPECT_EQ(gateway.counts().wrong_way, 5U);
    EXPECT_TRUE(firmware.frames.empty());
    EXPECT_TRUE(network.frames.empty());
}

TEST_F(GatewayTest, AFloodStopsAtTheNumberThatMayWait) {
    constexpr std::uint32_t sessions = Gateway::max_sessions;
    constexpr std::size_t most = sessions * static_cast<std::size_t>(Gateway::max_sealed_waiting);
    const auto connection_of = [](std::uint32_t session) { return static_cast<Connection>(session / 2); };
    const auto send = [&](std::uint32_t session) {
        gateway.on_network(connection_of(session),
                           link::LinkFrames::encode(link::SealedIn{.session = session, .body = {}}).view());
    };
    for (std::uint32_t session = 0; session < sessions; ++session) {
        gateway.on_network(connection_of(session),
                           link::LinkFrames::encode(link::Hello{.session = session, .body = {}}).view());
        out(link::Answer{.session = session, .body = {}});
    }
    firmware.frames.clear();
    for (std::uint32_t i = 0; i < 100'000; ++i) send(i % sessions);
    EXPECT_EQ(firmware.frames.size(), most);
    EXPECT_EQ(gateway.counts().too_many, 100'000U - most);
    for (std::uint32_t session = 0; session < sessions; ++session) sealed_out(session);
    for (std::uint32_t i = 0; i < 1'000; ++i) send(i % sessions);
    EXPECT_EQ(firmware.frames.size(), most + sessions) << "each last answer makes room for one";
}

TEST_F(GatewayTest, WhoKnocksWithoutEndPushesOutNobodyElseAndIsHeardOnceATime) {
    open(7);  // somebody, over the first connection
    sealed_in(7);
    const auto knock = [&](std::uint32_t session) {
        gateway.on_network(1, link::LinkFrames::encode(link::Hello{.session = session, .body = {}}).view());
    };
    firmware.frames.clear();
    for (std::uint32_t session = 100; session < 10'000; ++session) knock(session);
    EXPECT_EQ(firmware.frames.size(), 1U) << "one Hello waits for its answer";
    for (std::uint32_t session = 10'000; session < 20'000; ++session) {
        out(link::Answer{.session = static_cast<std::uint32_t>(session == 10'000 ? 100 : session - 1), .body = {}});
        knock(session);
        sealed_out(session);
    }
    network.frames.clear();
    sealed_out(7);
    EXPECT_EQ(network.frames.size(), 1U) << "the answer to the first connection's message still finds its way";
}

TEST_F(GatewayTest, WhatNobodyAskedForDoesNotLeaveTheDevice) {
    out(link::Answer{.session = 1, .body = {}});
    sealed_out(1);
    EXPECT_TRUE(network.frames.empty());
    open(1);
    sealed_in(1);
    for (int i = 0; i < 1'000; ++i) sealed_out(1, false);  // a firmware that never ends its answer
    EXPECT_EQ(network.frames.size(), 1U + static_cast<std::size_t>(link::max_replies));
}

// ---- end-to-end sessions
// ---------------------------------------------------------------------------------------------------

struct SessionsThroughTheGateway : GatewayTest {};

TEST_F(SessionsThroughTheGateway, EachFrameGoesItsWayUnchangedWhateverStandsInIt) {
    const link::SealedIn sealed{.session = 7, .body = {1, 2, 3}};
    hello(7);
    in(sealed);
    ASSERT_EQ(firmware.frames.size(), 2U);
    EXPECT_TRUE(std::ranges::equal(firmware.frames[1], link::LinkFrames::encode(sealed).view()));
    const link::SealedOut answer{.session = 7, .last = true, .body = {4, 5, 6}};
    out(link::Answer{.session = 7, .body = {}});
    out(answer);
    ASSERT_EQ(network.frames.size(), 2U);
    EXPECT_TRUE(std::ranges::equal(network.frames[1], link::LinkFrames::encode(answer).view()));
}

TEST_F(SessionsThroughTheGateway, NothingPassesTheWrongWay) {
    open(7);
    out(link::Hello{.session = 7, .body = {}});
    out(link::SealedIn{.session = 7, .body = {}});
    in(link::Answer{.session = 7, .body = {}});
    in(link::SealedOut{.session = 7, .last = true, .body = {}});
    EXPECT_EQ(gateway.counts().wrong_way, 4U);
    EXPECT_EQ(firmware.frames.size(), 1U);
    EXPECT_EQ(network.frames.size(), 1U);
}

TEST_F(SessionsThroughTheGateway, WhatBelongsToNoSessionStopsHere) {
    sealed_in(7);
    sealed_out(7);
    out(link::Answer{.session = 7, .body = {}});
    open(7);
    gateway.gone(0);
    sealed_in(7);
    sealed_out(7);
    EXPECT_EQ(gateway.counts().not_asked, 5U);
    EXPECT_EQ(firmware.frames.size(), 1U);
    EXPECT_EQ(network.frames.size(), 1U);
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
    EXPECT_EQ(network.frames.size(), 1U) << "nothing was asked";
    sealed_in(7);
    for (int i = 0; i < 100; ++i) sealed_out(7, false);
    const auto most = 1U + static_cast<std::size_t>(link::max_replies);
    EXPECT_EQ(network.frames.size(), most);
    open(8);
    sealed_in(8);
    sealed_out(8, true);
    for (int i = 0; i < 100; ++i) sealed_out(8, false);
    EXPECT_EQ(network.frames.size(), most + 2) << "the last answer was the last";
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
    Recorder firmware;
    Gateway gateway{firmware, *this};

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
}

TEST_F(ManyConnections, NobodySpeaksUnderTheNumberOfAnothersSession) {
    open(1, 100);
    const auto before = firmware.frames.size();
    in(2, link::SealedIn{.session = 100, .body = {}});
    in(2, link::Hello{.session = 100, .body = {}});
    EXPECT_EQ(firmware.frames.size(), before);
    EXPECT_EQ(gateway.counts().foreign, 2U);
    in(1, link::SealedIn{.session = 100, .body = {}});
    EXPECT_EQ(firmware.frames.size(), before + 1);
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
}

}  // namespace
}  // namespace basalt::gateway
