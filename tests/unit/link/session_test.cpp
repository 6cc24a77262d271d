// Both ends of a session in production: what an attacker on the wire achieves, and what the person then knows.
#include "tests/unit/link/two_ends.h"

#include <map>

namespace basalt::link::test {
namespace {

using State = CommandState;

struct Session : testing::Test, TwoEnds {
    void SetUp() override { connect(); }
};

TEST_F(Session, ACommandIsObeyedAndItsAnswerComesBack) {
    const auto sent = send("bolus 2 U");
    EXPECT_EQ(client.state(sent.sequence), State::waiting);
    const auto heard = to_client(to_device(sent.frame));
    ASSERT_TRUE(heard.reply);
    EXPECT_EQ(text_of(heard.reply->body), "as you wish");
    EXPECT_EQ(heard.reply->answers, sent.sequence);
    EXPECT_EQ(client.state(sent.sequence), State::done);
    EXPECT_EQ(obeyed, std::vector<std::string>{"bolus 2 U"});
}

TEST_F(Session, ALongConversationGoesOnAndEachEndKnowsTheSameBinding) {
    for (int i = 0; i < 500; ++i, ++device_s) ASSERT_EQ(say(std::to_string(i)), State::done) << i;
    EXPECT_EQ(obeyed.size(), 500U);
    EXPECT_EQ(client.binding(), device->binding());
    EXPECT_EQ(device->client(), the_console);
}

TEST_F(Session, EachOutcomeEndsInItsStateOfKnowledge) {
    for (const auto& [outcome, state] : {std::pair{Outcome::done, State::done},
                                         {Outcome::refused, State::refused},
                                         {Outcome::not_done, State::not_done},
                                         {Outcome::unknown, State::unknown}}) {
        const auto sent = send("x");
        const auto taken = device->take(sent.frame, now());
        to_client(device->reply(taken.command->sequence, outcome, {}, false, now()));
        EXPECT_EQ(client.state(sent.sequence), State::waiting) << "the last reply decides";
        to_client(device->reply(taken.command->sequence, outcome, {}, true, now()));
        EXPECT_EQ(client.state(sent.sequence), state);
    }
}

TEST_F(Session, NothingThatIsSaidStandsOnTheWire) {
    const std::string marker = "secret marker of a password";
    const auto sent = send(marker);
    const auto in = LinkFrames::encode(sent.frame);
    EXPECT_EQ(std::string(in.view().begin(), in.view().end()).find("marker"), std::string::npos);
    const auto taken = device->take(sent.frame, now());
    const auto reply = device->reply(taken.command->sequence, Outcome::done, bytes_of(marker), true, now());
    const auto out = LinkFrames::encode(*reply);
    EXPECT_EQ(std::string(out.view().begin(), out.view().end()).find("marker"), std::string::npos);
    // The same words again look different, and the length says nothing.
    EXPECT_NE(send(marker).frame.body, sent.frame.body);
    EXPECT_EQ(LinkFrames::encode(send("").frame).size, in.size);
}

TEST_F(Session, ARepeatedCommandIsObeyedOnce) {
    const auto sent = send("bolus 2 U");
    const auto reply = to_device(sent.frame);
    for (int i = 0; i < 5; ++i, device_s += 3) EXPECT_EQ(to_device(sent.frame), std::nullopt);
    EXPECT_EQ(obeyed.size(), 1U);
    EXPECT_EQ(device_dropped, std::vector(5, Drop::repeated));
    device_s -= 15;
    to_client(reply);
    to_client(reply);
    EXPECT_EQ(client_dropped, std::vector{Drop::repeated});
    EXPECT_EQ(client.state(sent.sequence), State::done);
    EXPECT_EQ(say("go on"), State::done) << "a repetition costs nobody the conversation";
}

TEST_F(Session, WhatIsRecordedFitsNoLaterSession) {
    const auto old = send("bolus 2 U");
    ClientEnd again{{.self = the_console, .device = the_pump, .identity = signer.identity()}};
    const auto hello = again.hello(chance, console_s());
    // The attacker even gives the new session the old one's number.
    auto begun =
        DeviceEnd::begin({.session = old.frame.session, .body = hello->body}, the_pump, signer, chance, now(), 0);
    device.emplace(std::move(begun->end));
    to_device(old.frame);
    EXPECT_EQ(device_dropped, std::vector{Drop::forged});
    EXPECT_TRUE(obeyed.empty());
}

TEST_F(Session, ADeletedCommandIsKnownNotToBeDoneWhenThePumpSpeaksAgain) {
    const auto deleted = send("bolus 2 U");
    const auto next = send("temporary basal");
    to_client(to_device(next.frame));
    EXPECT_EQ(device_dropped, std::vector{Drop::missing});
    EXPECT_TRUE(obeyed.empty()) << "what follows a gap is not obeyed either";
    EXPECT_EQ(client.state(deleted.sequence), State::not_done);
    EXPECT_EQ(client.state(next.sequence), State::not_done);
    EXPECT_EQ(client.over(), Ending::fault);
    EXPECT_FALSE(client.command(bytes_of("more"), console_s()));
}

TEST_F(Session, ADeletedCommandIsUnknownWhenNothingIsHeardAndIsNotDoneLater) {
    const auto deleted = send("bolus 2 U");
    wait_in_vain();
    EXPECT_EQ(client.state(deleted.sequence), State::unknown);
    EXPECT_EQ(client.over(), Ending::no_time);
    to_device(deleted.frame);
    EXPECT_TRUE(obeyed.empty());
}

TEST_F(Session, ADeletedAnswerLeavesTheCommandUnknown) {
    const auto sent = send("bolus 2 U");
    ASSERT_TRUE(to_device(sent.frame));
    wait_in_vain();
    EXPECT_EQ(obeyed.size(), 1U);
    EXPECT_EQ(client.state(sent.sequence), State::unknown);
}

TEST_F(Session, AnAnswerAfterADeletedOneIsNotBelieved) {
    const auto first = send("bolus 2 U"), second = send("bolus 1 U");
    (void)to_device(first.frame);
    to_client(to_device(second.frame));
    EXPECT_EQ(client_dropped, std::vector{Drop::missing});
    EXPECT_EQ(client.state(first.sequence), State::unknown);
    EXPECT_EQ(client.state(second.sequence), State::unknown);
}

TEST_F(Session, OfTwoCommandsInTheWrongOrderNoneIsObeyed) {
    const auto first = send("stop"), second = send("resume");
    to_client(to_device(second.frame));
    to_device(first.frame);
    EXPECT_TRUE(obeyed.empty());
    EXPECT_EQ(device_dropped, (std::vector{Drop::missing, Drop::session_over}));
    EXPECT_EQ(client.state(first.sequence), State::not_done);
    EXPECT_EQ(client.state(second.sequence), State::not_done);
}

TEST_F(Session, HoweverLongACommandIsHeldItIsObeyedOnlyWhileTheConsoleStillWaits) {
    for (std::uint64_t held_s = 0; held_s < 200; ++held_s) {
        SCOPED_TRACE(held_s);
        TwoEnds two;
        two.connect();
        const auto sent = two.send("bolus 2 U");
        std::optional<SealedOut> answer;
        for (std::uint64_t second = 0; second <= held_s; ++second, ++two.device_s) {
            if (second == held_s) answer = two.to_device(sent.frame);
            (void)two.client.on_time(two.console_s());
        }
        --two.device_s;
        EXPECT_EQ(two.obeyed.empty(), held_s > fresh_s);
        EXPECT_EQ(two.device_dropped, std::vector(held_s > fresh_s ? 1 : 0, Drop::stale));
        EXPECT_EQ(two.client.state(sent.sequence) == State::unknown, held_s > answer_s);
        two.to_client(answer);
        const State expected = held_s <= fresh_s ? State::done : held_s <= answer_s ? State::not_done : State::unknown;
        EXPECT_EQ(two.client.state(sent.sequence), expected);
    }
}

TEST_F(Session, AnAnswerThatIsHeldIsNotBelieved) {
    const auto sent = send("bolus 2 U");
    const auto reply = to_device(sent.frame);
    device_s += fresh_s + 1;
    to_client(reply);
    EXPECT_EQ(client_dropped, std::vector{Drop::stale});
    EXPECT_EQ(client.state(sent.sequence), State::unknown);
}

TEST_F(Session, EveryFlippedBitOfACommandIsFoundAndTheUnharmedOneIsStillObeyedOnce) {
    const auto sent = send("bolus 2 U");
    for (std::size_t bit = 0; bit < 8 * sealed_in_size; ++bit) {
        SealedIn flipped = sent.frame;
        flipped.body[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        ASSERT_EQ(to_device(flipped), std::nullopt) << bit;
    }
    EXPECT_EQ(device_dropped, std::vector(8 * sealed_in_size, Drop::forged));
    EXPECT_TRUE(obeyed.empty());
    to_client(to_device(sent.frame));
    EXPECT_EQ(obeyed, std::vector<std::string>{"bolus 2 U"});
    EXPECT_EQ(client.state(sent.sequence), State::done);
}

TEST_F(Session, EveryFlippedBitOfAnAnswerIsFound) {
    const auto sent = send("bolus 2 U");
    const auto reply = to_device(sent.frame);
    for (std::size_t bit = 0; bit < 8 * sealed_out_size; ++bit) {
        SealedOut flipped = *reply;
        flipped.body[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        ASSERT_FALSE(to_client(flipped).reply) << bit;
    }
    EXPECT_EQ(client_dropped, std::vector(8 * sealed_out_size, Drop::forged));
    EXPECT_EQ(client.state(sent.sequence), State::waiting);
    to_client(reply);
    EXPECT_EQ(client.state(sent.sequence), State::done);
}

TEST_F(Session, WhatIsRedirectedIsNotObeyed) {
    TwoEnds other;
    other.chance = SeededChance{2};
    other.connect();
    const auto sent = send("bolus 2 U");
    SealedIn led_astray = sent.frame;
    led_astray.session = other.device->session();
    other.to_device(led_astray);
    EXPECT_EQ(other.device_dropped, std::vector{Drop::forged});
    EXPECT_TRUE(other.obeyed.empty());

    // Sent back to where it came from.
    SealedOut mirrored{.session = sent.frame.session, .last = true, .body = {}};
    std::ranges::copy(sent.frame.body, mirrored.body.begin());
    EXPECT_FALSE(to_client(mirrored).reply);
    EXPECT_EQ(client.state(sent.sequence), State::waiting);
}

TEST_F(Session, AnyMixOfAttacksObeysNothingTwiceNothingChangedAndNothingThatTheConsoleCallsNotDone) {
    std::map<State, int> ends;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937_64 rng{seed};
        TwoEnds two;
        two.connect();
        std::vector<ClientEnd::Sent> sent;
        std::vector<SealedIn> inwards;
        std::vector<SealedOut> outwards;
        for (int step = 0; step < 60; ++step) {
            switch (rng() % 6) {
                case 0:
                    if (const auto one =
                            two.client.command(bytes_of("command " + std::to_string(sent.size())), two.console_s())) {
                        sent.push_back(*one);
                        inwards.push_back(one->frame);
                    }
                    break;
                case 1:
                    two.device_s += rng() % 8;
                    if (const auto alive = two.client.on_time(two.console_s())) inwards.push_back(*alive);
                    break;
                case 2:
                case 3: {  // deliver some frame that ever was, perhaps again, perhaps changed; it stays for later
                    if (inwards.empty()) break;
                    // Mostly the newest, or no conversation ever gets anywhere.
                    SealedIn frame = rng() % 4 != 0 ? inwards.back() : inwards[rng() % inwards.size()];
                    if (rng() % 8 == 0)
                        frame.body[rng() % frame.body.size()] ^= static_cast<std::uint8_t>(1 + rng() % 255);
                    if (const auto out = two.to_device(frame)) outwards.push_back(*out);
                    break;
                }
                default: {
                    if (outwards.empty()) break;
                    SealedOut frame = rng() % 4 != 0 ? outwards.back() : outwards[rng() % outwards.size()];
                    if (rng() % 8 == 0)
                        frame.body[rng() % frame.body.size()] ^= static_cast<std::uint8_t>(1 + rng() % 255);
                    two.to_client(frame);
                }
            }
        }
        two.wait_in_vain();
        for (const SealedIn& frame : inwards) two.to_device(frame);  // everything once more, at last

        for (std::size_t i = 0; i < sent.size(); ++i) {
            const std::string words = "command " + std::to_string(i);
            const auto times = std::ranges::count(two.obeyed, words);
            EXPECT_LE(times, 1) << words;
            ++ends[two.client.state(sent[i].sequence)];
            switch (two.client.state(sent[i].sequence)) {
                case State::done:
                    EXPECT_EQ(times, 1) << words;
                    break;
                case State::not_done:
                    EXPECT_EQ(times, 0) << words;
                    break;
                case State::unknown:
                    break;
                default:
                    ADD_FAILURE() << words << " has no end";
            }
        }
        for (const std::string& one : two.obeyed) EXPECT_TRUE(one.starts_with("command ")) << one;
    }
    for (const State state : {State::done, State::not_done, State::unknown}) EXPECT_GT(ends[state], 50);
}

// ---- how a session ends
// ----------------------------------------------------------------------------------------------------

TEST_F(Session, AByeSaysWhichCommandsWereNeverAcceptedAndWhichMayHaveBeenDone) {
    const auto accepted = send("bolus 2 U"), lost = send("bolus 1 U");
    ASSERT_TRUE(device->take(accepted.frame, now()).command);
    to_client(device->end(Ending::replaced, now()));
    EXPECT_EQ(client.over(), Ending::replaced);
    EXPECT_EQ(client.state(accepted.sequence), State::unknown) << "it was accepted, and nothing more is known";
    EXPECT_EQ(client.state(lost.sequence), State::not_done);
    to_device(lost.frame);
    EXPECT_EQ(device_dropped, std::vector{Drop::session_over});
    EXPECT_FALSE(device->reply(accepted.sequence, Outcome::done, {}, true, now())) << "Bye is the last word";
    EXPECT_FALSE(device->end(Ending::closed, now()));
}

TEST_F(Session, AConsoleThatClosesSaysNothingMoreAndHearsTheBye) {
    const auto sent = send("bolus 2 U");
    const auto reply = to_device(sent.frame);
    const auto bye = client.close(console_s());
    ASSERT_TRUE(bye);
    EXPECT_FALSE(client.close(console_s()));
    EXPECT_FALSE(client.command(bytes_of("more"), console_s()));
    to_client(reply);
    EXPECT_EQ(client.state(sent.sequence), State::done);
    to_client(to_device(*bye));
    EXPECT_EQ(client.over(), Ending::closed);
    EXPECT_EQ(device->over(now()), Ending::closed);
}

TEST_F(Session, AByeThatIsLostEndsInTime) {
    (void)client.close(console_s());
    device_s += silence_s;
    (void)client.on_time(console_s());
    EXPECT_FALSE(client.over());
    ++device_s;
    (void)client.on_time(console_s());
    EXPECT_EQ(client.over(), Ending::no_time);
}

TEST_F(Session, ACommandThatTheSocketDidNotTakeIsNotDone) {
    const auto waits = send("bolus 2 U"), not_sent = send("bolus 1 U");
    client.not_sent(not_sent.sequence);
    EXPECT_EQ(client.state(not_sent.sequence), State::not_done);
    EXPECT_EQ(client.state(waits.sequence), State::unknown);
    EXPECT_TRUE(client.over());
}

TEST_F(Session, AConsoleThatWasSilentForTooLongSendsNothingMore) {
    device_s += silence_s + 1;
    EXPECT_FALSE(client.command(bytes_of("bolus 2 U"), console_s()));
    EXPECT_EQ(client.over(), Ending::no_time);
}

TEST_F(Session, AConsoleThatCountsLessSilenceThanThePumpIsNotObeyedAndIsTold) {
    device_s += silence_s + 1;
    console_ahead_s -= ahead_s;
    const auto sent = send("bolus 2 U");
    to_client(to_device(sent.frame));
    EXPECT_EQ(device_dropped, std::vector{Drop::too_late});
    EXPECT_EQ(client.state(sent.sequence), State::not_done);
    EXPECT_EQ(client.over(), Ending::no_time);
}

TEST_F(Session, AQuietConversationStaysAlive) {
    for (int second = 0; second < 3'600; ++second, ++device_s)
        if (const auto alive = client.on_time(console_s())) to_client(to_device(*alive));
    EXPECT_EQ(say("bolus 2 U"), State::done);
    EXPECT_TRUE(device_dropped.empty() && client_dropped.empty());
}

TEST_F(Session, NoMoreThanFourMessagesWait) {
    std::vector<ClientEnd::Sent> sent;
    for (std::size_t i = 0; i < most_waiting; ++i) sent.push_back(send("x"));
    EXPECT_FALSE(client.command(bytes_of("one too many"), console_s()));
    to_client(to_device(sent[0].frame));
    EXPECT_TRUE(client.command(bytes_of("now"), console_s()));
    EXPECT_FALSE(client.command(std::vector<std::uint8_t>(max_command_size + 1), console_s()));
}

TEST_F(Session, OfManyCommandsTheLastOnesAreRememberedAndNoneThatWaits) {
    const auto waits = send("waits");
    ASSERT_TRUE(device->take(waits.frame, now()).command);
    std::uint64_t last = 0, first = 0;
    for (std::size_t i = 0; i < 3 * most_remembered; ++i) {
        const auto sent = send("x");
        to_client(to_device(sent.frame));
        last = sent.sequence;
        if (first == 0) first = last;
    }
    EXPECT_EQ(client.state(waits.sequence), State::waiting);
    EXPECT_EQ(client.state(last), State::done);
    EXPECT_EQ(client.state(first), State::unknown) << "long ago";
}

// ---- time
// ------------------------------------------------------------------------------------------------------------------

TEST_F(Session, AConsoleWhoseClockRunsTwiceAsFastOrStandsStillIsKeptRightByEveryAnswer) {
    for (const int pace : {0, 2}) {
        TwoEnds two;
        two.connect();
        for (int i = 0; i < 300; ++i) {
            ++two.device_s;
            two.console_ahead_s += static_cast<std::uint64_t>(pace) - 1;  // wraps back by one, or goes ahead by one
            ASSERT_EQ(two.say("x"), State::done) << i;
        }
    }
}

TEST_F(Session, AQuietConsoleWhoseClockDriftsIsKeptRightByWhatItIsAnswered) {
    for (const bool fast : {false, true}) {
        TwoEnds two;
        two.connect();
        for (int second = 1; second < 3'600; ++second, ++two.device_s) {
            if (second % 11 == 0) two.console_ahead_s += fast ? 1 : std::uint64_t{0} - 1;
            if (const auto alive = two.client.on_time(two.console_s())) two.to_client(two.to_device(*alive));
        }
        EXPECT_EQ(two.say("bolus 2 U"), State::done) << fast;
    }
}

TEST_F(Session, AConsoleWhoseClockJumpsAheadIsNotObeyedAndKnowsIt) {
    console_ahead_s += silence_s - 1;
    const auto sent = send("bolus 2 U");
    to_client(to_device(sent.frame));
    EXPECT_EQ(device_dropped, std::vector{Drop::ahead});
    EXPECT_TRUE(obeyed.empty());
    EXPECT_NE(client.state(sent.sequence), State::done);
}

}  // namespace
}  // namespace basalt::link::test
