// What a person is offered: one thing at a time, and a yes to nothing but what was typed and read back.
#include "ui/view/people.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace basalt::view {
namespace {
using Kind = LineNews::Kind;
using link::CommandState;

template <std::size_t N>
void type(std::array<char, N>& field, std::string_view what) {
    field = {};
    std::ranges::copy(what, field.begin());
}
void answer(People& people, std::string body, CommandState state = CommandState::done, std::uint64_t now_s = 100) {
    people.hear({.kind = Kind::said, .body = std::move(body)}, now_s);
    people.hear({.kind = Kind::ended, .state = state}, now_s);
}
People logged_in() {
    People people;
    people.hear({.kind = Kind::connected}, 100);
    type(people.typed.name, "patient");
    type(people.typed.password, "a secret");
    EXPECT_TRUE(people.log_in());
    answer(people, R"({"account":"patient","shown":"Pat","words":{"en":"You are in.","fr":"Vous y etes."}})");
    return people;
}
People read_back() {
    People people = logged_in();
    type(people.typed.units, "3,5");
    EXPECT_TRUE(people.propose());
    answer(people, R"({"amount_mu":3500,"words":{"en":"a","fr":"b"}})");
    return people;
}

TEST(People, APasswordStaysInNoFieldOnceItWasSent) {
    const auto people = logged_in();
    EXPECT_TRUE(people.somebody());
    EXPECT_TRUE(std::ranges::all_of(people.typed.password, [](char c) { return c == 0; }));
}

TEST(People, NothingIsSentWithoutAConnectionAndItIsSaid) {
    People people;
    type(people.typed.name, "patient");
    EXPECT_FALSE(people.log_in());
    EXPECT_FALSE(people.view(Language::english, 1).said.words.empty());
}

TEST(People, ABolusIsGivenOnlyAfterItWasReadBack) {
    People people = logged_in();
    type(people.typed.units, "3.5");
    EXPECT_FALSE(people.give());
    EXPECT_TRUE(people.propose());
    EXPECT_FALSE(people.give()) << "the answer has not come";
    answer(people, R"({"amount_mu":3500})");
    EXPECT_EQ(people.view(Language::english, 100).question, "Give 3.5 units?");
    EXPECT_EQ(people.view(Language::french, 100).question, "Administrer 3,5 unités ?");
    const auto wish = people.give();
    ASSERT_TRUE(wish);
    EXPECT_EQ(std::get<link::BolusYes>(*wish).amount, 3500_mU);
}

TEST(People, AnotherAmountReadBackThanTypedIsNeverOffered) {
    People people = logged_in();
    type(people.typed.units, "3.5");
    EXPECT_TRUE(people.propose());
    answer(people, R"({"amount_mu":35000})");
    EXPECT_TRUE(people.view(Language::english, 100).question.empty());
    EXPECT_FALSE(people.give());
}

TEST(People, NumbersThatCouldBeReadInTwoWaysAreRefusedBeforeTheyAreSent) {
    for (const char* typed : {"", ".5", "05", "1,000", "-1", "1e1", "31"}) {
        People people = logged_in();
        type(people.typed.units, typed);
        EXPECT_FALSE(people.propose()) << typed;
        EXPECT_FALSE(people.view(Language::english, 100).said.words.empty()) << typed;
    }
}

TEST(People, BothDecimalSignsAreTheSameAmountAndAbsurdOnesAreRefusedInPlainWords) {
    for (const char* typed : {"1.5", "1,5"}) {
        People people = logged_in();
        type(people.typed.units, typed);
        const auto wish = people.propose();
        ASSERT_TRUE(wish) << typed;
        EXPECT_EQ(std::get<link::BolusWish>(*wish).amount, 1500_mU) << typed;
    }
    for (const char* typed : {"99999", "-40", "4e1", "NaN", "1.5.2",
                              "\xE2\x80\xAE"
                              "04",
                              "4\n", "\x01", " ", "0x10"}) {
        People people = logged_in();
        type(people.typed.carbs, typed);
        EXPECT_FALSE(people.suggest()) << typed;
        EXPECT_FALSE(people.view(Language::english, 100).said.words.empty()) << typed;
        EXPECT_FALSE(people.view(Language::french, 100).said.words.empty()) << typed;
        type(people.typed.percent, typed);
        type(people.typed.minutes, typed);
        people.temporary_question();
        EXPECT_EQ(people.view(Language::english, 100).temporary, TemporaryStage::entry) << typed;
    }
}

TEST(People, AFieldThatIsFullToItsLastByteIsSentWholeAndReadNoFurther) {
    People people;
    people.hear({.kind = Kind::connected}, 100);
    people.typed.name.fill('n');
    people.typed.password.fill('p');
    EXPECT_FALSE(people.log_in()) << "a name that no account can have";
    people.typed.name.back() = people.typed.password.back() = 0;
    const auto wish = people.log_in();
    ASSERT_TRUE(wish);
    EXPECT_EQ(std::get<link::LogIn>(*wish).name.size, 32U);
    EXPECT_EQ(std::get<link::LogIn>(*wish).password.size, 256U);
}

TEST(People, ANameThatTurnsTheLineRoundOrHidesInItIsShownWithoutThat) {
    People people;
    people.hear({.kind = Kind::connected}, 100);
    type(people.typed.name, "nurse");
    EXPECT_TRUE(people.log_in());
    std::string body = "{\"account\":\"nurse\",\"words\":{\"en\":\"a\",\"fr\":\"b\"},\"shown\":\"\xE2\x80\xAE";
    body.append("eve\\n\\u0007").append(5'000, 'x').append("\"}");
    answer(people, std::move(body));
    const auto who = people.view(Language::english, 100).who.words;
    EXPECT_EQ(who.find("\xE2\x80\xAE"), std::string::npos);
    EXPECT_EQ(who.find('\n'), std::string::npos);
    EXPECT_LE(who.size(), 600U);
}

TEST(People, WhileTheConsoleConnectsItSaysSoAndNotThatThePumpIsAway) {
    People people;
    type(people.typed.name, "nurse");
    EXPECT_FALSE(people.log_in());
    EXPECT_NE(people.view(Language::english, 1).said.words.find("still connecting"), std::string::npos);
    EXPECT_EQ(people.typed.name[0], 'n') << "what was typed stays";
    people.hear({.kind = Kind::connected}, 2);
    EXPECT_TRUE(people.view(Language::english, 2).said.words.empty()) << "it is no longer so";
    EXPECT_TRUE(people.log_in());
}

TEST(People, ALineThatComesBackTakesTheNextCommandAndOneFailedLogInIsCountedInTheSingular) {
    People people = logged_in();
    people.hear({.kind = Kind::lost}, 101);
    EXPECT_FALSE(people.log_in());
    EXPECT_NE(people.view(Language::english, 101).said.words.find("again by itself"), std::string::npos);
    people.hear({.kind = Kind::connected}, 102);
    type(people.typed.name, "patient");
    EXPECT_TRUE(people.log_in());
    answer(people, R"({"account":"patient","failed_since":1,"words":{"en":"In.","fr":"Oui."}})");
    const auto said = people.view(Language::english, 100).said.words;
    EXPECT_NE(said.find("1 failed log-in since"), std::string::npos) << said;
}

TEST(People, AnotherPasswordIsChosenOnlyByWhoIsLoggedInAndStaysInNoField) {
    People nobody;
    nobody.hear({.kind = Kind::connected}, 100);
    type(nobody.typed.password, "another secret");
    EXPECT_FALSE(nobody.choose_password());
    People people = logged_in();
    EXPECT_FALSE(people.choose_password()) << "nothing was typed";
    type(people.typed.password, "another secret");
    ASSERT_TRUE(people.choose_password());
    EXPECT_TRUE(std::ranges::all_of(people.typed.password, [](char c) { return c == 0; }));
}

TEST(People, ZeroPercentAsksToEndTheTemporaryRate) {
    People people = logged_in();
    type(people.typed.percent, "0");
    people.temporary_question();
    EXPECT_EQ(people.view(Language::english, 100).temporary, TemporaryStage::sure_of_end);
    const auto wish = people.temporary_yes();
    ASSERT_TRUE(wish);
    EXPECT_EQ(std::get<link::TemporaryWish>(*wish).percent, 0);
}

TEST(People, ALostLineEndsLogInAndQuestionAndSaysWhatIsKnownOfTheCommand) {
    People people = read_back();
    people.hear({.kind = Kind::lost}, 101);
    EXPECT_FALSE(people.somebody());
    EXPECT_FALSE(people.give());
    People asked = read_back();
    EXPECT_TRUE(asked.give());
    asked.hear({.kind = Kind::ended, .state = CommandState::unknown}, 130);
    EXPECT_NE(asked.view(Language::english, 130).said.words.find("Look at \"Last bolus\""), std::string::npos);
    asked.hear({.kind = Kind::lost}, 130);
    EXPECT_NE(asked.view(Language::english, 130).said.words.find("Look at \"Last bolus\""), std::string::npos)
        << "the loss that follows hides it not";
    EXPECT_TRUE(asked.running()) << "it may have been done: it can be cancelled";
}

TEST(People, WhatWaitsForTheButtonIsSaidWithItsTime) {
    People people = read_back();
    EXPECT_TRUE(people.give());
    people.hear({.kind = Kind::said, .body = R"({"waits_for":"press","words":{"en":"Press.","fr":"Appuyez."}})"}, 100);
    EXPECT_NE(people.view(Language::english, 105).press.find("15 s"), std::string::npos);
    EXPECT_FALSE(people.cancel_bolus()) << "one command at a time";
}

TEST(People, ACancelledBolusSaysWhatWasGiven) {
    People people = read_back();
    EXPECT_TRUE(people.give());
    answer(people, "{}", CommandState::done, 100);
    people.see(read_state(R"({"bolus":{"amount_u":3.5,"given_u":1.25,"state":"running","who":"patient"}})", 102), 102);
    EXPECT_EQ(people.view(Language::english, 102).progress, "1.25 units of 3.5 units given");
    ASSERT_TRUE(people.cancel_bolus());
    answer(people, R"({"words":{"en":"Cancelled. Given: 1.75 units. Still moving: 0.25.","fr":"b"}})",
           CommandState::done, 103);
    const auto meanwhile = people.view(Language::english, 103);
    EXPECT_TRUE(meanwhile.said.words.empty()) << "one figure alone, and it is the state's";
    EXPECT_EQ(meanwhile.progress.find_first_of("0123456789"), std::string::npos) << meanwhile.progress;
    people.see(
        read_state(R"({"last_bolus":{"amount_u":3.5,"given_u":1.5,"state":"cancelled","who":"patient","exact":true}})",
                   104),
        104);
    EXPECT_EQ(people.view(Language::english, 104).progress,
              "CANCELLED. Given until then: 1.5 units of 3.5 units, the portion under way with it.");
    EXPECT_TRUE(people.view(Language::english, 104).said.words.empty());
    people.see(read_state(R"({"last_bolus":{"amount_u":3.5,"given_u":1.5,"state":"cancelled","exact":false}})", 106),
               106);
    EXPECT_NE(people.view(Language::english, 106).progress.find("may have been more"), std::string::npos);
}

TEST(People, APumpThatStartsAnewIsSaidToComeBackThenToBeAwayAndWhoWasThereIsAskedToLogInAgain) {
    People people = logged_in();
    type(people.typed.units, "3.5");
    type(people.typed.password, "half a");
    people.hear({.kind = Kind::lost}, 200);
    for (const auto language : {Language::english, Language::french}) {
        const auto seen = people.view(language, 200);
        EXPECT_NE(seen.who.words.find("Pat"), std::string::npos);
        EXPECT_NE(seen.who.words.find("F7"), std::string::npos) << "what to do next";
        EXPECT_FALSE(seen.said.words.empty());
    }
    EXPECT_NE(people.view(Language::english, 200).line.words.find("starts anew"), std::string::npos);
    people.hear({.kind = Kind::lost}, 200 + People::back_within_s - 1);
    EXPECT_NE(people.view(Language::english, 209).line.words.find("starts anew"), std::string::npos);
    people.hear({.kind = Kind::lost}, 200 + People::back_within_s);
    EXPECT_NE(people.view(Language::english, 210).line.words.find("does not answer"), std::string::npos);
    people.hear({.kind = Kind::connected}, 211);
    EXPECT_EQ(people.view(Language::english, 211).said.words, "The connection is back. Log in again (F7).");
    EXPECT_STREQ(people.typed.units.data(), "3.5");
    EXPECT_STREQ(people.typed.password.data(), "half a");
    ASSERT_TRUE(people.log_in());
    answer(people, R"({"account":"patient","shown":"Pat"})", CommandState::done, 212);
    EXPECT_EQ(people.view(Language::english, 212).who.words, "Pat");
}

TEST(People, EmergencyAccessOfALostSessionIsNoLongerShownAsOpenAndCanBeOpenedAgain) {
    People people;
    people.hear({.kind = Kind::connected}, 100);
    type(people.typed.code, "AAAA-AAAA-AAAA-AAAA");
    ASSERT_TRUE(people.open_emergency(false));
    answer(people, R"({"emergency_until_s":1900})");
    EXPECT_TRUE(people.view(Language::english, 101).emergency_open);
    people.hear({.kind = Kind::lost}, 102);
    EXPECT_FALSE(people.view(Language::english, 102).emergency_open);
    EXPECT_NE(people.view(Language::english, 102).said.words.find("F10"), std::string::npos);
}

TEST(People, AnObjectionOfOnePanelDoesNotStandInAnother) {
    People people;
    people.hear({.kind = Kind::connected}, 100);
    EXPECT_FALSE(people.open_emergency(false));
    EXPECT_FALSE(people.view(Language::english, 100).said.words.empty());
    people.turn_to_another();
    EXPECT_TRUE(people.view(Language::english, 100).said.words.empty());
}

TEST(People, AnAnswerThatIsUnknownSaysWhatToLookAt) {
    const auto said = [](People& people) {
        people.hear({.kind = Kind::ended, .state = CommandState::unknown}, 130);
        return people.view(Language::english, 130).said.words;
    };
    People rate = logged_in();
    type(rate.typed.percent, "50");
    type(rate.typed.minutes, "30");
    rate.temporary_question();
    ASSERT_TRUE(rate.temporary_yes());
    EXPECT_NE(said(rate).find("Look at \"Temporary\""), std::string::npos);
    People meal = logged_in();
    type(meal.typed.carbs, "40");
    ASSERT_TRUE(meal.suggest());
    EXPECT_NE(said(meal).find("nothing was changed"), std::string::npos);
    People leaves = logged_in();
    ASSERT_TRUE(leaves.log_out());
    EXPECT_NE(said(leaves).find("Look at \"Logged in\""), std::string::npos);
}

TEST(People, WhoLeavesTheConsoleAloneIsLoggedOut) {
    People people = logged_in();
    EXPECT_FALSE(people.idle(100 + People::idle_s - 1));
    EXPECT_TRUE(people.idle(100 + People::idle_s));
    EXPECT_FALSE(people.somebody());
}

TEST(Answers, WhatAnAttackerWritesTurnsNoLineRoundAndHidesNothing) {
    EXPECT_EQ(harmless("a\xE2\x80\xAE"
                       "b\x01"
                       "c\xFF"),
              "a?b?c?");
    EXPECT_EQ(harmless("éé", 3), "é");
    EXPECT_FALSE(read_answer("[1]"));
    EXPECT_FALSE(read_answer("{"));
    EXPECT_FALSE(read_answer(R"({"amount_mu":99999999999})")->amount);
    EXPECT_TRUE(read_state(R"({"rate_u_per_h":"x","bolus":7,"temporary_rate":[]})", 1));
}

}  // namespace
}  // namespace basalt::view
