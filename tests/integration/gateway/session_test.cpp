// A session through the gateway, which may look at every byte.
#include "device/gateway/gateway.h"
#include "device/link/device_sessions.h"
#include "tests/unit/link/two_ends.h"

#include <deque>

namespace basalt::test {
namespace {

using link::test::bytes_of;

struct Line {
    bool put(ByteView frame) {
        packets.emplace_back(frame.begin(), frame.end());
        return true;
    }
    std::deque<std::vector<std::uint8_t>> packets;
};
struct ToFirmware final : Line, hal::Port {
    bool send(ByteView frame) noexcept override { return put(frame); }
};
struct ToNetwork final : Line, gateway::Network {
    bool send(gateway::Connection, ByteView frame) noexcept override { return put(frame); }
};

struct SessionThroughTheGateway : testing::Test {
    ToFirmware to_firmware;
    ToNetwork to_network;
    gateway::Gateway gateway{to_firmware, to_network};
    link::test::SeededChance chance{9};
    link::test::SoftwareSigner signer{link::test::the_pump};
    link::DeviceSessions device{{.device = link::test::the_pump}, signer, chance};
    link::ClientEnd client{
        {.self = link::test::the_console, .device = link::test::the_pump, .identity = signer.identity()}};
    static constexpr std::uint64_t now_s = 100;

    template <class F>
    void send_in(const F& what) {
        const auto bytes = link::LinkFrames::encode(what);
        seen.append(bytes.view().begin(), bytes.view().end());
        gateway.on_network(0, bytes.view());
    }
    template <class F>
    void send_out(const F& what) {
        const auto bytes = link::LinkFrames::encode(what);
        seen.append(bytes.view().begin(), bytes.view().end());
        gateway.on_firmware(bytes.view());
    }
    template <class F>
    F next(Line& from) {
        EXPECT_FALSE(from.packets.empty());
        if (from.packets.empty()) return {};
        const auto decoded = link::LinkFrames::decode(from.packets.front());
        from.packets.pop_front();
        EXPECT_TRUE(decoded && std::holds_alternative<F>(*decoded));
        return decoded && std::holds_alternative<F>(*decoded) ? std::get<F>(*decoded) : F{};
    }
    void connect() {
        send_in(*client.hello(chance, now_s));
        send_out(*device.take(next<link::Hello>(to_firmware), {now_s}));
        ASSERT_EQ(client.on_answer(next<link::Answer>(to_network), now_s), std::nullopt);
    }
    std::string seen;  ///< all that passed through the gateway
};

TEST_F(SessionThroughTheGateway, CommandsAndLongAnswersPassAndNothingOfThemIsSeen) {
    connect();
    for (int i = 0; i < 50; ++i) {
        const auto sent = client.command(bytes_of("password: planted marker"), now_s);
        ASSERT_TRUE(sent);
        send_in(sent->frame);
        const auto taken = device.take(next<link::SealedIn>(to_firmware), {now_s});
        ASSERT_TRUE(taken.command);
        for (int page = 1; page <= link::max_replies; ++page)
            send_out(*device.reply(*taken.command, link::Outcome::done, bytes_of("glucose: planted marker"),
                                   page == link::max_replies, {now_s}));
        for (int page = 1; page <= link::max_replies; ++page)
            ASSERT_TRUE(client.take(next<link::SealedOut>(to_network), now_s).reply);
        EXPECT_EQ(client.state(sent->sequence), link::CommandState::done);
    }
    EXPECT_EQ(seen.find("marker"), std::string::npos);
    EXPECT_GT(seen.size(), 50U * (link::sealed_in_size + 32U * link::sealed_out_size));
}

}  // namespace
}  // namespace basalt::test
