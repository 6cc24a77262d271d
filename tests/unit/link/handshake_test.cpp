// How a session begins, and each way in which it does not.
#include "device/link/device_sessions.h"
#include "tests/unit/link/two_ends.h"

namespace basalt::link::test {
namespace {

struct Handshake : testing::Test, TwoEnds {
    Hello asked = *client.hello(chance, console_s());

    std::expected<DeviceEnd::Begun, Drop> begin(const Hello& hello) {
        return DeviceEnd::begin(hello, the_pump, signer, chance, now(), 0);
    }
    static HelloBody read(const Hello& hello) {
        return std::get<HelloBody>(*HandshakeFrames::decode(hello.body.view()));
    }
    static Hello write(std::uint32_t session, const HelloBody& body) {
        Hello hello{.session = session, .body = {}};
        hello.body.assign(HandshakeFrames::encode(body).view());
        return hello;
    }
    static AnswerBody read(const Answer& answer) {
        return std::get<AnswerBody>(*HandshakeFrames::decode(answer.body.view()));
    }
    static Answer write(std::uint32_t session, const AnswerBody& body) {
        Answer answer{.session = session, .body = {}};
        answer.body.assign(HandshakeFrames::encode(body).view());
        return answer;
    }
};

TEST_F(Handshake, EveryFlippedBitOfTheAnswerLeavesNoSession) {
    const auto begun = begin(asked);
    ASSERT_TRUE(begun);
    for (std::size_t bit = 0; bit < 8U * begun->answer.body.size; ++bit) {
        Answer flipped = begun->answer;
        flipped.body.data[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        const auto objection = client.on_answer(flipped, console_s());
        ASSERT_TRUE(objection) << bit;
        ASSERT_FALSE(client.stands());
    }
    EXPECT_EQ(client.on_answer(begun->answer, console_s()), std::nullopt) << "the true one still counts";
}

TEST_F(Handshake, WhoeverChangesTheHelloIsFoundByTheClient) {
    HelloBody changed = read(asked);
    Secret attackers;
    chance.fill(attackers.bytes());
    changed.share = *share_of(attackers);
    const auto begun = begin(write(asked.session, changed));
    ASSERT_TRUE(begun);
    EXPECT_EQ(client.on_answer(begun->answer, console_s()), Drop::false_pump);
}

TEST_F(Handshake, ASessionNumberThatWasChangedOnTheWayAndBackIsFound) {
    Hello renumbered = asked;
    ++renumbered.session;
    auto answer = begin(renumbered)->answer;
    --answer.session;
    EXPECT_EQ(client.on_answer(answer, console_s()), Drop::false_pump);
}

TEST_F(Handshake, AnAnswerToAnotherHelloIsNoAnswer) {
    const auto old = begin(asked);
    ClientEnd again{{.self = the_console, .device = the_pump, .identity = signer.identity()}};
    const auto hello = again.hello(chance, console_s());
    Answer replayed = old->answer;
    replayed.session = hello->session;
    EXPECT_EQ(again.on_answer(replayed, console_s()), Drop::false_pump);
}

TEST_F(Handshake, ACertificateForAnotherPumpOrOfAnotherIdentityIsRefused) {
    SoftwareSigner other{another_pump};
    auto begun = DeviceEnd::begin(asked, the_pump, other, chance, now(), 0);
    EXPECT_EQ(client.on_answer(begun->answer, console_s()), Drop::false_pump);
    ClientEnd strict{{.self = the_console, .device = the_pump, .identity = other.identity()}};
    const auto hello = strict.hello(chance, console_s());
    begun = DeviceEnd::begin(*hello, the_pump, other, chance, now(), 0);
    EXPECT_EQ(strict.on_answer(begun->answer, console_s()), Drop::false_pump) << "the right key, for another pump";
}

TEST_F(Handshake, AnIdentityThatSignsItselfNeedsNoCertificate) {
    class Identity final : public Signer {
      public:
        const PublicKey& key() const noexcept override { return key_.point(); }
        const Signature& certificate() const noexcept override { return none_; }
        std::optional<Signature> sign(const Digest& digest) noexcept override { return key_.sign(digest).value(); }

      private:
        factory::P256Key key_ = factory::P256Key::generate().value();
        Signature none_{};
    } identity;
    ClientEnd pinned{{.self = the_console, .device = the_pump, .identity = identity.key()}};
    const auto hello = pinned.hello(chance, console_s());
    const auto begun = DeviceEnd::begin(*hello, the_pump, identity, chance, now(), 0);
    EXPECT_EQ(pinned.on_answer(begun->answer, console_s()), std::nullopt);
}

TEST_F(Handshake, WhatAClientIsToldWhenThePumpWillNot) {
    HelloBody body = read(asked);
    body.version = 2;
    EXPECT_EQ(begin(write(1, body)).error(), Drop::wrong_version);
    body = read(asked);
    body.addresses.destination = another_pump;
    EXPECT_EQ(begin(write(1, body)).error(), Drop::not_this_device);
    body = read(asked);
    body.share = {};
    EXPECT_EQ(begin(write(1, body)).error(), Drop::no_key);
    EXPECT_EQ(begin({.session = 1, .body = {}}).error(), Drop::not_a_message);
    signer.broken = true;
    EXPECT_EQ(begin(asked).error(), Drop::cannot_sign);
    signer.broken = false;
    chance.broken = true;
    EXPECT_EQ(begin(asked).error(), Drop::no_key);

    const Answer told = DeviceEnd::refuse(asked.session, Drop::cannot_sign);
    EXPECT_EQ(client.on_answer(told, console_s()), Drop::cannot_sign);
    EXPECT_EQ(client.on_answer(DeviceEnd::refuse(asked.session, Drop::forged), console_s()), Drop::not_willing);
    EXPECT_EQ(client.on_answer({.session = asked.session, .body = {}}, console_s()), Drop::not_a_message);
    EXPECT_EQ(client.on_answer({.session = asked.session + 1, .body = told.body}, console_s()), Drop::no_session);
}

TEST_F(Handshake, AnAnswerThatComesLateIsNotTaken) {
    const auto begun = begin(asked);
    device_s += handshake_s + 1;
    EXPECT_EQ(client.on_answer(begun->answer, console_s()), Drop::answer_late);
    (void)client.on_time(console_s());
    EXPECT_EQ(client.over(), Ending::no_time);
}

TEST_F(Handshake, AClientWithoutChanceBeginsNothing) {
    ClientEnd other{{.self = the_console, .device = the_pump, .identity = signer.identity()}};
    chance.broken = true;
    EXPECT_FALSE(other.hello(chance, 0));
}

// ---- many sessions
// ------------------------------------------------------------------------------------------------------

struct Sessions : testing::Test {
    SeededChance chance{5};
    SoftwareSigner signer{the_pump};
    DeviceSessions sessions{{.device = the_pump}, signer, chance};
    Tick now{500};
    ClientEnd fresh() { return ClientEnd{{.self = the_console, .device = the_pump, .identity = signer.identity()}}; }

    /// A client that has said something, or only knocked.
    std::optional<ClientEnd> joined(bool speaks = true) {
        ClientEnd client = fresh();
        const auto answer = sessions.take(*client.hello(chance, now.seconds), now);
        if (!answer || client.on_answer(*answer, now.seconds)) return std::nullopt;
        if (speaks && !says(client, "hello")) return std::nullopt;
        return client;
    }
    bool says(ClientEnd& client, std::string_view words) {
        const auto sent = client.command(bytes_of(words), now.seconds);
        if (!sent) return false;
        const auto taken = sessions.take(sent->frame, now);
        if (!taken.command) {
            if (taken.answer) client.take(*taken.answer, now.seconds);
            return false;
        }
        client.take(*sessions.reply(*taken.command, Outcome::done, {}, true, now), now.seconds);
        return client.state(sent->sequence) == CommandState::done;
    }
    void pass(std::uint64_t seconds) { now = now + seconds; }
};

TEST_F(Sessions, EachHasItsOwnAndWhoSpeaksIsNotPushedOut) {
    std::vector<ClientEnd> clients;
    for (std::size_t i = 0; i < DeviceSessions::max_sessions; ++i) {
        auto client = joined();
        ASSERT_TRUE(client) << i;
        clients.push_back(std::move(*client));
    }
    pass(15);
    for (ClientEnd& client : clients) EXPECT_TRUE(says(client, "still here"));
    EXPECT_FALSE(joined());
    EXPECT_EQ(sessions.counts().of(Drop::no_room), 1U);
    for (ClientEnd& client : clients) EXPECT_TRUE(says(client, "still here"));
    EXPECT_EQ(sessions.open(now), DeviceSessions::max_sessions);
}

TEST_F(Sessions, WhoKnocksOftenCostsFewSignaturesAndNobodysConversation) {
    auto client = joined();
    int answered = 0;
    for (int i = 0; i < 1'000; ++i) {
        ClientEnd other = fresh();
        const auto answer = sessions.take(*other.hello(chance, now.seconds), now);
        answered += answer && !other.on_answer(*answer, now.seconds) ? 1 : 0;
    }
    EXPECT_EQ(answered, static_cast<int>(DeviceSessions::hello_burst) - 1);
    EXPECT_TRUE(says(*client, "still here"));
    pass(DeviceSessions::hello_every_s);
    EXPECT_TRUE(says(*client, "still here"));
    EXPECT_TRUE(joined()) << "and after a while there is room for one again";
}

TEST_F(Sessions, WhatCouldNeverBeginASessionCostsNobodyAPlaceOrATurn) {
    auto client = joined();
    for (std::uint32_t number = 1; number < 1'000; ++number)
        EXPECT_TRUE(sessions.take(Hello{.session = number, .body = {1, 2, 3}}, now)) << "it is told why";
    EXPECT_EQ(sessions.counts().of(Drop::not_a_message), 999U);
    EXPECT_TRUE(says(*client, "still here"));
    EXPECT_TRUE(joined()) << "nobody waits for a turn that was spent on noise";
}

TEST_F(Sessions, AHelloUnderTheNumberOfAConversationDoesNotEndIt) {
    ClientEnd client = fresh();
    const auto hello = client.hello(chance, now.seconds);
    ASSERT_FALSE(client.on_answer(*sessions.take(*hello, now), now.seconds));
    ASSERT_TRUE(says(client, "hello"));
    EXPECT_FALSE(sessions.take(*hello, now));
    EXPECT_EQ(sessions.counts().of(Drop::out_of_place), 1U);
    EXPECT_TRUE(says(client, "still here"));
}

TEST_F(Sessions, ASilentOneMakesRoomAndItsLateCommandIsNotObeyed) {
    auto client = joined();
    const auto late = client->command(bytes_of("bolus"), now.seconds);
    pass(silence_s + 1);
    EXPECT_EQ(sessions.open(now), 0U);
    const auto taken = sessions.take(late->frame, now);
    EXPECT_FALSE(taken.command);
    EXPECT_TRUE(taken.answer) << "it is told what was accepted and what was not";
}

TEST_F(Sessions, AReplyToASessionThatIsGoneGoesNowhere) {
    auto client = joined();
    const auto sent = client->command(bytes_of("bolus"), now.seconds);
    const auto taken = sessions.take(sent->frame, now);
    ASSERT_TRUE(taken.command);
    sessions.forget_all();
    EXPECT_FALSE(sessions.reply(*taken.command, Outcome::done, {}, true, now));
    EXPECT_FALSE(sessions.take(sent->frame, now).command);
    EXPECT_EQ(sessions.counts().of(Drop::no_session), 1U);
}

TEST_F(Sessions, AReplyDoesNotGoToAnotherSessionUnderTheSameNumber) {
    ClientEnd first = fresh();
    const auto hello = first.hello(chance, now.seconds);
    ASSERT_FALSE(first.on_answer(*sessions.take(*hello, now), now.seconds));
    const auto sent = first.command(bytes_of("bolus"), now.seconds);
    const auto taken = sessions.take(sent->frame, now);
    ASSERT_TRUE(taken.command);
    sessions.take(*first.close(now.seconds), now);
    ASSERT_TRUE(sessions.take(*hello, now)) << "the old one is over, its number is free";
    EXPECT_FALSE(sessions.reply(*taken.command, Outcome::done, {}, true, now));
}

TEST_F(Sessions, WhoKnockedFirstAndSaidNothingMakesRoomFirst) {
    std::vector<ClientEnd> clients;
    for (std::size_t i = 0; i < DeviceSessions::max_sessions; ++i) clients.push_back(*joined(false));
    pass(DeviceSessions::hello_every_s);
    ASSERT_TRUE(joined());
    EXPECT_FALSE(says(clients[0], "hello"));
    for (std::size_t i = 1; i < clients.size(); ++i) EXPECT_TRUE(says(clients[i], "hello")) << i;
}

/// Keeps one conversation, as the layer above does for whoever is logged in.
struct KeepsOne final : DeviceSessions::Keeper {
    Digest kept{};
    bool keeps(const Digest& binding, Tick) const noexcept override { return binding == kept; }
};

TEST_F(Sessions, EightThatHoldOnToTheirPlacesKeepNobodyOutAndWhoIsKnownIsKept) {
    std::vector<ClientEnd> clients;
    for (std::size_t i = 0; i < DeviceSessions::max_sessions; ++i) clients.push_back(*joined());
    KeepsOne keeper;
    keeper.kept = clients[0].binding();
    const auto newcomer = [&]() -> std::optional<ClientEnd> {
        pass(DeviceSessions::hello_every_s);
        for (ClientEnd& one : clients) (void)says(one, "still here");
        ClientEnd client = fresh();
        const auto answer = sessions.take(*client.hello(chance, now.seconds), now, &keeper);
        if (!answer || client.on_answer(*answer, now.seconds)) return std::nullopt;
        return client;
    };
    for (int i = 0; i < 20; ++i) {
        auto client = newcomer();
        ASSERT_TRUE(client) << i;
        ASSERT_TRUE(says(*client, "a stranger that speaks"));
    }
    EXPECT_TRUE(says(clients[0], "somebody is logged in here"));
    for (std::size_t i = 1; i < clients.size(); ++i) EXPECT_FALSE(says(clients[i], "still here")) << i;
}

}  // namespace
}  // namespace basalt::link::test
