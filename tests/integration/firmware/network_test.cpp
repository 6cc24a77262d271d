// What the network, and the pump's own screen, can do to a device whose gateway forwards everything that is well
// formed.
#include "tests/integration/firmware/accounts.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>

#include <random>

namespace basalt::test {
namespace {

constexpr Tick begin{86'400};
constexpr Tick after(std::uint64_t seconds) { return {begin.seconds + seconds}; }

/// Frames of every kind that a gateway may hear from a client, and worse.
EncodedFrame from_the_network(std::mt19937_64& rng) {
    const auto session = static_cast<std::uint32_t>(rng() % 64);
    switch (rng() % 4) {
        case 0:
            return link::LinkFrames::encode(link::Hello{.session = session, .body = {}});
        case 1:
            return link::LinkFrames::encode(link::SealedIn{.session = session, .body = {}});
        case 2:
            return link::LinkFrames::encode(link::Certify{});
        default:
            return hal::ScreenFrames::encode(hal::ScreenRequest{.id = session});
    }
}
EncodedFrame from_the_screen(std::mt19937_64& rng) {
    return hal::ScreenFrames::encode(hal::ScreenRequest{.id = static_cast<std::uint32_t>(rng()),
                                                        .question = static_cast<hal::ScreenQuestion>(1 + rng() % 4),
                                                        .from = rng() % 3 == 0 ? rng() : 1});
}
void damage(EncodedFrame& frame, int how, std::mt19937_64& rng) {
    if (how % 4 == 1) frame.data[rng() % frame.size] ^= 0x55;
    if (how % 4 == 2) frame.size = rng() % frame.size;
    if (how % 4 == 3) frame.size = max_frame_size;
}
void expect_the_same_therapy(JoinedDevice& flooded, JoinedDevice& quiet) {
    EXPECT_EQ(flooded.motor(), quiet.motor());
    EXPECT_EQ(flooded.signals().mode, hal::Mode::normal);
    EXPECT_FALSE(flooded.signals().network_isolated);
    EXPECT_EQ(flooded.resets(), 1);
    EXPECT_TRUE(flooded.findings().empty());
    expect_no_dose_twice_and_none_missing(flooded, begin);
}

TEST(Network, AFloodChangesNoDoseAndNoMode) {
    Scratch quiet_place, flooded_place;
    JoinedDevice quiet{{.records = quiet_place.path()}};
    JoinedDevice flooded{{.records = flooded_place.path()}};
    std::mt19937_64 rng{1};
    for (std::uint64_t t = 0; t <= 3'610; t += 10) {
        for (int i = 0; i < 200; ++i) {
            auto frame = from_the_network(rng);
            damage(frame, i, rng);
            flooded.network(frame.view());
            if (i % 10 == 9) flooded.network_reconnects();  // one connection alone is heard once
        }
        quiet.run_to(after(t));
        flooded.run_to(after(t));
    }
    EXPECT_GT(flooded.gateway_counts().malformed, 10'000U);
    EXPECT_GT(flooded.gateway_counts().forwarded, 100U);
    EXPECT_TRUE(flooded.network_heard().empty());
    expect_the_same_therapy(flooded, quiet);
}

// The gateway is left out: what an attacker in its place would send goes straight to the firmware.
TEST(Network, AGatewayThatAsksTheFirmwareForEverythingIsToldNothing) {
    Scratch quiet_place, asked_place;
    JoinedDevice quiet{{.records = quiet_place.path()}};
    JoinedDevice asked{{.records = asked_place.path()}};
    std::mt19937_64 rng{2};
    for (std::uint64_t t = 0; t <= 3'610; t += 10) {
        for (int i = 0; i < 100; ++i) {
            auto frame = i % 2 == 0 ? from_the_network(rng) : from_the_screen(rng);
            damage(frame, i / 2, rng);
            asked.as_the_gateway(frame.view());
        }
        quiet.run_to(after(t));
        asked.run_to(after(t));
    }
    for (const auto& frame : asked.gateway_heard()) {
        const auto decoded = link::LinkFrames::decode(frame);
        ASSERT_TRUE(decoded && std::holds_alternative<link::Certified>(*decoded));
        EXPECT_GT(std::get<link::Certified>(*decoded).refusal.size, 0U) << "a device without papers certifies nobody";
    }
    expect_the_same_therapy(asked, quiet);
    auto records = asked.records();
    ASSERT_TRUE(records);
    std::size_t reads = 0, dropped = 0;
    const auto events = records->events(1, 10'000);
    ASSERT_TRUE(events);
    for (const auto& logged : *events) {
        reads += logged.event.what == "data_read" ? 1 : 0;
        dropped += logged.event.what == "frames_dropped" ? 1 : 0;
    }
    EXPECT_EQ(reads, 0U);
    EXPECT_GT(dropped, 0U);
    EXPECT_LE(dropped, 2U);
}

TEST(OwnScreen, ItShowsTheStateTheLogAndTheDoses) {
    Scratch scratch;
    JoinedDevice device{{.records = scratch.path()}};
    device.run_to(after(1'810));
    std::uint32_t id = 0;
    for (const auto question : {hal::ScreenQuestion::state, hal::ScreenQuestion::log, hal::ScreenQuestion::log_check,
                                hal::ScreenQuestion::doses})
        device.screen(
            hal::ScreenFrames::encode(hal::ScreenRequest{.id = ++id, .question = question, .from = 1}).view());
    device.run_to(after(2'410));
    std::uint32_t ended = 0;
    for (const auto& reply : device.screen_replies()) {
        EXPECT_EQ(reply.status, hal::ScreenStatus::ok) << reply.id;
        ended += reply.last ? 1 : 0;
    }
    EXPECT_EQ(ended, 4U);
    EXPECT_TRUE(device.gateway_heard().empty()) << "and the gateway hears nothing of it";
}

// Somebody has opened the case and holds the screen's bus.
TEST(OwnScreen, AFloodOnItsBusChangesNoDoseAndNoMode) {
    Scratch quiet_place, flooded_place;
    JoinedDevice quiet{{.records = quiet_place.path()}};
    JoinedDevice flooded{{.records = flooded_place.path()}};
    std::mt19937_64 rng{3};
    for (std::uint64_t t = 0; t <= 3'610; t += 10) {
        for (int i = 0; i < 200; ++i) {
            auto frame = from_the_screen(rng);
            damage(frame, i, rng);
            flooded.screen(frame.view());
        }
        quiet.run_to(after(t));
        flooded.run_to(after(t));
    }
    expect_the_same_therapy(flooded, quiet);
}

}  // namespace
}  // namespace basalt::test
