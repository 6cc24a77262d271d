// The second person signs what was read, and nothing else.
#include "device/firmware/access/badge.h"
#include "ui/view/people.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace basalt::view {
namespace {
using Kind = LineNews::Kind;
using link::CommandState;

constexpr DeviceId device{7, 7, 7};

std::string hex(ByteView bytes) {
    std::string out;
    for (const auto byte : bytes) out += fmt::format("{:02x}", byte);
    return out;
}
/// A bolus of 8.5 units that a physician asked for. `shown`: the amount that the answer shows.
std::string waiting(MilliUnits amount, MilliUnits shown, const DeviceId& of = device) {
    const Digest challenge{2};
    const auto signed_values = link::ValueFrames::encode(link::BolusYes{amount}),
               shown_values = link::ValueFrames::encode(link::BolusYes{shown});
    const auto command = access::command_digest({.device = of,
                                                 .challenge = challenge,
                                                 .sequence = 9,
                                                 .operation = access::Operation::bolus_above_limit,
                                                 .body = signed_values.view()});
    return fmt::format(
        R"({{"schema":1,"words":{{"en":"a","fr":"b"}},"change":{{"command":"{}","challenge":"{}","sequence":9,)"
        R"("operation":"{}","values":"{}","who":"physician","role":"{}","until_s":700}}}})",
        hex(command), hex(challenge), access::word(access::Operation::bolus_above_limit).key, hex(shown_values.view()),
        access::word(access::Role::physician).key);
}
People looking(const std::vector<std::string>& bodies) {
    People people;
    people.hear({.kind = Kind::connected, .device = device}, 100);
    EXPECT_TRUE(people.look_for_changes(true));
    for (const auto& body : bodies) people.hear({.kind = Kind::said, .body = body}, 100);
    people.hear({.kind = Kind::ended, .state = CommandState::done}, 100);
    return people;
}

TEST(SecondPerson, ReadsTheExactChangeInBothLanguagesAndSignsThatDigest) {
    People people = looking({waiting(8'500_mU, 8'500_mU)});
    EXPECT_EQ(people.view(Language::english, 100).change,
              "give a bolus above the patient's limit: 8.5 units. Asked by physician (physician).");
    EXPECT_NE(people.view(Language::french, 100).change.find("8,5 unités"), std::string::npos);
    EXPECT_FALSE(people.approve(false)) << "no badge";
    const auto wish = people.approve(true);
    ASSERT_TRUE(wish);
    const auto signed_values = link::ValueFrames::encode(link::BolusYes{8'500_mU});
    EXPECT_EQ(std::get<link::Approve>(*wish).command,
              access::command_digest({.device = device,
                                      .challenge = Digest{2},
                                      .sequence = 9,
                                      .operation = access::Operation::bolus_above_limit,
                                      .body = signed_values.view()}));
}

TEST(SecondPerson, IsOfferedNothingWhereWhatIsShownIsNotWhatWouldBeSigned) {
    const auto good = waiting(8'500_mU, 8'500_mU);
    for (const auto& bad : {waiting(8'500_mU, 500_mU), waiting(8'500_mU, 8'500_mU, DeviceId{8}), std::string{"{}"}})
        for (const auto& bodies : {std::vector{bad}, std::vector{good, bad}, std::vector{bad, good}}) {
            People people = looking(bodies);
            EXPECT_TRUE(people.view(Language::english, 100).change.empty());
            EXPECT_FALSE(people.approve(true));
            for (const auto language : {Language::english, Language::french})
                EXPECT_FALSE(people.view(language, 100).said.words.empty());
            EXPECT_NE(people.view(Language::english, 100).said.words.find("Sign nothing"), std::string::npos);
        }
}

TEST(SecondPerson, AChangeIsGoneFromTheScreenWhenItsTimeIsOverAndWhenTheSessionIsLost) {
    People late = looking({waiting(8'500_mU, 8'500_mU)});
    late.see({}, 700);
    EXPECT_FALSE(late.approve(true));
    People lost = looking({waiting(8'500_mU, 8'500_mU)});
    lost.hear({.kind = Kind::lost}, 101);
    lost.hear({.kind = Kind::connected, .device = device}, 103);
    EXPECT_FALSE(lost.approve(true));
}

TEST(SecondPerson, MoreThanOneChangeIsTurnedOverAndTheOneInSightIsSigned) {
    People people = looking({waiting(8'500_mU, 8'500_mU), waiting(9'000_mU, 9'000_mU)});
    EXPECT_NE(people.view(Language::english, 100).change_which.find("1 of 2"), std::string::npos);
    const auto first = std::get<link::Approve>(*People{people}.approve(true)).command;
    people.next_change();
    EXPECT_NE(people.view(Language::english, 100).change.find("9 units"), std::string::npos);
    EXPECT_NE(std::get<link::Approve>(*people.approve(true)).command, first);
}

TEST(SecondPerson, ABolusAboveTheLimitWaitsInWordsUntilItIsSigned) {
    People people;
    people.hear({.kind = Kind::connected, .device = device}, 100);
    std::ranges::copy(std::string_view{"dr"}, people.typed.name.begin());
    ASSERT_TRUE(people.log_in());
    const auto answer = [&](std::string body, std::uint64_t now_s) {
        people.hear({.kind = Kind::said, .body = std::move(body)}, now_s);
        people.hear({.kind = Kind::ended, .state = CommandState::done}, now_s);
    };
    answer(R"({"account":"dr"})", 100);
    people.typed.above = true;
    std::ranges::copy(std::string_view{"8.5"}, people.typed.units.begin());
    ASSERT_TRUE(std::holds_alternative<BolusWishAbove>(people.propose().value()));
    answer(R"({"amount_mu":8500})", 101);
    ASSERT_TRUE(std::holds_alternative<BolusYesAbove>(people.give().value()));
    answer(R"({"waits_for":"second","words":{"en":"a","fr":"b"}})", 102);
    EXPECT_EQ(people.view(Language::english, 102).bolus, BolusStage::second);
    EXPECT_FALSE(people.running());
    ASSERT_TRUE(people.look_for_changes(true));
    answer(waiting(8'500_mU, 8'500_mU), 103);
    ASSERT_TRUE(people.approve(true));
    answer(R"({"words":{"en":"Runs.","fr":"b"}})", 104);
    EXPECT_TRUE(people.running());
}

TEST(PlaceOfUse, IsChosenByABadgeAlone) {
    People people;
    people.hear({.kind = Kind::connected, .device = device}, 100);
    EXPECT_FALSE(people.choose_context(access::Context::ward, false));
    const auto wish = people.choose_context(access::Context::ward, true);
    ASSERT_TRUE(wish);
    EXPECT_EQ(std::get<link::ContextWish>(*wish).context, 1);
}

}  // namespace
}  // namespace basalt::view
