// What the network can do to a device whose gateway forwards everything that is well formed.
#include "tests/integration/firmware/accounts.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>

#include <random>

namespace basalt::test {
namespace {

constexpr Tick begin{86'400};
constexpr Tick after(std::uint64_t seconds) { return {begin.seconds + seconds}; }

TEST(Network, AFloodChangesNoDoseAndNoMode) {
    Scratch quiet_place, flooded_place;
    JoinedDevice quiet{{.records = quiet_place.path()}};
    JoinedDevice flooded{{.records = flooded_place.path()}};
    std::mt19937_64 rng{1};
    std::uint32_t id = 0;
    for (std::uint64_t t = 0; t <= 3'610; t += 10) {
        for (int i = 0; i < 200; ++i) {
            link::Request request{.id = ++id, .operation = static_cast<link::Operation>(1 + rng() % 4), .argument = {}};
            request.argument.size = 8;
            auto frame = link::LinkFrames::encode(request);
            if (i % 4 == 1) frame.data[rng() % frame.size] ^= 0x55;
            if (i % 4 == 2) frame.size = rng() % frame.size;
            if (i % 4 == 3) frame.size = max_frame_size;
            flooded.radio(frame.view());
        }
        quiet.run_to(after(t));
        flooded.run_to(after(t));
    }
    EXPECT_EQ(flooded.motor(), quiet.motor());
    EXPECT_EQ(flooded.signals().mode, hal::Mode::normal);
    EXPECT_FALSE(flooded.signals().network_isolated);
    EXPECT_EQ(flooded.resets(), 1);
    EXPECT_TRUE(flooded.findings().empty());
    EXPECT_GT(flooded.gateway_counts().malformed, 10'000U);
    expect_no_dose_twice_and_none_missing(flooded, begin);
}

TEST(Network, AClientReadsTheStateTheLogAndTheDoses) {
    Scratch scratch;
    JoinedDevice device{{.records = scratch.path()}};
    device.run_to(after(1'810));
    std::uint32_t id = 0;
    for (const auto operation : {link::Operation::see_state, link::Operation::read_log, link::Operation::verify_log,
                                 link::Operation::read_doses}) {
        link::Request request{.id = ++id, .operation = operation, .argument = {}};
        request.argument.size = 8;
        device.radio(link::LinkFrames::encode(request).view());
    }
    device.run_to(after(2'410));
    std::uint32_t ended = 0;
    for (const auto& reply : device.radio_replies()) {
        EXPECT_EQ(reply.status, link::Status::ok) << reply.id;
        ended += reply.last ? 1 : 0;
    }
    EXPECT_EQ(ended, 4U);
}

}  // namespace
}  // namespace basalt::test
