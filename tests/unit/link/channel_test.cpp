// Messages that are sealed with the right keys and are wrong all the same: from an end that is out of order.
#include "device/link/channel.h"

#include "device/link/safety_code.h"
#include "tests/unit/link/two_ends.h"

namespace basalt::link::test {
namespace {

struct ChannelTest : testing::Test {
    static constexpr std::uint64_t start_s = 1'000;
    Secret shared;
    Digest transcript{1};
    Channel client = make(Way::in), device = make(Way::out);
    WayKeys keys = *derive_keys(shared, transcript, Way::in);
    std::uint64_t counter = 0;

    Channel make(Way outgoing, std::uint64_t most = max_messages) const {
        const bool in = outgoing == Way::in;
        return *Channel::make({.self = in ? the_console : the_pump,
                               .peer = in ? the_pump : the_console,
                               .session = 7,
                               .outgoing = outgoing,
                               .most_messages = most},
                              shared, transcript, {start_s}, 0);
    }
    /// What a client in order says next.
    Header header(std::uint64_t at = start_s) const {
        const std::uint64_t sequence = keys.first + counter;
        std::array<std::uint8_t, 8> bytes{};
        codec::Writer{bytes}(sequence);
        return {.addresses = {the_console, the_pump},
                .sequence = sequence,
                .stamp = {{at}, static_cast<std::uint32_t>(counter + 1)},
                .next_within_s = silence_s,
                .received = device.last_sent(),
                .identification = *mac(keys.identify, bytes)};
    }
    /// Sealed by the book, whatever it says.
    template <class M>
    std::array<std::uint8_t, sealed_in_size> sealed(const M& message) {
        std::array<std::uint8_t, sealed_in_size> body{};
        std::array<std::uint8_t, sealed_in_size - counter_size - tag_size> plain{};
        const auto padded = std::span{plain}.subspan(code_size);
        const auto bytes = MessageFrames::encode(message);
        std::ranges::copy(bytes.view(), padded.begin());
        padded[bytes.size] = 0x80;
        std::array<std::uint8_t, 13> about{};
        codec::Writer writer{about};
        writer(std::uint8_t{0});
        writer(std::uint32_t{7});
        writer(counter);
        codec::Writer{plain}(safety_code(about, padded));
        codec::Writer{body}(counter);
        Nonce nonce = keys.nonce;
        for (std::size_t i = 0; i < 8; ++i) nonce[11 - i] ^= static_cast<std::uint8_t>((counter >> (8 * i)) & 0xff);
        EXPECT_TRUE(seal(keys.seal, nonce, about, plain, std::span{body}.subspan(counter_size)));
        ++counter;
        return body;
    }
    std::optional<Drop> heard(const Header& with, std::uint64_t at = start_s) {
        const auto message = device.open(sealed(Alive{with}), Tick{at});
        return message ? std::nullopt : std::optional{message.error()};
    }
};

TEST_F(ChannelTest, TheBookIsRight) {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(heard(header()), std::nullopt);
}

TEST_F(ChannelTest, EachWrongFieldHasItsReasonAndChangesNothing) {
    Header wrong = header();
    wrong.addresses.source = a_stranger;
    EXPECT_EQ(heard(wrong), Drop::wrong_address);
    counter = 0;
    wrong = header();
    wrong.addresses.destination = another_pump;
    EXPECT_EQ(heard(wrong), Drop::wrong_address);
    counter = 0;
    wrong = header();
    wrong.identification[0] ^= 1;
    EXPECT_EQ(heard(wrong), Drop::not_identified);
    counter = 1;
    EXPECT_EQ(heard(header()), Drop::missing);
    counter = 0;
    EXPECT_EQ(heard(header(start_s - fresh_s - 1)), Drop::stale);
    counter = 0;
    EXPECT_EQ(heard(header(start_s + ahead_s + 1)), Drop::ahead);
    counter = 0;
    EXPECT_EQ(heard(header(start_s + silence_s + 1), start_s + silence_s + 1), Drop::too_late);
    counter = 0;
    wrong = header();
    wrong.received = device.last_sent() + 1;
    EXPECT_EQ(heard(wrong), Drop::wrong_feedback);
    counter = 0;
    wrong = header();
    wrong.received = device.last_sent() - 1;
    EXPECT_EQ(heard(wrong), Drop::wrong_feedback);
    counter = 0;
    EXPECT_EQ(heard(header()), std::nullopt) << "none of them has moved anything";
    counter = 0;
    EXPECT_EQ(heard(header()), Drop::repeated);
}

TEST_F(ChannelTest, FeedbackNeverNamesLessThanBefore) {
    std::array<std::uint8_t, sealed_out_size> out{};
    ASSERT_TRUE(device.seal(Alive{}, {start_s}, out) && device.seal(Alive{}, {start_s}, out));
    Header says = header();
    EXPECT_EQ(heard(says), std::nullopt);
    says = header();
    --says.received;
    EXPECT_EQ(heard(says), Drop::wrong_feedback);
}

TEST_F(ChannelTest, APromiseOfSilenceIsBelievedForAMinuteAtMost) {
    Header says = header();
    says.next_within_s = 60'000;
    EXPECT_EQ(heard(says), std::nullopt);
    EXPECT_FALSE(device.silent({start_s + longest_silence_s}));
    EXPECT_TRUE(device.silent({start_s + longest_silence_s + 1}));
    counter = 1;
    says = header(start_s + 50);
    says.next_within_s = 1;
    EXPECT_EQ(heard(says, start_s + 50), std::nullopt);
    EXPECT_TRUE(device.silent({start_s + 52})) << "and a short one is kept";
}

TEST_F(ChannelTest, WhatEndsInTheWrongPaddingIsNoMessage) {
    auto body = sealed(Alive{header()});
    ASSERT_TRUE(device.open(body, Tick{start_s}));
    // Sealed with the right keys by an end that forgot the mark, or the message.
    for (const std::uint8_t first : {std::uint8_t{0}, std::uint8_t{0x80}}) {
        std::array<std::uint8_t, sealed_in_size - counter_size - tag_size> plain{};
        plain[code_size] = first;
        std::array<std::uint8_t, 13> about{};
        codec::Writer writer{about};
        writer(std::uint8_t{0});
        writer(std::uint32_t{7});
        writer(std::uint64_t{0});
        codec::Writer{plain}(safety_code(about, std::span{plain}.subspan(code_size)));
        body = {};
        ASSERT_TRUE(seal(keys.seal, keys.nonce, about, plain, std::span{body}.subspan(counter_size)));
        EXPECT_EQ(device.open(body, Tick{start_s}).error(), Drop::not_a_message);
    }
    EXPECT_EQ(device.open({}, Tick{start_s}).error(), Drop::not_a_message);
}

TEST_F(ChannelTest, NoKeyStreamIsUsedTwice) {
    std::array<std::uint8_t, sealed_in_size> a{}, b{};
    ASSERT_TRUE(client.seal(Alive{}, {start_s}, a) && client.seal(Alive{}, {start_s}, b));
    // Both end in zeros before the tag: under one key stream they would look the same.
    const auto end_of = [](const auto& body) { return ByteView{body}.last(tag_size + 64).first(64); };
    EXPECT_FALSE(std::ranges::equal(end_of(a), end_of(b)));
    std::array<std::uint8_t, sealed_out_size> back{};
    ASSERT_TRUE(device.seal(Alive{}, {start_s}, back));
    EXPECT_FALSE(std::ranges::equal(end_of(a), end_of(back)));
}

TEST_F(ChannelTest, NoStampIsUsedTwiceWhenTheClockStandsOrGoesBack) {
    Stamp last;
    for (const std::uint64_t at : {1'000U, 1'000U, 999U, 1'001U, 1'001U}) {
        std::array<std::uint8_t, sealed_in_size> body{};
        ASSERT_TRUE(client.seal(Alive{}, {at}, body));
        ASSERT_TRUE(device.open(body, Tick{1'001}));
        EXPECT_GT(device.last_heard(), last);
        last = device.last_heard();
    }
}

TEST_F(ChannelTest, AKeySealsABoundedNumberOfMessages) {
    Channel few = make(Way::in, 3);
    std::array<std::uint8_t, sealed_in_size> body{};
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(few.seal(Alive{}, {start_s}, body));
    EXPECT_TRUE(few.used_up());
    EXPECT_FALSE(few.seal(Alive{}, {start_s}, body));
}

TEST_F(ChannelTest, AMessageThatIsLongerThanItsFrameIsNotSealed) {
    CommandReply reply;
    reply.body.size = max_reply_size;
    std::array<std::uint8_t, sealed_in_size> too_small{};
    EXPECT_FALSE(device.seal(reply, {start_s}, too_small));
    std::array<std::uint8_t, sealed_out_size> body{};
    EXPECT_TRUE(device.seal(reply, {start_s}, body)) << "the longest fits its own";
    Command command;
    command.body.size = max_command_size;
    EXPECT_TRUE(client.seal(command, {start_s}, too_small));
}

}  // namespace
}  // namespace basalt::link::test
