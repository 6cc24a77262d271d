// The gateway's connections, on a socket of this computer, with a firmware that the test plays and seconds that it
// counts.
#include "device/gateway/network_side.h"

#include "tests/unit/gateway/test_pki.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace basalt::gateway {
namespace {

struct Firmware final : hal::Port {
    bool send(ByteView frame) noexcept override {
        if (full) return false;
        if (const auto decoded = link::LinkFrames::decode(frame)) all.push_back(*decoded);
        return true;
    }
    template <class Frame>
    std::vector<Frame> heard() const {
        std::vector<Frame> out;
        for (const auto& frame : all)
            if (const auto* one = std::get_if<Frame>(&frame)) out.push_back(*one);
        return out;
    }
    std::vector<link::LinkFrames::Any> all;
    bool full = false;
};
hal::Descriptor listening(sockaddr_in& at) {
    hal::Descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    at = {};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(at);
    auto* const plain = reinterpret_cast<sockaddr*>(&at);
    EXPECT_EQ(::bind(socket.get(), plain, size) | ::listen(socket.get(), 64), 0);
    EXPECT_EQ(::getsockname(socket.get(), plain, &size), 0);
    return socket;
}

struct NetworkSideTest : testing::Test {
    NetworkSideTest() {
        EXPECT_TRUE(TlsServer::prepare());
        side.attach(gateway);
    }
    hal::Descriptor connect() const {
        hal::Descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        EXPECT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&at), sizeof(at)), 0);
        return socket;
    }
    void certify(const link::Certify& asked) {
        link::Certified out;
        out.now_unix_s = test::today;
        const auto chain = *certifier.certify(asked.key);
        out.leaf.assign(chain[0]);
        out.identity.assign(chain[1]);
        out.client_authority.assign(hospital.certificate());
        side.on_certified(out, now);
    }
    void begin() {
        side.on_second(now);
        certify(firmware.heard<link::Certify>().back());
    }
    /// One turn of the program's loop.
    void turn() {
        std::array<pollfd, NetworkSide::poll_count> ends{};
        side.wants(ends);
        ::poll(ends.data(), ends.size(), 0);
        side.serve(ends, now);
    }
    static bool ended(const hal::Descriptor& socket) {
        char byte = 0;
        ssize_t count = 0;
        while ((count = ::recv(socket.get(), &byte, 1, MSG_DONTWAIT)) > 0) {
        }
        return count == 0;
    }
    std::uint32_t told(TlsRefusal reason) const {
        std::uint32_t count = 0;
        for (const auto& refusal : firmware.heard<link::NetworkRefusal>())
            if (refusal.reason == std::to_underlying(reason)) count += refusal.count;
        return count;
    }

    Tick now{1'000};
    sockaddr_in at{};
    Firmware firmware;
    std::vector<std::string> said;
    NetworkSide side{listening(at), firmware, [this](std::string_view words) { said.emplace_back(words); }};
    Gateway gateway{firmware, side};
    test::Authority device{"device"}, hospital{"hospital"};
    test::DeviceCertifier certifier{device};
};

TEST_F(NetworkSideTest, NobodyIsAcceptedBeforeTheFirmwareHasCertifiedTheKey) {
    std::array<pollfd, NetworkSide::poll_count> ends{};
    side.wants(ends);
    EXPECT_EQ(ends[0].fd, -1);
    begin();
    side.wants(ends);
    EXPECT_GE(ends[0].fd, 0);
}

TEST_F(NetworkSideTest, AnAskThatWasLostIsMadeAgainAndForTheSameKey) {
    for (int s = 0; s < 60; ++s, now = now + 1) side.on_second(now);
    const auto asked = firmware.heard<link::Certify>();
    ASSERT_EQ(asked.size(), 3U);
    EXPECT_EQ(asked[0].key, asked[2].key);
}

TEST_F(NetworkSideTest, ARefusalOrACertificateForAnotherKeyIsToldAndLetsNobodyIn) {
    side.on_second(now);
    link::Certified refusal;
    const std::string words = "Enrol it.\x1b[2J";
    refusal.refusal.assign({reinterpret_cast<const std::uint8_t*>(words.data()), words.size()});
    side.on_certified(refusal, now);
    certifier.wrong_key = true;
    certify(firmware.heard<link::Certify>().back());
    ASSERT_EQ(said.size(), 2U);
    EXPECT_NE(said[0].find("Enrol it.?[2J"), std::string::npos) << said[0];
    std::array<pollfd, NetworkSide::poll_count> ends{};
    side.wants(ends);
    EXPECT_EQ(ends[0].fd, -1);
}

TEST_F(NetworkSideTest, AfterHalfADayAnotherKeyIsCertifiedBeforeTheFirstRunsOut) {
    begin();
    now = now + (NetworkSide::renew_after - 1);
    side.on_second(now);
    EXPECT_EQ(firmware.heard<link::Certify>().size(), 1U);
    now = now + 1;
    side.on_second(now);
    const auto asked = firmware.heard<link::Certify>();
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_NE(asked[0].key, asked[1].key);
    certify(asked[1]);
    now = now + 60;
    side.on_second(now);
    EXPECT_EQ(firmware.heard<link::Certify>().size(), 2U);
}

TEST_F(NetworkSideTest, WhatWasNotAskedForIsDropped) {
    begin();
    link::Certified other;
    side.on_certified(other, now);
    EXPECT_TRUE(said.empty());
}

TEST_F(NetworkSideTest, OfACrowdTheOldestWithoutACertificateGivesWay) {
    begin();
    std::vector<hal::Descriptor> crowd;
    for (int i = 0; i < 20; ++i) {
        crowd.push_back(connect());
        turn();
        now = now + 1;
        // no second passes for the connections: only who came first decides
    }
    for (std::size_t i = 0; i < crowd.size(); ++i)
        EXPECT_EQ(ended(crowd[i]), i < crowd.size() - NetworkSide::max_connections) << i;
    side.on_second(now + NetworkSide::tell_every);
    EXPECT_GE(told(TlsRefusal::crowded_out), 12U);
}

TEST_F(NetworkSideTest, WhoSaysNothingIsEndedAndToldOnceAMinuteWithTheNumber) {
    begin();
    std::vector<hal::Descriptor> silent;
    for (int i = 0; i < 3; ++i) silent.push_back(connect());
    turn();
    now = now + TlsConnection::handshake_ticks + 1;
    side.on_second(now);
    for (const auto& one : silent) EXPECT_TRUE(ended(one));
    EXPECT_EQ(told(TlsRefusal::handshake_slow), 3U);
    EXPECT_EQ(said.size(), 1U);
    EXPECT_TRUE(said[0].starts_with("3 x ")) << said[0];

    // More of the same within the minute waits for its end; what the firmware does not take waits too.
    silent.push_back(connect());
    turn();
    now = now + TlsConnection::handshake_ticks + 1;
    side.on_second(now);
    EXPECT_EQ(told(TlsRefusal::handshake_slow), 3U);
    firmware.full = true;
    now = now + NetworkSide::tell_every;
    side.on_second(now);
    firmware.full = false;
    side.on_second(now);
    EXPECT_EQ(told(TlsRefusal::handshake_slow), 4U);
}

TEST_F(NetworkSideTest, NoiseEndsItsConnectionAndNothingOfItGoesInside) {
    begin();
    const auto noisy = connect();
    ASSERT_EQ(::send(noisy.get(), "GET / HTTP/1.1\r\n\r\n", 18, 0), 18);
    turn();
    turn();
    EXPECT_TRUE(ended(noisy));
    EXPECT_EQ(told(TlsRefusal::not_tls), 1U);
    EXPECT_EQ(gateway.counts().forwarded, 0U);
}

TEST_F(NetworkSideTest, WhatIsForNobodyWhoIsThereIsNotSent) {
    begin();
    const std::array<std::uint8_t, 2> frame{1, 2};
    for (const Connection to : {Connection{0}, Connection{1}, Connection{8}, Connection{9}, Connection{65'535}})
        EXPECT_FALSE(side.send(to, frame));
}

}  // namespace
}  // namespace basalt::gateway
