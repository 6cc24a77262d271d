// A person's command on its whole real way: client, TLS, gateway, session, desk, accounts with the TPM's pepper,
// therapy, guardian, motor, and back.
#include "tests/integration/people/real_pump.h"

#include "device/firmware/access/shown_change.h"
#include "device/guardian/alarms.h"

namespace basalt::bench {
namespace {

constexpr const char* password = "a blue horse at noon";

TEST(RealPump, APatientChoosesAPasswordLogsInAndIsGivenTheBolusThatWasReadBackAtThePressOfTheButton) {
    RealPump pump;
    std::int64_t before = 0, after = 0;
    pump.while_person([&] {
        EXPECT_EQ(pump.log_in("patient", password).state, CommandState::refused) << "nobody chose it yet";
        EXPECT_EQ(pump.first_password("patient", password).state, CommandState::done);
        const auto in = pump.log_in("patient", password);
        EXPECT_EQ(in.state, CommandState::done) << in.words();
        EXPECT_EQ(in.last()["role"], "patient");

        const auto meal = pump.ask(Operation::bolus_within_limit, link::MealWish{450});
        EXPECT_EQ(meal.state, CommandState::done) << meal.words();
        EXPECT_GT(meal.last()["for_carbs_mu"], 0);
        const auto read_back = pump.ask(Operation::bolus_within_limit, link::BolusWish{.amount = 1'000_mU});
        EXPECT_EQ(read_back.state, CommandState::done) << read_back.words();
        EXPECT_NE(read_back.words().find("1 unit"), std::string::npos) << read_back.words();
        before = pump.motor_mu();
        const auto given = pump.ask(Operation::bolus_within_limit, link::BolusYes{1'000_mU});
        EXPECT_EQ(given.state, CommandState::done) << given.words();
        EXPECT_EQ(given.parts.size(), 2U) << "the button was asked for";
        pump.wait(90);
        const auto state = pump.state();
        EXPECT_EQ(state["last_bolus"]["who"], "patient") << state.dump();
        EXPECT_NEAR(state["insulin_on_board_u"].get<double>(), 1.0, 0.02) << state.dump();
    });
    after = pump.motor_mu();
    EXPECT_NEAR(static_cast<double>(after - before), 1'000, 120) << "the bolus, and a basal dose at most";
    const auto log = pump.log();
    for (const char* what : {"login_refused", "password_changed", "logged_in", "bolus_confirmed", "bolus_ended"})
        EXPECT_NE(log.find(what), std::string::npos) << what;
}

TEST(RealPump, NobodyIsGivenInsulinAndWhatIsOpenToAnybodyIsTheStop) {
    RealPump pump;
    pump.while_person([&] {
        const auto refused = pump.ask(Operation::bolus_within_limit, link::BolusWish{.amount = 1'000_mU});
        EXPECT_EQ(refused.state, CommandState::refused);
        EXPECT_FALSE(refused.words().empty());
        EXPECT_EQ(pump.say(link::See{.what = link::Shown::log}).state, CommandState::refused);
        pump.act(Operation::stop_delivery);
    });
    EXPECT_EQ(pump.board().signals().mode, hal::Mode::stopped);
    for (int i = 0; i < 30; ++i) pump.second();
    EXPECT_NE(pump.log().find("access_refused"), std::string::npos);
}

TEST(RealPump, WhoStopsOrResumesOverTheSessionHearsThatItWasDoneAndTheMotorStandsAtOnce) {
    RealPump pump;
    std::int64_t at_answer = 0, later = 0, resumed = 0;
    pump.while_person([&] {
        pump.first_password("patient", password);
        pump.log_in("patient", password);
        pump.ask(Operation::bolus_within_limit, link::BolusWish{.amount = 4'000_mU});
        EXPECT_EQ(pump.ask(Operation::bolus_within_limit, link::BolusYes{4'000_mU}).state, CommandState::done);
        pump.wait(30);
        const auto stopped = pump.act(Operation::stop_delivery);
        EXPECT_EQ(stopped.state, CommandState::done) << stopped.words();
        EXPECT_NE(stopped.words().find("Insulin is stopped"), std::string::npos) << stopped.words();
        at_answer = pump.motor_mu();
        ASSERT_TRUE(pump.come_back());
        pump.log_in("patient", password);
        EXPECT_EQ(pump.state()["mode"], "stopped");
        later = pump.motor_mu();
        const auto goes_on = pump.act(Operation::resume_delivery);
        EXPECT_EQ(goes_on.state, CommandState::done) << goes_on.words();
        EXPECT_EQ(goes_on.words(), "Insulin goes on.");
        ASSERT_TRUE(pump.come_back());
        pump.wait(310);
        resumed = pump.motor_mu();
    });
    EXPECT_EQ(later, at_answer) << "the motor stood before the person was told so";
    EXPECT_GT(resumed, later);
}

TEST(RealPump, WhoOpenedEmergencyAccessByTheCodeHasItAgainAfterTheirOwnStopWithTheSameEnd) {
    RealPump pump;
    pump.while_person([&] {
        const link::OpenEmergency open{.badge = {}, .code = bytes<24>(pump.code_of("emergency"))};
        const auto opened = pump.say(open);
        EXPECT_EQ(opened.state, CommandState::done) << opened.words();
        EXPECT_EQ(pump.act(Operation::stop_delivery).state, CommandState::done);
        ASSERT_TRUE(pump.come_back());
        EXPECT_EQ(pump.act(Operation::resume_delivery).state, CommandState::refused)
            << "another session has none of it";
        const auto again = pump.say(open);
        EXPECT_EQ(again.state, CommandState::done) << again.words();
        EXPECT_EQ(again.last()["emergency_until_s"], opened.last()["emergency_until_s"]);
        pump.press();  // the guardian believes no resume without one
        const auto goes_on = pump.act(Operation::resume_delivery);
        EXPECT_EQ(goes_on.state, CommandState::done) << goes_on.words();
    });
    EXPECT_NE(pump.board().signals().mode, hal::Mode::stopped);
    for (int i = 0; i < 60; ++i) pump.second();
    EXPECT_NE(pump.log().find("code_again"), std::string::npos);
}

TEST(RealPump, TheEmergencyBadgeAndTheButtonOpenItsFixedSetWithoutAnyAccount) {
    RealPump pump;
    pump.while_person([&] {
        const auto key = factory::P256Key::load(fs::path{pump.path()} / "host" / "badges" / "ward-emergency.pem");
        ASSERT_TRUE(key);
        link::OpenEmergency open;
        open.badge = {bytes<32>("ward-emergency"), key->sign(pump.digest(Operation::choose_emergency, {})).value()};
        const auto opened = pump.say(open);
        EXPECT_EQ(opened.state, CommandState::done) << opened.words();
        EXPECT_EQ(pump.ask(Operation::bolus_within_limit, link::BolusWish{.amount = 500_mU}).state, CommandState::done);
        EXPECT_EQ(pump.ask(Operation::bolus_within_limit, link::BolusYes{500_mU}).state, CommandState::done);
        EXPECT_EQ(pump.act(Operation::crypto_erase).state, CommandState::refused);
        EXPECT_EQ(pump.ask(Operation::temporary_basal_down, link::TemporaryWish{-100, 3'600}).state,
                  CommandState::done);
        for (const std::int32_t percent : {0, -30})
            EXPECT_EQ(pump.ask(Operation::temporary_basal_down, link::TemporaryWish{percent, 3'600}).state,
                      CommandState::refused)
                << percent << ": it would raise the rate that runs";
        EXPECT_EQ(pump.state()["context"], "emergency");
        EXPECT_TRUE(pump.state().contains("emergency_until_s"));
        EXPECT_NE(pump.board().signals().alarms & guardian::bit_of(guardian::Trigger::emergency_access), 0U)
            << "the pump's own panel says it, whatever a screen shows";
    });
    EXPECT_NE(pump.log().find("emergency_opened"), std::string::npos);
}

TEST(RealPump, ABolusAboveTheLimitIsGivenWhenTheNurseSignedWhatThePumpShowedHerAndNotBefore) {
    RealPump pump;
    std::int64_t before = 0, waiting = 0, given = 0;
    const link::BolusYes yes{8'500_mU};
    pump.while_person([&] {
        pump.first_password("physician", password);
        pump.log_in("physician", password);
        EXPECT_EQ(pump.ask(Operation::choose_context, link::ContextWish{1}, "physician").state, CommandState::done);
        const auto read_back = pump.ask(Operation::bolus_above_limit, link::BolusWish{.amount = 8'500_mU}, "physician");
        EXPECT_EQ(read_back.state, CommandState::done) << read_back.words();
        const auto alone = pump.ask(Operation::bolus_within_limit, yes, "physician");
        EXPECT_EQ(alone.state, CommandState::refused);
        EXPECT_NE(alone.words().find("above the patient's limit"), std::string::npos) << alone.words();
        before = pump.motor_mu();
        const auto asked = pump.ask(Operation::bolus_above_limit, yes, "physician");
        EXPECT_EQ(asked.last().value("waits_for", ""), "second") << asked.words();

        const auto nurse = factory::P256Key::load(fs::path{pump.path()} / "host" / "badges" / "nurse.pem");
        ASSERT_TRUE(nurse);
        const auto shown = pump.say(
            link::See{.what = link::Shown::changes,
                      .badge = {bytes<32>("nurse"), nurse->sign(pump.digest(Operation::see_state, {})).value()}});
        const auto papers = link::read_papers(fs::path{pump.path()} / "host" / "clients");
        const auto change = access::read_change(shown.last().dump(), papers->device);
        ASSERT_TRUE(change && *change) << shown.words();
        EXPECT_EQ(in_words(**change, access::Language::english),
                  "give a bolus above the patient's limit: 8.5 units. Asked by physician (physician).");
        waiting = pump.motor_mu();
        const auto& what = (*change)->command;
        const auto approved = pump.say(
            link::Approve{.badge = {bytes<32>("nurse"), nurse->sign(access::approval_digest(what, "nurse")).value()},
                          .command = what});
        EXPECT_EQ(approved.state, CommandState::done) << approved.words();
        pump.wait(60);
        given = pump.motor_mu();
    });
    EXPECT_LE(waiting - before, 90) << "a basal dose at most";
    EXPECT_GT(given - waiting, 500);
    for (int i = 0; i < 10; ++i) pump.second();
    const auto log = pump.log();
    EXPECT_NE(log.find("change_approved"), std::string::npos);
    EXPECT_NE(log.find("bolus_confirmed"), std::string::npos);
}

TEST(RealPump, ACancelledBolusStandsWithinASecondAndTheRecordSaysWhatWasGiven) {
    RealPump pump;
    std::int64_t at_cancel = 0, soon_after = 0, later = 0;
    pump.while_person([&] {
        pump.first_password("patient", password);
        pump.log_in("patient", password);
        pump.ask(Operation::bolus_within_limit, link::BolusWish{.amount = 4'000_mU});
        EXPECT_EQ(pump.ask(Operation::bolus_within_limit, link::BolusYes{4'000_mU}).state, CommandState::done);
        pump.wait(30);
        const auto cancelled = pump.ask(Operation::bolus_within_limit, link::BolusCancel{});
        EXPECT_EQ(cancelled.state, CommandState::done) << cancelled.words();
        at_cancel = pump.motor_mu();
        pump.wait(3);
        soon_after = pump.motor_mu();
        pump.wait(20);
        later = pump.motor_mu();
        const auto state = pump.state();
        EXPECT_EQ(state["last_bolus"]["state"], "cancelled") << state.dump();
        EXPECT_NEAR(state["last_bolus"]["given_u"].get<double>() * 1'000, static_cast<double>(later), 100)
            << state.dump();
    });
    EXPECT_LE(soon_after - at_cancel, 100);
    EXPECT_LE(later - soon_after, 90) << "a basal dose at most";
    EXPECT_NE(pump.log().find("bolus_cancelled"), std::string::npos);
}

}  // namespace
}  // namespace basalt::bench
