// What people ask of the pump is decided, put on record, waited for and carried out, in that order and no other.
#include "tests/unit/people/office.h"

namespace basalt::firmware::test {
namespace {
using access::Operation;
using link::Outcome;
using storage::EventId;

const link::BolusWish some{.amount = 1'000_mU};
const link::BolusYes yes{1'000_mU};

TEST(Desk, NoAccountHasAPasswordBeforeItsOwnerChoseOneWithTheCodeOfTheSheet) {
    Office office;
    office.codes["new.one"] = "ABCD-EFGH-0123-4567";
    ASSERT_TRUE(make_first_people(office.accounts, {{.name = "new.one", .shown = "New", .roles = access::Role::nurse}},
                                  office.at.now));
    EXPECT_EQ(office.log_in("new.one", "").outcome, Outcome::refused);
    office.at.now.seconds += 1'000;
    EXPECT_EQ(office.log_in("new.one", "ABCD-EFGH-0123-4567").outcome, Outcome::refused);
    office.at.now.seconds += 1;
    const link::FirstPassword wrong{bytes<32>("new.one"), bytes<24>("ABCD-EFGH-0123-4568"),
                                    bytes<256>("a good long one")};
    EXPECT_EQ(Office::only(office.say(wrong)).outcome, Outcome::refused);
    EXPECT_EQ(office.first_password("new.one").outcome, Outcome::done);
    EXPECT_EQ(office.first_password("new.one").outcome, Outcome::refused) << "the code serves once";
    office.at.now.seconds += 1'000;
    EXPECT_EQ(office.log_in("new.one").outcome, Outcome::done);
}

TEST(Desk, ALogInSaysWhenTheLastOneWasAndHowOftenSomebodyTriedSince) {
    Office office;
    EXPECT_EQ(office.log_in("n.meyer").outcome, Outcome::done);
    EXPECT_EQ(office.log_in("n.meyer", "no").outcome, Outcome::refused);
    const auto again = nlohmann::json::parse(office.log_in("n.meyer").body);
    EXPECT_EQ(again["last_login_s"], office.at.now.seconds - 2);
    EXPECT_EQ(again["failed_since"], 1);
    EXPECT_EQ(again["role"], "nurse");
    EXPECT_EQ(office.logged(EventId::logged_in), 2U);
    EXPECT_EQ(office.logged(EventId::login_refused), 1U);
}

TEST(Desk, NobodyGivesInsulinAndEachRefusalIsOneRecord) {
    Office office;
    for (const auto& values : {link::ValueFrames::encode(some), link::ValueFrames::encode(yes)}) {
        const auto before = office.logged(EventId::access_refused);
        EXPECT_EQ(Office::only(office.say(office.act(Operation::bolus_within_limit, values.view()))).outcome,
                  Outcome::refused);
        EXPECT_EQ(office.logged(EventId::access_refused), before + 1);
    }
    EXPECT_TRUE(office.empty_handed());
    EXPECT_EQ(office.logged(EventId::access_allowed), 0U);
}

TEST(Desk, AtHomeABolusIsReadBackToWhoIsLoggedInAndGivenAtThePressOfTheButton) {
    Office office;
    office.log_in("pat");
    EXPECT_EQ(Office::only(office.ask(Operation::bolus_within_limit, some)).outcome, Outcome::done);
    const auto waits = Office::only(office.ask(Operation::bolus_within_limit, yes));
    EXPECT_FALSE(waits.last);
    ASSERT_TRUE(office.desk.seen(office.at.now).press);
    EXPECT_EQ(office.desk.seen(office.at.now).press->who, "pat");
    EXPECT_EQ(office.hands.done.size(), 1U) << "the read-back alone";
    const auto given = Office::only(office.press());
    EXPECT_EQ(given.outcome, Outcome::done);
    EXPECT_EQ(given.asked.command.sequence, waits.asked.command.sequence);
    EXPECT_EQ(office.hands.done.back(), (std::pair{Operation::bolus_within_limit, std::string{"pat"}}));
}

TEST(Desk, APressServesOneCommandAndNoneThatCameAfterIt) {
    Office office;
    office.log_in("pat");
    office.ask(Operation::bolus_within_limit, yes);
    EXPECT_EQ(office.press().size(), 1U);
    EXPECT_TRUE(office.press().empty());
    office.ask(Operation::bolus_within_limit, yes);
    EXPECT_TRUE(office.desk.on_tick(office.at).empty()) << "the press before it";
    office.at.now.seconds += press_within_s;
    EXPECT_EQ(Office::only(office.desk.on_tick(office.at)).outcome, Outcome::not_done);
    EXPECT_TRUE(office.press().empty()) << "it came too late";
    EXPECT_EQ(office.hands.done.size(), 1U);
}

TEST(Desk, OnTheWardThePasswordAloneGivesNothingAndTheBadgeSignsExactlyThisCommand) {
    Office office;
    office.desk.context(access::Context::ward);
    office.log_in("n.meyer");
    EXPECT_EQ(Office::only(office.ask(Operation::bolus_within_limit, some)).outcome, Outcome::refused);
    EXPECT_EQ(Office::only(office.ask(Operation::bolus_within_limit, some, "n.meyer")).outcome, Outcome::done);

    const auto frame = link::ValueFrames::encode(some);
    const auto signed_act = office.act(Operation::bolus_within_limit, frame.view(), "n.meyer");
    EXPECT_EQ(Office::only(office.say(signed_act)).outcome, Outcome::done);
    EXPECT_EQ(Office::only(office.say(signed_act)).outcome, Outcome::refused) << "the same signature again";
    auto more = office.act(Operation::bolus_within_limit, frame.view(), "n.meyer");
    EXPECT_TRUE(more.values.assign(link::ValueFrames::encode(link::BolusWish{.amount = 9'000_mU}).view()));
    EXPECT_EQ(Office::only(office.say(more)).outcome, Outcome::refused) << "another amount than was signed";
    auto elsewhere = office.act(Operation::bolus_within_limit, frame.view(), "n.meyer", 2);
    EXPECT_EQ(Office::only(office.say(elsewhere, 1)).outcome, Outcome::refused) << "signed for another session";
    EXPECT_EQ(office.hands.done.size(), 2U);
}

TEST(Desk, ABadgeOfSomebodyElseDoesNotBorrowThePasswordOfWhoIsLoggedIn) {
    Office office;
    office.desk.context(access::Context::ward);
    office.log_in("it.kaya");
    EXPECT_EQ(Office::only(office.ask(Operation::revoke_badge, some, "b.lang")).outcome, Outcome::refused);
    EXPECT_TRUE(office.empty_handed());
}

TEST(Desk, ALogInServesItsOwnSessionAloneAndEndsWhenItIsLeftAlone) {
    Office office;
    office.log_in("pat", 1);
    EXPECT_EQ(Office::only(office.ask(Operation::bolus_within_limit, some, "", 2)).outcome, Outcome::refused);
    EXPECT_EQ(Office::only(office.ask(Operation::bolus_within_limit, some, "", 1)).outcome, Outcome::done);
    for (int minute = 0; minute < 31; ++minute) {  // the screen refreshes itself, and nobody is there
        office.at.now.seconds += 60;
        office.say(link::See{.what = link::Shown::state}, 1);
    }
    EXPECT_EQ(Office::only(office.ask(Operation::bolus_within_limit, some, "", 1)).outcome, Outcome::refused);
}

TEST(Desk, TwoPeopleOfTwoRolesWithTwoBadgesMakeTheChangeThatTheFirstAskedFor) {
    Office office;
    office.desk.context(access::Context::ward);
    office.log_in("dr.roy", 1);
    const link::BolusYes much{20'000_mU};
    const auto frame = link::ValueFrames::encode(much);
    const auto digest = office.digest(Operation::bolus_above_limit, frame.view());
    EXPECT_FALSE(Office::only(office.ask(Operation::bolus_above_limit, much, "dr.roy")).last) << "the button first";
    const auto waits = Office::only(office.press());
    EXPECT_EQ(waits.outcome, Outcome::done);
    EXPECT_TRUE(office.empty_handed());
    const auto approve = [&](const std::string& who, const Digest& what) { return office.approve(who, what).outcome; };
    EXPECT_EQ(approve("dr.roy", digest), Outcome::refused) << "the same person";
    EXPECT_EQ(approve("b.lang", digest), Outcome::refused) << "a role that may not";
    EXPECT_EQ(approve("n.meyer", Digest{1}), Outcome::refused) << "another change";
    EXPECT_TRUE(office.empty_handed());
    ASSERT_EQ(approve("n.meyer", digest), Outcome::done);
    EXPECT_EQ(office.hands.done.back(), (std::pair{Operation::bolus_above_limit, std::string{"dr.roy"}}));
    EXPECT_EQ(approve("n.meyer", digest), Outcome::refused) << "it was done already";
    EXPECT_EQ(office.logged(EventId::change_approved), 1U);
}

TEST(Desk, WrongPasswordsAtSpeedNeverHoldUpABadgeTheButtonOrEmergencyAccess) {
    Office office;
    for (int i = 0; i < 700; ++i) {
        office.log_in("n.meyer", "wrong " + std::to_string(i), 9);
        office.desk.on_tick(office.at);
    }
    office.at.now.seconds += press_within_s;
    office.desk.on_tick(office.at);
    EXPECT_FALSE(Office::only(office.ask(Operation::stop_delivery, some, "", 9)).last);
    EXPECT_EQ(Office::only(office.press()).outcome, Outcome::done);
    const auto waits = office.log_in("n.meyer");
    EXPECT_FALSE(waits.last) << "over the network passwords wait";
    EXPECT_EQ(Office::only(office.press()).outcome, Outcome::done) << "at the pump this one does not";
    link::OpenEmergency open;
    open.badge = office.shown("ward.3", Operation::choose_emergency, {});
    office.say(open);
    EXPECT_EQ(Office::only(office.press()).outcome, Outcome::done);
    EXPECT_EQ(office.logged(EventId::emergency_opened), 1U);
    EXPECT_LE(office.logged(EventId::login_refused), Desk::refusals_an_hour);
}

TEST(Desk, WhoHasNeitherBadgeNorCodeTakesNobodysPlaceAtTheButton) {
    Office office;
    office.log_in("pat", 1);
    office.ask(Operation::bolus_within_limit, yes, "", 1);
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(Office::only(office.say(link::OpenEmergency{}, 9)).outcome, Outcome::refused);
    office.press();
    EXPECT_EQ(office.hands.done.size(), 1U);
    link::OpenEmergency open;
    open.badge = office.shown("ward.3", Operation::choose_emergency, {}, 2);
    EXPECT_FALSE(Office::only(office.say(open, 2)).last);
    open.badge = office.shown("ward.3", Operation::choose_emergency, {}, 3);
    EXPECT_EQ(Office::only(office.say(open, 3)).outcome, Outcome::refused) << "one emergency waits already";
}

TEST(Desk, AFloodOfOneSessionKeepsNobodyElseOutAndNoStop) {
    Office office;
    office.log_in("pat", 1);
    for (int i = 0; i < 1'000; ++i) office.ask(Operation::crypto_erase, some, "", 9);
    EXPECT_EQ(Office::only(office.ask(Operation::bolus_within_limit, some, "", 1)).outcome, Outcome::done);
    EXPECT_FALSE(Office::only(office.ask(Operation::stop_delivery, some, "", 9)).last);
}

TEST(Desk, WhoLoggedOutOrWasDisabledIsGivenNothingByALaterPress) {
    Office office;
    office.log_in("pat");
    office.ask(Operation::bolus_within_limit, yes);
    office.say(link::LogOut{});
    EXPECT_TRUE(office.press().empty());
    office.log_in("pat");
    office.ask(Operation::bolus_within_limit, yes);
    auto account = **office.accounts.find("pat");
    account.disabled = true;
    ASSERT_TRUE(office.accounts.save(account));
    EXPECT_EQ(Office::only(office.press()).outcome, Outcome::refused);
    EXPECT_EQ(Office::only(office.ask(Operation::bolus_within_limit, some)).outcome, Outcome::refused);
    EXPECT_TRUE(office.empty_handed());
}

TEST(Desk, AStopIsNotRefusedBecauseNothingCanBePutOnRecord) {
    Office office;
    office.log_is_full = true;
    office.ask(Operation::stop_delivery, some);
    EXPECT_EQ(Office::only(office.press()).outcome, Outcome::done);
    EXPECT_EQ(office.hands.done.size(), 1U);
}

TEST(Desk, EmergencyAccessOpensItsFixedSetForHalfAnHourAndOneBolusAndSomebodyElseReviewsIt) {
    Office office;
    link::OpenEmergency with_no_emergency_badge;
    with_no_emergency_badge.badge = office.shown("n.meyer", Operation::choose_emergency, {});
    EXPECT_EQ(Office::only(office.say(with_no_emergency_badge)).outcome, Outcome::refused);

    link::OpenEmergency open;
    open.badge = office.shown("ward.3", Operation::choose_emergency, {});
    EXPECT_FALSE(Office::only(office.say(open)).last) << "the button first";
    EXPECT_EQ(Office::only(office.press()).outcome, Outcome::done);

    EXPECT_EQ(Office::only(office.ask(Operation::bolus_within_limit, some)).outcome, Outcome::done);
    EXPECT_EQ(Office::only(office.ask(Operation::bolus_within_limit, yes)).outcome, Outcome::done);
    EXPECT_EQ(Office::only(office.ask(Operation::bolus_within_limit, yes)).outcome, Outcome::refused) << "one bolus";
    EXPECT_EQ(Office::only(office.ask(Operation::stop_delivery, some)).outcome, Outcome::done);
    for (const auto never : {Operation::install_update, Operation::export_patient_data, Operation::crypto_erase,
                             Operation::rotate_key, Operation::leave_failsafe})
        EXPECT_EQ(Office::only(office.ask(never, some)).outcome, Outcome::refused);
    EXPECT_EQ(Office::only(office.ask(Operation::stop_delivery, some, "", 2)).last, false)
        << "another session has none";
    office.press();

    office.at.now.seconds += access::emergency_lasts_s;
    office.desk.on_tick(office.at);
    EXPECT_EQ(office.logged(EventId::emergency_ended), 1U);
    EXPECT_EQ(Office::only(office.ask(Operation::resume_delivery, some)).outcome, Outcome::refused);

    office.desk.context(access::Context::ward);
    office.log_in("a.kern");
    EXPECT_EQ(Office::only(office.ask(Operation::review_break_glass, link::ReviewWish{1}, "a.kern")).outcome,
              Outcome::done);
    EXPECT_EQ(office.accounts.emergency()->uses[0].reviewer.view().size(), 6U);
}

TEST(Desk, WhoHasNoAccountCannotKeepTheButtonBusyOrHaveItPressedForSomethingOfTheirs) {
    Office office;
    office.log_in("pat", 1);
    office.ask(Operation::stop_delivery, some, "", 9);  // a stranger's
    const auto said = office.ask(Operation::bolus_within_limit, yes, "", 1);
    ASSERT_EQ(said.size(), 2U);
    EXPECT_EQ(said[0].outcome, Outcome::refused) << "the stranger hears so";
    EXPECT_FALSE(said[1].last);
    EXPECT_EQ(Office::only(office.ask(Operation::stop_delivery, some, "", 9)).outcome, Outcome::refused);
    office.press();
    EXPECT_EQ(office.hands.done.back().first, Operation::bolus_within_limit);
    EXPECT_EQ(office.hands.done.size(), 1U);
}

TEST(Desk, NothingIsDoneThatCannotBePutOnRecord) {
    Office office;
    office.log_in("pat");
    office.log_is_full = true;
    EXPECT_EQ(Office::only(office.ask(Operation::bolus_within_limit, some)).outcome, Outcome::not_done);
    EXPECT_TRUE(office.empty_handed());
}

TEST(Desk, WithoutRecordsTheOpenOperationsWorkAndNothingElseDoes) {
    Office office;
    office.desk.accounts(nullptr);
    EXPECT_EQ(office.log_in("pat").outcome, Outcome::not_done);
    EXPECT_EQ(Office::only(office.ask(Operation::bolus_within_limit, some)).outcome, Outcome::refused);
    office.ask(Operation::stop_delivery, some);
    EXPECT_EQ(Office::only(office.press()).outcome, Outcome::done);
}

TEST(Desk, AFloodOfCommandsIsToldToWaitAndFillsNoLog) {
    Office office;
    for (int i = 0; i < 1'000; ++i) office.ask(Operation::crypto_erase, some);
    EXPECT_LE(office.logged(EventId::access_refused), Desk::command_burst);
}

TEST(Desk, RefusalsThatGoOnForHoursAreCountedInsteadOfFillingTheLog) {
    Office office;
    for (int i = 0; i < 3 * 3'600; ++i) {
        office.at.now.seconds += 1;
        office.desk.on_tick(office.at);
        office.ask(Operation::crypto_erase, some);
    }
    EXPECT_LE(office.logged(EventId::access_refused), 4 * Desk::refusals_an_hour);
    EXPECT_GE(office.logged(EventId::refusals_counted), 2U);
}

TEST(Desk, WhateverBytesArriveNothingIsDoneAndSomethingIsAnswered) {
    Office office;
    std::uint64_t state = 42;
    const auto random = [&state] { return (state = state * 6364136223846793005ULL + 1442695040888963407ULL) >> 33; };
    for (int i = 0; i < 20'000; ++i) {
        office.at.now.seconds += 1;
        std::vector<std::uint8_t> body(random() % 300);
        for (auto& byte : body) byte = static_cast<std::uint8_t>(random());
        if (body.size() > 2 && i % 2 == 0) {
            body[0] = 'C';
            body[1] = static_cast<std::uint8_t>(1 + random() % 9);
        }
        const auto said = office.desk.take(office.asked(body), office.at);
        ASSERT_FALSE(said.empty());
        for (const DeskAnswer& one : said) {
            ASSERT_LE(one.body.size(), link::max_reply_size);
            ASSERT_TRUE(nlohmann::json::accept(one.body));
        }
    }
    EXPECT_TRUE(office.empty_handed());
}

/// The desk is no second table: for every operation, role, context and proof it opens what decide() opens.
TEST(Desk, EveryOperationForEveryRoleAndProofIsCarriedOutExactlyWhereTheTableOpensIt) {
    Office office;
    const std::vector<std::pair<std::string, access::Role>> people{
        {"pat", access::Role::patient},         {"n.meyer", access::Role::nurse},
        {"dr.roy", access::Role::physician},    {"b.lang", access::Role::biomedical},
        {"it.kaya", access::Role::it_security}, {"a.kern", access::Role::auditor}};
    int opened = 0;
    for (const auto context : {access::Context::home, access::Context::ward, access::Context::emergency})
        for (const auto& [name, role] : people)
            for (const bool password : {false, true})
                for (std::size_t i = 0; i < access::operation_count; ++i) {
                    const auto operation = static_cast<Operation>(i);
                    if (operation == Operation::choose_context) continue;  // it would change what is tried
                    for (const bool badge : {false, true}) {
                        office.desk.context(context);
                        office.at.now.seconds += 20;  // fewer in an hour than are counted together
                        office.desk.on_tick(office.at);
                        if (password)
                            ASSERT_EQ(office.log_in(name).outcome, Outcome::done);
                        else
                            office.say(link::LogOut{});
                        access::Asker asker{.role = password || badge ? role : access::Role::nobody,
                                            .factors = access::Factor::presence,
                                            .met = access::Condition::own_patient};
                        if (password) asker.factors = asker.factors | access::Factor::password;
                        if (badge) asker.factors = asker.factors | access::Factor::badge;
                        const bool expected = access::decide(operation, context, asker).allowed();
                        const auto before = office.hands.done.size(), refusals = office.logged(EventId::access_refused);
                        const auto said = office.say(office.act(operation, {}, badge ? name : ""));
                        ASSERT_EQ(said.size(), 1U);
                        if (!said[0].last) office.press();
                        EXPECT_EQ(office.hands.done.size() > before, expected)
                            << access::word(operation).key << " " << name << " " << access::word(context).key
                            << password << badge;
                        EXPECT_EQ(office.logged(EventId::access_refused),
                                  refusals + (said[0].outcome == Outcome::refused ? 1U : 0U));
                        opened += expected ? 1 : 0;
                    }
                }
    EXPECT_GT(opened, 100);
}

}  // namespace
}  // namespace basalt::firmware::test
