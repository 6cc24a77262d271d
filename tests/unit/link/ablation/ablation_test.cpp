// Each mark of EN 50159's table: an attack that harms a session without defences is found by that defence alone, with
// every other one switched off.
#include "device/link/safety_code.h"
#include "tests/unit/link/two_ends.h"

#include <array>

namespace basalt::link::test {
namespace {

using Defence = LinkDefence;

/// How a message that is not encrypted lies in its frame. Whoever knows this page of the docs can write one.
SealedIn in_the_clear(const Command& command, std::uint32_t session) {
    SealedIn frame{.session = session, .body = {}};
    const auto padded = std::span{frame.body}.subspan(counter_size + code_size, sealed_in_size - around_message);
    const auto bytes = MessageFrames::encode(command);
    std::ranges::copy(bytes.view(), padded.begin());
    padded[bytes.size] = 0x80;
    std::array<std::uint8_t, 13> about{};  // way in, session, counter 0
    codec::Writer writer{about};
    writer(std::uint8_t{0});
    writer(session);
    codec::Writer{std::span{frame.body}.subspan(counter_size)}(safety_code(about, padded));
    return frame;
}

/// What somebody can write who knows the formats, both names and the time, and has heard nothing.
SealedIn made_up(const TwoEnds& two, const Identifier& source) {
    Command command;
    command.header = {.addresses = {source, the_pump},
                      .sequence = 1,
                      .stamp = {two.now(), 1},
                      .next_within_s = silence_s,
                      .received = 0,
                      .identification = {}};
    command.body.assign(bytes_of("bolus 25 U"));
    return in_the_clear(command, two.device->session());
}

/// Each plays one threat, and says whether it did harm: something was obeyed that nobody meant now, or like this.
bool repetition(TwoEnds& two) {
    const auto sent = two.send("bolus 2 U");
    two.to_device(sent.frame);
    two.to_device(sent.frame);
    two.device_s += 5;
    two.to_device(sent.frame);
    return two.obeyed.size() > 1;
}
bool deletion(TwoEnds& two) {
    (void)two.send("suspend until noon");
    two.to_device(two.send("bolus 2 U").frame);
    return !two.obeyed.empty();
}
bool insertion(TwoEnds& two) {
    two.to_device(made_up(two, a_stranger));
    return !two.obeyed.empty();
}
bool resequence(TwoEnds& two) {
    const auto first = two.send("resume"), second = two.send("stop");
    two.to_device(second.frame);
    two.to_device(first.frame);
    return two.obeyed == std::vector<std::string>{"stop", "resume"};
}
bool corruption(TwoEnds& two) {
    const auto sent = two.send("bolus 2 U");
    bool harm = false;
    for (std::size_t bit = 0; bit < 8 * (sealed_in_size - tag_size); ++bit) {
        SealedIn flipped = sent.frame;
        flipped.body[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        two.to_device(flipped);
        harm = harm || (!two.obeyed.empty() && two.obeyed.back() != "bolus 2 U");
    }
    return harm;
}
bool delay(TwoEnds& two) {
    const auto sent = two.send("bolus 2 U");
    two.device_s += 3'600;
    two.to_device(sent.frame);
    return !two.obeyed.empty();
}
bool masquerade(TwoEnds& two) {
    two.to_device(made_up(two, the_console));
    return !two.obeyed.empty();
}

struct Mark {
    std::string_view threat;
    bool (*attack)(TwoEnds&);
    LinkDefence alone;
    std::vector<Drop> found_as;
};
/// EN 50159:2010, Table 1. Marks (a) and (b) of the standard are among them: insertion is by a source that does not
/// belong here, and feedback and identification are numbers and codes that only the two ends know.
const std::array marks{
    Mark{"repetition", repetition, Defence::sequence_number, {Drop::repeated}},
    Mark{"repetition", repetition, Defence::time_stamp, {Drop::not_newer}},
    Mark{"deletion", deletion, Defence::sequence_number, {Drop::missing}},
    Mark{"insertion", insertion, Defence::sequence_number, {Drop::repeated, Drop::missing}},
    Mark{"insertion", insertion, Defence::addresses, {Drop::wrong_address}},
    Mark{"insertion", insertion, Defence::feedback, {Drop::wrong_feedback}},
    Mark{"insertion", insertion, Defence::identification, {Drop::not_identified}},
    Mark{"re-sequence", resequence, Defence::sequence_number, {Drop::missing}},
    Mark{"re-sequence", resequence, Defence::time_stamp, {Drop::not_newer}},
    Mark{"corruption", corruption, Defence::safety_code, {Drop::damaged}},
    Mark{"corruption", corruption, Defence::cryptography, {Drop::forged}},
    Mark{"delay", delay, Defence::time_stamp, {Drop::stale}},
    Mark{"delay", delay, Defence::time_out, {Drop::too_late}},
    Mark{"masquerade", masquerade, Defence::feedback, {Drop::wrong_feedback}},
    Mark{"masquerade", masquerade, Defence::identification, {Drop::not_identified}},
    Mark{"masquerade", masquerade, Defence::cryptography, {Drop::forged}},
};

TEST(LinkAblation, WithoutAnyDefenceEachAttackDoesHarm) {
    for (const Mark& mark : marks) {
        TwoEnds two{all_link_defences};
        two.connect();
        EXPECT_TRUE(mark.attack(two)) << mark.threat;
    }
}

TEST(LinkAblation, EachMarkedDefenceAloneFindsItsAttack) {
    for (const Mark& mark : marks) {
        SCOPED_TRACE(std::string{mark.threat} + ", by bit " + std::to_string(std::to_underlying(mark.alone)));
        TwoEnds two{all_link_defences & ~std::to_underlying(mark.alone)};
        two.connect();
        EXPECT_FALSE(mark.attack(two));
        ASSERT_FALSE(two.device_dropped.empty());
        EXPECT_NE(std::ranges::find(mark.found_as, two.device_dropped.front()), mark.found_as.end())
            << row_of(two.device_dropped.front()).id;
    }
}

TEST(LinkAblation, WithAllDefencesOnTheTwinsFindEachAttackToo) {
    for (const Mark& mark : marks) {
        TwoEnds two;
        two.connect();
        EXPECT_FALSE(mark.attack(two)) << mark.threat;
        EXPECT_FALSE(two.device_dropped.empty()) << mark.threat;
    }
}

TEST(LinkAblation, WithoutAnAttackEverySetOfDefencesCarriesAConversation) {
    for (std::uint32_t off = 0; off <= all_link_defences; off += 1U << 8) {
        TwoEnds two{off};
        two.connect();
        for (int i = 0; i < 3; ++i, ++two.device_s) ASSERT_EQ(two.say("bolus 2 U"), CommandState::done) << off;
        EXPECT_TRUE(two.device_dropped.empty() && two.client_dropped.empty()) << off;
    }
}

TEST(LinkAblation, EveryBitOfAMessageIsGuardedByTheSafetyCodeAlone) {
    TwoEnds two{all_link_defences & ~std::to_underlying(Defence::safety_code)};
    two.connect();
    EXPECT_FALSE(corruption(two));
    EXPECT_EQ(two.device_dropped, std::vector(8 * (sealed_in_size - tag_size), Drop::damaged));
    EXPECT_TRUE(two.obeyed.empty());
}

TEST(LinkAblation, AFalsePumpIsFoundByTheIdentificationAlone) {
    for (const bool identified : {false, true}) {
        TwoEnds two{identified ? all_link_defences & ~std::to_underlying(Defence::identification) : all_link_defences};
        SoftwareSigner false_pump{the_pump};
        const auto hello = two.client.hello(two.chance, two.console_s());
        const auto begun = DeviceEnd::begin(*hello, the_pump, false_pump, two.chance, two.now(), two.switched_off);
        ASSERT_TRUE(begun);
        const auto objection = two.client.on_answer(begun->answer, two.console_s());
        EXPECT_EQ(objection, identified ? std::optional{Drop::false_pump} : std::nullopt);
    }
}

TEST(LinkAblation, WithoutCryptographyThePlainWordsStandOnTheWire) {
    TwoEnds two{std::to_underlying(Defence::cryptography)};
    two.connect();
    const auto sent = two.send("secret marker of a password");
    const std::string wire{sent.frame.body.begin(), sent.frame.body.end()};
    EXPECT_NE(wire.find("secret marker"), std::string::npos) << "or looking for it in the encrypted one shows nothing";
}

}  // namespace
}  // namespace basalt::link::test
