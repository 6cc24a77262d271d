// docs/formats/session.md and the code say the same.
#include "tests/support/page.h"
#include "tests/unit/link/two_ends.h"

namespace basalt::link::test {
namespace {

Secret secret_of(std::array<std::uint8_t, 32> bytes) { return Secret::take(bytes); }
Secret filled(std::uint8_t with) {
    std::array<std::uint8_t, 32> bytes{};
    bytes.fill(with);
    return secret_of(bytes);
}

TEST(SessionPage, TheExampleIsWhatTheCodeWritesAndReads) {
    const auto blocks = basalt::test::example_bytes("session.md");
    ASSERT_EQ(blocks.size(), 3U);
    constexpr Identifier client{0xc0}, device{0xd0};

    const Secret alice =
        secret_of({0x77, 0x07, 0x6d, 0x0a, 0x73, 0x18, 0xa5, 0x7d, 0x3c, 0x16, 0xc1, 0x72, 0x51, 0xb2, 0x66, 0x45,
                   0xdf, 0x4c, 0x2f, 0x87, 0xeb, 0xc0, 0x99, 0x2a, 0xb1, 0x77, 0xfb, 0xa5, 0x1d, 0xb9, 0x2c, 0x2a});
    const auto hello = HandshakeFrames::encode(HelloBody{.addresses = {client, device}, .share = *share_of(alice)});
    EXPECT_TRUE(std::ranges::equal(hello.view(), blocks[0])) << testing::PrintToString(hello.view());

    Digest transcript{};
    transcript.fill(2);
    const Secret shared = filled(1);
    auto from = Channel::make({client, device, 7, Way::in}, shared, transcript, {1'000}, 0);
    auto to = Channel::make({device, client, 7, Way::out}, shared, transcript, {1'000}, 0);
    Command command;
    command.body.assign(bytes_of("{}"));
    SealedIn frame;
    ASSERT_TRUE(from->seal(command, {1'000}, frame.body));
    const auto message = to->open(frame.body, Tick{1'000});
    ASSERT_TRUE(message);
    const auto bytes = MessageFrames::encode(std::get<Command>(*message));
    EXPECT_TRUE(std::ranges::equal(bytes.view(), blocks[1])) << testing::PrintToString(bytes.view());
    const Digest digest = sha256(frame.body);
    EXPECT_TRUE(std::ranges::equal(digest, blocks[2])) << testing::PrintToString(digest);
}

TEST(SessionPage, ItsReasonsHaveTheNumbersThatItGives) {
    EXPECT_EQ(std::to_underlying(Drop::no_room), 16);
    EXPECT_EQ(std::to_underlying(Drop::not_willing), 17);
    EXPECT_EQ(std::to_underlying(Drop::not_this_device), 18);
    EXPECT_EQ(std::to_underlying(Drop::wrong_version), 19);
    EXPECT_EQ(std::to_underlying(Drop::cannot_sign), 20);
    EXPECT_EQ(std::to_underlying(Drop::no_key), 21);
}

}  // namespace
}  // namespace basalt::link::test
