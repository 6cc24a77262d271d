// The pump's own screen, whatever becomes of the gateway; and a screen in the attacker's hands.
#include "tests/attack/link/attackers_device.h"

#include <random>

namespace basalt::bench {
namespace {

/// A pump with all its processes, without a network: nobody but its screen asks it anything.
struct AtThePump {
    explicit AtThePump(std::unique_ptr<FreshDevice> its) : device(std::move(its)) {
        auto opened = device->live(nobody, LifeOptions{.first = {}, .seed = 1});
        EXPECT_TRUE(opened) << opened.error().what;
        living = std::move(*opened);
        EXPECT_TRUE(sim().power_on());
        EXPECT_TRUE(*ScreenClient{sim()}.wait_until_reachable());
    }
    Simulation& sim() { return living->simulation(); }
    std::optional<pid_t> process_of(Part part) { return sim().device().process_of(part); }
    json ask(hal::ScreenQuestion question) {
        const auto bodies = ScreenClient{sim()}.ask(question, 1);
        EXPECT_TRUE(bodies) << bodies.error().what;
        return bodies ? json::parse(bodies->at(0)) : json{};
    }
    void expect_shown(const std::string& network) {
        const auto state = ask(hal::ScreenQuestion::state);
        EXPECT_EQ(state["mode"], "normal") << state.dump();
        EXPECT_EQ(state["network"], network) << state.dump();
        EXPECT_GT(state["glucose_mg_dl"], 0) << state.dump();
        const auto log = ask(hal::ScreenQuestion::log);
        EXPECT_EQ(log["rows"][0]["record"]["seq"], 1) << log.dump();
    }

    Nobody nobody;
    std::unique_ptr<FreshDevice> device;
    std::unique_ptr<LivingDevice> living;
};

TEST(OwnScreenOfAPump, ItShowsStateAndLogWhileTheGatewayIsKilledAgainAndAgain) {
    AtThePump pump{*fresh().copy()};
    for (int i = 0; i < 5; ++i) {
        const auto gateway = pump.process_of(Part::gateway);
        EXPECT_TRUE(gateway);
        ASSERT_TRUE(pump.sim().kill(Part::gateway));
        EXPECT_NE(pump.process_of(Part::gateway), gateway);
        pump.expect_shown("up");  // boot has brought it back in the tick of the answer
    }
}

TEST(OwnScreenOfAPump, ItShowsStateAndLogWhereBootRefusedTheGateway) {
    auto device = *fresh().copy();
    for (const char* slot : {"slot-a", "slot-b"}) {
        const auto file = device->flash() / slot / "gateway.img";
        if (fs::exists(file)) fs::resize_file(file, fs::file_size(file) - 1);
    }
    AtThePump pump{std::move(device)};
    EXPECT_FALSE(pump.process_of(Part::gateway));
    pump.expect_shown("refused");
}

TEST(OwnScreenOfAPump, ItShowsStateAndLogWhileTheGatewayFloodsTheFirmware) {
    AtThePump pump{device_with_gateway(FLOODING_PROGRAM, "Basalt")};
    EXPECT_TRUE(pump.process_of(Part::gateway));
    for (int i = 0; i < 5; ++i) pump.expect_shown("up");
    EXPECT_TRUE(pump.process_of(Part::gateway)) << "it does run, and floods";
}

TEST(OwnScreenOfAPump, AQuestionThatAResetCutOffIsAskedAgainOfTheNextFirmware) {
    AtThePump pump{*fresh().copy()};
    const auto before = pump.process_of(Part::firmware);
    ASSERT_TRUE(pump.sim().kill(Part::firmware));
    const auto log = pump.ask(hal::ScreenQuestion::log);
    EXPECT_EQ(log["rows"][0]["record"]["seq"], 1) << log.dump();
    EXPECT_NE(pump.process_of(Part::firmware), before);
}

// Who holds the bus fills it and reads nothing, then lets go of it: no tick waits for him.
TEST(HostileScreen, HoldsUpNoDoseAndEndsNoProgram) {
    AtThePump quiet{*fresh().copy()}, flooded{*fresh().copy()};
    const auto firmware = flooded.process_of(Part::firmware);
    ASSERT_TRUE(firmware);
    std::mt19937_64 rng{1};
    std::uint64_t sent = 0;
    for (int second = 0; second < 900; ++second) {
        for (int i = 0; i < 40; ++i) {
            auto frame = hal::ScreenFrames::encode(
                hal::ScreenRequest{.id = static_cast<std::uint32_t>(rng()),
                                   .question = static_cast<hal::ScreenQuestion>(1 + rng() % 4),
                                   .from = rng() % 2});
            if (i % 4 == 1) frame.data[rng() % frame.size] ^= 0x55;
            if (i % 4 == 2) frame.size = 1 + rng() % frame.size;
            if (i % 4 == 3) frame.size = max_frame_size;
            if (flooded.sim().device().screen().send(frame.view())) ++sent;
        }
        for (AtThePump* pump : {&quiet, &flooded}) {
            pump->sim().wake();
            ASSERT_TRUE(pump->sim().run_until(pump->sim().now() + 1));
        }
        if (second == 600) flooded.sim().device().screen().close();
    }
    EXPECT_GT(sent, 1'000U);
    EXPECT_EQ(flooded.process_of(Part::firmware), firmware) << "it is the same process as before";
    EXPECT_EQ(flooded.sim().mode(), hal::Mode::normal);
    EXPECT_EQ(flooded.living->board().motor().count_mu(), quiet.living->board().motor().count_mu());
}

}  // namespace
}  // namespace basalt::bench
