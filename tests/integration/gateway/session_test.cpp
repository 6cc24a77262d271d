// A session through the gateway as a process, which may look at every byte.
#include "device/link/device_sessions.h"
#include "tests/support/child.h"
#include "tests/unit/link/two_ends.h"

namespace basalt::test {
namespace {

using link::test::bytes_of;

struct SessionThroughTheProcess : testing::Test {
    Channel frame = make_channel(), radio = make_channel();
    Child gateway{GATEWAY_PROGRAM, {}, given()};
    link::test::SeededChance chance{9};
    link::test::SoftwareSigner signer{link::test::the_pump};
    link::DeviceSessions device{{.device = link::test::the_pump}, signer, chance};
    link::ClientEnd client{
        {.self = link::test::the_console, .device = link::test::the_pump, .identity = signer.identity()}};
    static constexpr std::uint64_t now_s = 100;

    std::vector<hal::Descriptor> given() {
        std::vector<hal::Descriptor> out;
        out.push_back(std::move(frame.given));
        out.push_back(std::move(radio.given));
        return out;
    }
    template <class F>
    void send(hal::Seqpacket& to, const F& what) {
        const auto bytes = link::LinkFrames::encode(what);
        seen.append(bytes.view().begin(), bytes.view().end());
        ASSERT_TRUE(to.send(bytes.view()));
    }
    template <class F>
    F next(hal::Seqpacket& from) {
        const auto packet = next_packet(from);
        const auto decoded = link::LinkFrames::decode(packet);
        EXPECT_TRUE(decoded && std::holds_alternative<F>(*decoded));
        return decoded && std::holds_alternative<F>(*decoded) ? std::get<F>(*decoded) : F{};
    }
    void connect() {
        send(radio.mine, *client.hello(chance, now_s));
        send(frame.mine, *device.take(next<link::Hello>(frame.mine), {now_s}));
        ASSERT_EQ(client.on_answer(next<link::Answer>(radio.mine), now_s), std::nullopt);
    }
    std::string seen;  ///< all that passed through the gateway
};

TEST_F(SessionThroughTheProcess, CommandsAndLongAnswersPassAndNothingOfThemIsSeen) {
    connect();
    for (int i = 0; i < 50; ++i) {
        const auto sent = client.command(bytes_of("password: planted marker"), now_s);
        ASSERT_TRUE(sent);
        send(radio.mine, sent->frame);
        const auto taken = device.take(next<link::SealedIn>(frame.mine), {now_s});
        ASSERT_TRUE(taken.command);
        for (int page = 1; page <= link::max_replies; ++page)
            send(frame.mine, *device.reply(*taken.command, link::Outcome::done, bytes_of("glucose: planted marker"),
                                           page == link::max_replies, {now_s}));
        for (int page = 1; page <= link::max_replies; ++page)
            ASSERT_TRUE(client.take(next<link::SealedOut>(radio.mine), now_s).reply);
        EXPECT_EQ(client.state(sent->sequence), link::CommandState::done);
    }
    EXPECT_EQ(seen.find("marker"), std::string::npos);
    EXPECT_GT(seen.size(), 50U * (link::sealed_in_size + 32U * link::sealed_out_size));
}

TEST_F(SessionThroughTheProcess, AGatewayThatIsGoneLeavesTheCommandUnknown) {
    connect();
    const auto sent = client.command(bytes_of("bolus 2 U"), now_s);
    send(radio.mine, sent->frame);
    next<link::SealedIn>(frame.mine);
    frame.mine.close();
    EXPECT_EQ(gateway.end(), 0);
    client.lost();
    EXPECT_EQ(client.state(sent->sequence), link::CommandState::unknown);
}

}  // namespace
}  // namespace basalt::test
