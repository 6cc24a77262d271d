// The button, emergency access over a restart, and who gives way to whom.
#include "tests/unit/people/office.h"

#include <ranges>

namespace basalt::firmware::test {
namespace {
using access::Operation;
using link::Outcome;
using nlohmann::json;
using storage::EventId;

const link::BolusWish some{.amount = 1'000_mU};
const link::BolusYes yes{1'000_mU};
constexpr std::string_view code = "0123-4567-89AB-CDEF";

TEST(Desk, APressThatBeganBeforeTheCommandWasAskedForIsNoneForIt) {
    Office office;
    office.log_in("pat");
    office.at.pressed = true;  // somebody silences an alarm
    EXPECT_FALSE(Office::only(office.ask(Operation::bolus_within_limit, yes)).last);
    office.at.now.seconds += 1;
    EXPECT_TRUE(office.desk.on_tick(office.at).empty());
    office.at.pressed = false;
    EXPECT_TRUE(office.press().empty()) << "that press ends";
    EXPECT_TRUE(office.empty_handed());
    EXPECT_EQ(Office::only(office.press()).outcome, Outcome::done) << "and this is one for it";

    office.at.pressed = true;  // a press that became a stop counts as no short one
    office.ask(Operation::bolus_within_limit, yes);
    office.at.now.seconds += 1;
    office.desk.on_tick(office.at);
    office.at.pressed = false;
    office.at.now.seconds += 1;
    EXPECT_TRUE(office.desk.on_tick(office.at).empty());
    EXPECT_EQ(Office::only(office.press()).outcome, Outcome::done);
}

TEST(Desk, WhoWouldLogInAtTheButtonWhileSomebodyElseDoesIsToldSoAndTakesNoPlace) {
    Office office;
    for (int i = 0; i < 500; ++i) {
        office.log_in("n.meyer", "wrong", 8);
        office.log_in("dr.roy", "wrong", 9);
        office.desk.on_tick(office.at);
    }
    office.at.now.seconds += press_within_s;
    office.desk.on_tick(office.at);
    EXPECT_FALSE(office.log_in("n.meyer", 1).last);
    const auto other = office.log_in("dr.roy", 2);
    EXPECT_EQ(other.outcome, Outcome::refused);
    EXPECT_NE(other.body.find("Somebody is logging in"), std::string::npos) << other.body;
    const auto in = json::parse(Office::only(office.press()).body);
    EXPECT_EQ(in["account"], "n.meyer");
    EXPECT_FALSE(office.log_in("dr.roy", 2).last) << "then it is the other's turn";
}

TEST(Desk, ABolusAboveTheLimitIsReadBackToItsPhysicianAndConfirmedByTheTablesOwnLineForIt) {
    Office office;
    office.desk.context(access::Context::ward);
    office.log_in("dr.roy");
    EXPECT_EQ(Office::only(office.ask(Operation::bolus_above_limit, some, "dr.roy")).outcome, Outcome::done);
    EXPECT_TRUE(office.hands.above_limit);
    EXPECT_EQ(Office::only(office.ask(Operation::bolus_above_limit, some, "n.meyer", 2)).outcome, Outcome::refused)
        << "a nurse does not even prepare one";
    const auto what = office.digest(Operation::bolus_above_limit, link::ValueFrames::encode(yes).view());
    EXPECT_FALSE(Office::only(office.ask(Operation::bolus_above_limit, yes, "dr.roy")).last) << "the button";
    EXPECT_EQ(office.hands.done.size(), 1U);
    EXPECT_TRUE(json::parse(Office::only(office.press()).body)["waits_for"] == "second");
    EXPECT_EQ(office.hands.done.size(), 1U) << "not without the second person";
    EXPECT_EQ(office.approve("n.meyer", what).outcome, Outcome::done);
    EXPECT_EQ(office.hands.done.size(), 2U);
    EXPECT_TRUE(office.hands.above_limit);
    const auto allowed = std::ranges::find(office.log | std::views::reverse, "access_allowed", &storage::Event::what);
    EXPECT_EQ(*allowed->text("operation"), "bolus_above_limit");
}

// ---- emergency access ----

struct Emergency : Office {
    Emergency() {
        EXPECT_TRUE(accounts.save(access::with_code(*accounts.emergency(), code)));
        restart();
    }
    /// The firmware starts anew, over the same tables; every session is another one then.
    void restart() { desk.accounts(nullptr), desk.forget_sessions(), desk.accounts(&accounts); }
    std::vector<DeskAnswer> type(std::string_view typed, std::uint8_t who) {
        link::OpenEmergency open;
        open.code = bytes<24>(typed);
        return say(open, who);
    }
    json open(std::uint8_t who) {
        EXPECT_FALSE(only(type(code, who)).last);
        const auto opened = only(press());
        EXPECT_EQ(opened.outcome, Outcome::done) << opened.body;
        return json::parse(opened.body);
    }
    bool may_resume(std::uint8_t who) {
        return only(say(act(Operation::resume_delivery, {}, "", who), who)).outcome == Outcome::done;
    }
};

TEST(Desk, WhoOpenedEmergencyAccessByTheCodeTakesItUpAgainAfterARestartWithTheSameEndAndTheSameOneBolus) {
    Emergency office;
    const auto first = office.open(1);
    office.ask(Operation::bolus_within_limit, some, "", 1);
    EXPECT_EQ(Office::only(office.ask(Operation::bolus_within_limit, yes, "", 1)).outcome, Outcome::done);
    office.at.now.seconds += 600;
    office.restart();
    EXPECT_FALSE(office.may_resume(2)) << "another session has none of it";
    EXPECT_EQ(Office::only(office.type("0123-4567-89AB-CDEE", 2)).outcome, Outcome::refused) << "another code";
    EXPECT_FALSE(Office::only(office.type(code, 2)).last) << "the button, as at first";
    office.at.now.seconds += press_within_s;
    EXPECT_EQ(Office::only(office.desk.on_tick(office.at)).outcome, Outcome::not_done);
    EXPECT_FALSE(office.may_resume(2));

    const auto again = office.open(2);
    EXPECT_EQ(again["emergency_until_s"], first["emergency_until_s"]) << "nothing is longer for it";
    EXPECT_EQ(again["use"], first["use"]);
    EXPECT_TRUE(office.may_resume(2));
    EXPECT_EQ(Office::only(office.ask(Operation::bolus_within_limit, yes, "", 2)).outcome, Outcome::refused)
        << "the one bolus is given";
    const auto record = std::ranges::find(office.log | std::views::reverse, "emergency_opened", &storage::Event::what);
    EXPECT_EQ(*record->text("reason"), "code_again");

    office.restart();
    office.at.now = {first["emergency_until_s"].get<std::uint64_t>()};
    EXPECT_EQ(Office::only(office.type(code, 3)).outcome, Outcome::refused) << "it is over, and the code was used";
    EXPECT_FALSE(office.may_resume(2));
}

TEST(Desk, ACodeTakesUpNoUseButTheOneThatItOpenedAndSomebodyElseByNameIsReviewedForTheirOwnPart) {
    Emergency office;
    office.log_in("n.meyer", 1);
    office.open(1);
    office.restart();
    office.log_in("dr.roy", 2);
    const auto second = office.open(2);
    EXPECT_EQ(second["use"], 2);
    EXPECT_EQ(access::open_reviews(*office.accounts.emergency(), office.at.now).size(), 2U);
    EXPECT_EQ(office.accounts.emergency()->last_opened_s[1], 0U) << "it is no second opening";

    link::OpenEmergency by_badge;  // a newer one, by the badge
    by_badge.badge = office.shown("ward.3", Operation::choose_emergency, {}, 3);
    office.say(by_badge, 3);
    EXPECT_EQ(Office::only(office.press()).outcome, Outcome::done);
    office.restart();
    EXPECT_EQ(Office::only(office.type(code, 4)).outcome, Outcome::refused);
}

// ---- places ----

TEST(Desk, ASessionIsKeptWhileSomebodyIsLoggedInOrHasEmergencyAccessOrIsWaitedForAndNoLonger) {
    Emergency office;
    const auto keeps = [&](std::uint8_t who) { return office.desk.keeps(Digest{who, 9}, office.at.now); };
    EXPECT_FALSE(keeps(1));
    office.log_in("pat", 1);
    EXPECT_TRUE(keeps(1));
    EXPECT_FALSE(keeps(2));
    office.at.now.seconds += 60;
    office.log_in("pat", 4);
    EXPECT_TRUE(keeps(4));
    EXPECT_FALSE(keeps(1)) << "one person has one place, however often they logged in";
    office.say(link::LogOut{}, 4);
    EXPECT_TRUE(keeps(1)) << "and the one before when that is over";
    office.say(office.act(Operation::stop_delivery, {}, "", 2), 2);
    EXPECT_TRUE(keeps(2)) << "it waits for the button";
    office.press();
    EXPECT_FALSE(keeps(2));
    office.hands.slow = true;
    office.say(office.act(Operation::stop_delivery, {}, "", 2), 2);
    office.press();
    EXPECT_TRUE(keeps(2)) << "it is under way";
    office.desk.finish(office.hands.number, {Outcome::done, {"Done.", "Fait."}});
    EXPECT_FALSE(keeps(2));
    office.open(3);
    EXPECT_TRUE(keeps(3));
    office.say(link::LogOut{}, 1);
    EXPECT_FALSE(keeps(1));
    office.at.now.seconds += access::emergency_lasts_s;
    EXPECT_FALSE(keeps(3));
}

}  // namespace
}  // namespace basalt::firmware::test
