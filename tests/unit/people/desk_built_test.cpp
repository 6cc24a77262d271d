// What the pump carries out at all, and what a temporary rate is by its effect on the insulin.
#include "device/firmware/access/carried_out.h"
#include "tests/unit/people/office.h"

namespace basalt::firmware {
namespace {
using access::Operation;
using link::Outcome;
using storage::EventId;
using test::Office;

/// Every kind of values that a command can bring, and none.
const std::vector<Values>& every_kind() {
    static const std::vector<Values> all{
        std::nullopt,          link::MealWish{},    link::BolusWish{},  link::BolusYes{},    link::BolusCancel{},
        link::TemporaryWish{}, link::ContextWish{}, link::ReviewWish{}, link::AccountWish{}, link::BadgeWish{}};
    EXPECT_EQ(all.size(), 1 + std::variant_size_v<link::ValueFrames::Any>) << "a kind of values is missing here";
    return all;
}

TEST(Built, ThePrintedTableMarksExactlyWhatSomebodyInTheFirmwareCarriesOut) {
    for (std::size_t i = 0; i < access::operation_count; ++i) {
        const auto operation = static_cast<Operation>(i);
        // What is only looked at goes through See, which the desk turns into these three.
        bool done = operation == Operation::see_state || operation == Operation::see_history ||
                    operation == Operation::read_log;
        for (const Values& values : every_kind()) done = done || done_by(operation, values) != DoneBy::nobody;
        EXPECT_EQ(access::is_carried_out(operation), done) << access::word(operation).key;
    }
}

TEST(Built, WhatNobodyCarriesOutIsRefusedBeforeAnybodyPressesOrSignsAndNoRecordSaysThatItWasAllowed) {
    Office office;
    office.hands.only_what_is_built = true;
    office.desk.context(access::Context::ward);
    for (const auto& [operation, who] : {std::pair{Operation::issue_badge, "b.lang"},
                                         {Operation::leave_failsafe, "b.lang"},
                                         {Operation::open_service_port, "b.lang"},
                                         {Operation::change_therapy, "dr.roy"},
                                         {Operation::prime, "n.meyer"},
                                         {Operation::enter_failsafe, "n.meyer"}}) {
        SCOPED_TRACE(access::word(operation).key);
        ASSERT_EQ(office.log_in(who).outcome, Outcome::done);
        const auto refusals = office.logged(EventId::access_refused);
        const auto said = Office::only(office.say(office.act(operation, {}, who)));
        EXPECT_EQ(said.outcome, Outcome::refused) << said.body;
        EXPECT_NE(said.body.find("not_built"), std::string::npos) << said.body;
        EXPECT_FALSE(office.desk.waiting()) << "nobody is asked to press";
        EXPECT_EQ(office.logged(EventId::change_waits), 0U) << "nobody is asked to sign";
        EXPECT_EQ(office.logged(EventId::access_allowed), 0U);
        EXPECT_EQ(office.logged(EventId::access_refused), refusals + 1);
        EXPECT_EQ(*office.log.back().text("reason"), "not_built");
    }
    EXPECT_TRUE(office.empty_handed());
}

TEST(Built, WhoMayNotIsToldThatAndNotWhatThePumpCannotDo) {
    Office office;
    office.hands.only_what_is_built = true;
    ASSERT_EQ(office.log_in("pat").outcome, Outcome::done);
    const auto said = Office::only(office.say(office.act(Operation::issue_badge)));
    EXPECT_EQ(said.outcome, Outcome::refused);
    EXPECT_EQ(said.body.find("not_built"), std::string::npos) << said.body;
}

TEST(Built, EveryOperationOfEveryPersonWithEveryKindOfValuesIsDoneWhereTheTableOpensItAndSomebodyDoesIt) {
    Office office;
    office.hands.only_what_is_built = true;
    int carried = 0;
    for (const std::string name : {"pat", "n.meyer", "dr.roy", "b.lang", "it.kaya", "a.kern"}) {
        for (std::size_t i = 0; i < access::operation_count; ++i)
            for (const Values& values : every_kind()) {
                const auto operation = static_cast<Operation>(i);
                if (done_by(operation, values) == DoneBy::desk)
                    continue;  // its own tests: it would change who may what
                office.at.now.seconds += 20;
                office.desk.on_tick(office.at);
                ASSERT_EQ(office.log_in(name).outcome, Outcome::done);
                const auto before = office.hands.done.size(), allowed = office.logged(EventId::access_allowed);
                std::vector<DeskAnswer> said;
                if (values)
                    said = std::visit([&](const auto& what) { return office.ask(operation, what, name); }, *values);
                else
                    said = office.say(office.act(operation, {}, name));
                if (!said.back().last) said = office.press();
                const bool done = office.hands.done.size() > before;
                EXPECT_TRUE(!done || done_by(operation, values) == DoneBy::therapy) << access::word(operation).key;
                EXPECT_EQ(office.logged(EventId::access_allowed) > allowed, done) << access::word(operation).key;
                carried += done ? 1 : 0;
            }
    }
    EXPECT_GT(carried, 20);
}

TEST(Effect, WhatRaisesTheRateAtAnyMomentIsUpWhateverThePercentSays) {
    constexpr auto up = Operation::temporary_basal_up, down = Operation::temporary_basal_down;
    const struct {
        std::int32_t percent;
        std::uint64_t seconds;
        std::int32_t running;
        std::uint64_t left_s;
        Operation is;
    } cases[] = {
        {-30, 900, 0, 0, down},         {20, 900, 0, 0, up},          {0, 0, 0, 0, down},
        {0, 0, -100, 600, up},          {0, 0, 20, 600, down},        {0, 3'600, -100, 600, up},
        {-30, 3'600, -100, 600, up},    {-100, 900, -30, 600, down},  {-100, 900, -30, 3'600, up},
        {-100, 3'600, -100, 600, down}, {-100, 900, -100, 3'600, up}, {10, 900, 30, 1'800, down},
        {10, 3'600, 30, 1'800, up},     {30, 900, 30, 900, down},     {-50, 900, 30, 3'600, down},
    };
    for (const auto& c : cases)
        for (const Operation named : {up, down})
            EXPECT_EQ(by_effect(named, link::TemporaryWish{c.percent, static_cast<std::uint32_t>(c.seconds)}, c.running,
                                c.left_s),
                      c.is)
                << c.percent << " for " << c.seconds << " over " << c.running << " for " << c.left_s;
}

TEST(Effect, InEmergencyAccessTheRateIsLoweredAndNeverRaisedByEndingOrWeakeningALoweredOne) {
    Office office;
    link::OpenEmergency open;
    open.badge = office.shown("ward.3", Operation::choose_emergency, {});
    EXPECT_FALSE(Office::only(office.say(open)).last);
    office.press();
    office.hands.done.clear();
    const auto tried = [&](std::int32_t percent) {
        office.at.now.seconds += 1;
        return Office::only(
            office.ask(Operation::temporary_basal_down, link::TemporaryWish{.percent = percent, .seconds = 3'600}));
    };
    EXPECT_EQ(tried(-100).outcome, Outcome::done);
    office.hands.running_percent = -100;
    office.hands.running_left_s = 3'600;
    const auto done = office.hands.done.size();
    for (const std::int32_t percent : {0, -30}) EXPECT_EQ(tried(percent).outcome, Outcome::refused) << percent;
    EXPECT_EQ(office.hands.done.size(), done);
    EXPECT_EQ(tried(-100).outcome, Outcome::done);
    office.hands.running_percent = 20;
    EXPECT_EQ(tried(0).outcome, Outcome::done) << "the end of a raised rate lowers it";
}

TEST(Built, WhoChoosesTheWardAgainEndsEmergencyAccessAndIsToldTheTruthAboutThePlace) {
    Office office;
    link::OpenEmergency open;
    open.badge = office.shown("ward.3", Operation::choose_emergency, {});
    EXPECT_FALSE(Office::only(office.say(open)).last);
    office.press();
    ASSERT_TRUE(office.desk.seen(office.at.now).emergency_until);
    const link::ContextWish ward{.context = std::to_underlying(access::Context::ward)};
    EXPECT_EQ(Office::only(office.ask(Operation::choose_context, ward, "n.meyer")).outcome, Outcome::done);
    EXPECT_FALSE(office.desk.seen(office.at.now).emergency_until);
    EXPECT_EQ(office.desk.seen(office.at.now).context, access::Context::ward);
    office.desk.on_tick(office.at);
    EXPECT_EQ(office.logged(EventId::emergency_ended), 1U);
    EXPECT_EQ(Office::only(office.ask(Operation::resume_delivery, link::BolusCancel{})).outcome, Outcome::refused);
}

TEST(Effect, ANurseEndsALoweredRateByWhicheverOfTheTwoHerConsoleNamesAndTheRecordSaysWhatItWas) {
    Office office;
    office.desk.context(access::Context::ward);
    office.hands.running_percent = -100;
    office.hands.running_left_s = 3'600;
    for (const Operation named : {Operation::temporary_basal_down, Operation::temporary_basal_up}) {
        ASSERT_FALSE(office.ask(named, link::TemporaryWish{}, "n.meyer").back().last);
        EXPECT_EQ(Office::only(office.press()).outcome, Outcome::done);
        EXPECT_EQ(office.hands.done.back().first, Operation::temporary_basal_up);
        EXPECT_EQ(*office.log.back().text("operation"), "temporary_basal_up");
    }
}

TEST(Effect, WhatLoweredTheRateWhenItWasAskedForIsJudgedAgainWhenTheButtonIsPressed) {
    Office office;
    ASSERT_EQ(office.log_in("pat").outcome, Outcome::done);
    ASSERT_FALSE(
        office.ask(Operation::temporary_basal_down, link::TemporaryWish{.percent = -30, .seconds = 900}).back().last);
    office.hands.running_percent = -100;
    office.hands.running_left_s = 3'600;
    EXPECT_EQ(Office::only(office.press()).outcome, Outcome::done);
    EXPECT_EQ(office.hands.done.back().first, Operation::temporary_basal_up);
}

}  // namespace
}  // namespace basalt::firmware
