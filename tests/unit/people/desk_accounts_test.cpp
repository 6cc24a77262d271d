// Who may no longer is out at once and stays out; and what a second person signs is what they were shown.
#include "device/firmware/access/shown_change.h"
#include "device/firmware/hex.h"
#include "tests/unit/people/office.h"

namespace basalt::firmware::test {
namespace {
using access::Operation;
using link::Outcome;
using nlohmann::json;
using storage::EventId;

const link::BolusWish some{.amount = 1'000_mU};

/// On the ward, with whoever manages accounts logged in over session 1.
struct Ward : Office {
    Ward() {
        desk.context(access::Context::ward);
        log_in("b.lang", 1);
    }
    /// Asked for by biomedical engineering, approved by IT security.
    DeskAnswer disable(const std::string& name) {
        const link::AccountWish wish{bytes<32>(name)};
        const auto what = digest(Operation::disable_account, link::ValueFrames::encode(wish).view());
        EXPECT_EQ(only(ask(Operation::disable_account, wish, "b.lang")).outcome, Outcome::done);
        return approve("it.kaya", what);
    }
    DeskAnswer revoke(const std::string& name, const Digest& key = {}) {
        return only(ask(Operation::revoke_badge, link::BadgeWish{bytes<32>(name), key}, "b.lang"));
    }
    std::vector<DeskAnswer> see_changes(const std::string& badge, std::uint8_t who = 2) {
        return say(link::See{.what = link::Shown::changes, .badge = shown(badge, Operation::see_state, {}, who)}, who);
    }
    bool is_good(const std::string& badge) {
        return only(ask(Operation::bolus_within_limit, some, badge, 3)).outcome == Outcome::done;
    }
};

TEST(Desk, AnAccountThatTwoPeopleDisabledIsOutAtOnceEverywhereAndAfterARestartAndTheRecordNamesThem) {
    Ward ward;
    ward.log_in("n.meyer", 3);
    ASSERT_TRUE(ward.is_good("n.meyer"));
    EXPECT_EQ(ward.disable("n.meyer").outcome, Outcome::done);
    EXPECT_FALSE(ward.is_good("n.meyer"));
    EXPECT_EQ(ward.log_in("n.meyer", 4).outcome, Outcome::refused);
    ASSERT_EQ(ward.logged(EventId::account_disabled), 1U);
    const auto record = std::ranges::find(ward.log, "account_disabled", &storage::Event::what);
    EXPECT_EQ(record->who, "b.lang");
    EXPECT_EQ(*record->text("account"), "n.meyer");
    auto again = access::StoredAccounts::open(ward.database);  // another start reads the tables anew
    EXPECT_TRUE((*again->find("n.meyer"))->disabled);
    EXPECT_TRUE(ward.empty_handed() || ward.hands.done.size() == 1) << "the hands have no part in it";
}

TEST(Desk, OnePersonAloneDisablesNobody) {
    Ward ward;
    EXPECT_EQ(
        Office::only(ward.ask(Operation::disable_account, link::AccountWish{bytes<32>("n.meyer")}, "b.lang")).outcome,
        Outcome::done)
        << "it waits";
    EXPECT_FALSE((*ward.accounts.find("n.meyer"))->disabled);
    EXPECT_EQ(Office::only(ward.ask(Operation::disable_account, link::AccountWish{bytes<32>("b.lang")}, "n.meyer", 3))
                  .outcome,
              Outcome::refused);
}

TEST(Desk, TheLastOfBiomedicalEngineeringAndOfItSecurityIsNotDisabled) {
    Ward ward;
    for (const char* last : {"b.lang", "it.kaya"}) {
        const auto said = ward.disable(last);
        EXPECT_EQ(said.outcome, Outcome::refused) << last;
        EXPECT_NE(said.body.find("last account"), std::string::npos);
        EXPECT_FALSE((*ward.accounts.find(last))->disabled);
    }
    ward.desk.context(access::Context::home);
    ward.hire("it.two", access::Role::it_security);
    ward.desk.context(access::Context::ward);
    ward.log_in("b.lang", 1);
    EXPECT_EQ(ward.disable("it.kaya").outcome, Outcome::done) << "another one is there";
    EXPECT_EQ(ward.logged(EventId::account_disabled), 1U);
}

TEST(Desk, ARevokedBadgeOpensNothingMoreAndWhatItAskedForIsNotApprovedAnyMore) {
    Ward ward;
    ward.log_in("dr.roy", 3);
    const link::BolusYes much{20'000_mU};
    const auto what = ward.digest(Operation::bolus_above_limit, link::ValueFrames::encode(much).view(), 3);
    ward.ask(Operation::bolus_above_limit, much, "dr.roy", 3);
    ward.press();
    EXPECT_EQ(ward.revoke("dr.roy", Digest{1}).outcome, Outcome::refused) << "no such key";
    const auto key = sha256(ward.badges.at("dr.roy").point());
    EXPECT_EQ(ward.revoke("dr.roy", key).outcome, Outcome::done);
    EXPECT_EQ(ward.approve("n.meyer", what).outcome, Outcome::refused);
    EXPECT_FALSE(ward.is_good("dr.roy"));
    EXPECT_TRUE(ward.is_good("n.meyer"));
    EXPECT_EQ(ward.logged(EventId::badge_revoked), 1U);
    EXPECT_EQ(std::ranges::find(ward.log, "badge_revoked", &storage::Event::what)->who, "b.lang");
    EXPECT_EQ(ward.revoke("dr.roy", key).outcome, Outcome::refused) << "it was already";
    EXPECT_EQ(
        Office::only(ward.ask(Operation::revoke_badge, link::BadgeWish{bytes<32>("b.lang")}, "n.meyer", 3)).outcome,
        Outcome::refused)
        << "a nurse revokes none";
}

TEST(Desk, AWordThatWaitsForTheButtonDiesWithTheBadgeThatSignedIt) {
    Ward ward;
    EXPECT_FALSE(Office::only(ward.ask(Operation::bolus_within_limit, link::BolusYes{1'000_mU}, "n.meyer", 3)).last);
    EXPECT_EQ(ward.revoke("n.meyer").outcome, Outcome::done);
    EXPECT_EQ(Office::only(ward.press()).outcome, Outcome::refused);
    EXPECT_TRUE(ward.empty_handed());

    link::OpenEmergency open;
    open.badge = ward.shown("ward.3", Operation::choose_emergency, {}, 3);
    EXPECT_FALSE(Office::only(ward.say(open, 3)).last);
    EXPECT_EQ(ward.revoke("ward.3").outcome, Outcome::done);
    EXPECT_EQ(Office::only(ward.press()).outcome, Outcome::refused);
    EXPECT_EQ(ward.logged(EventId::emergency_opened), 0U);

    EXPECT_FALSE(Office::only(ward.say(ward.act(Operation::stop_delivery, {}, "dr.roy", 3), 3)).last);
    EXPECT_EQ(ward.revoke("dr.roy").outcome, Outcome::done);
    EXPECT_EQ(Office::only(ward.press()).outcome, Outcome::done) << "a stop is open to anybody";
}

TEST(Desk, WhomTheConfigurationNamesNoMoreIsDisabledAtTheNextStartAndWhomItNamesAgainChoosesANewPassword) {
    Ward ward;
    std::vector<FirstPerson> people;
    for (const auto& [name, badge] : ward.badges) {
        const auto account = *ward.accounts.find(name);
        people.push_back({.name = name,
                          .shown = name,
                          .roles = account ? account->roles : access::Roles{},
                          .badge = badge.point(),
                          .for_emergencies = !account});
    }
    const auto start = [&](const std::vector<FirstPerson>& named) {
        auto followed = follow_configuration(ward.accounts, named, ward.at.now);
        EXPECT_TRUE(followed);
        EXPECT_TRUE(make_first_people(ward.accounts, named, ward.at.now));
        return *followed;
    };
    const auto first = start(people);
    EXPECT_TRUE(first.events.empty());
    ASSERT_TRUE(ward.accounts.save_configured(first.names));
    EXPECT_TRUE(start({}).events.empty()) << "a configuration that names nobody puts nobody out";

    auto fewer = people;
    std::erase_if(fewer, [](const FirstPerson& one) { return one.name == "n.meyer" || one.name == "ward.3"; });
    EXPECT_EQ(start(fewer).events.size(), 3U);
    const auto gone = start(fewer);
    ASSERT_EQ(gone.events.size(), 3U) << "until it is on record it is found again: two badges and an account";
    for (const auto& event : gone.events) EXPECT_TRUE(storage::canonical(1, event));
    ASSERT_TRUE(ward.accounts.save_configured(gone.names));
    EXPECT_TRUE((*ward.accounts.find("n.meyer"))->disabled);
    EXPECT_FALSE((*ward.accounts.find("dr.roy"))->disabled);
    EXPECT_FALSE(ward.is_good("n.meyer"));
    link::OpenEmergency open;
    open.badge = ward.shown("ward.3", Operation::choose_emergency, {}, 3);
    EXPECT_EQ(Office::only(ward.say(open, 3)).outcome, Outcome::refused);

    const auto back = start(people);
    ASSERT_EQ(back.events.size(), 1U);
    EXPECT_EQ(back.events[0].what, "account_changed");
    EXPECT_TRUE(storage::canonical(1, back.events[0]));
    ASSERT_TRUE(ward.accounts.save_configured(back.names));
    EXPECT_FALSE(ward.is_good("n.meyer")) << "a revoked badge stays revoked";
    EXPECT_EQ(ward.log_in("n.meyer", 4).outcome, Outcome::refused) << "the old password is gone";
    EXPECT_EQ(ward.first_password("n.meyer").outcome, Outcome::done);

    ASSERT_EQ(ward.disable("n.meyer").outcome, Outcome::done);
    EXPECT_TRUE(start(people).events.empty());
    EXPECT_TRUE((*ward.accounts.find("n.meyer"))->disabled) << "whom people disabled no restart lets in";
}

// ---- what the second person signs ----

TEST(Desk, TheSecondPersonReadsTheExactChangeAndSignsTheDigestThatTheyReckonedFromIt) {
    Ward ward;
    ward.log_in("dr.roy", 1);
    ward.ask(Operation::bolus_above_limit, link::BolusYes{20'500_mU}, "dr.roy");
    ward.press();
    const auto shown = Office::only(ward.see_changes("n.meyer"));
    const auto change = access::read_change(shown.body, Office::device());
    ASSERT_TRUE(change && *change) << shown.body;
    EXPECT_EQ(in_words(**change, access::Language::english),
              "give a bolus above the patient's limit: 20.5 units. Asked by dr.roy (physician).");
    EXPECT_EQ(ward.approve("n.meyer", (*change)->command).outcome, Outcome::done);
    EXPECT_EQ(ward.hands.done.back(), (std::pair{Operation::bolus_above_limit, std::string{"dr.roy"}}));
    const auto none = access::read_change(Office::only(ward.see_changes("n.meyer")).body, Office::device());
    ASSERT_TRUE(none);
    EXPECT_FALSE(*none);
}

TEST(Desk, AWaitingChangeIsShownToWhoMaySignItOrAskedForItAndToNobodyElse) {
    Ward ward;
    ward.ask(Operation::disable_account, link::AccountWish{bytes<32>("n.meyer")}, "b.lang");
    const auto sees = [&](const std::string& who) {
        const auto said = Office::only(ward.see_changes(who));
        return json::parse(said.body).contains("change");
    };
    EXPECT_TRUE(sees("it.kaya"));
    EXPECT_TRUE(sees("b.lang")) << "their own";
    EXPECT_FALSE(sees("n.meyer"));
    EXPECT_FALSE(sees("dr.roy"));
    EXPECT_EQ(Office::only(ward.say(link::See{.what = link::Shown::changes}, 9)).outcome, Outcome::refused);
    ward.at.now.seconds += access::second_within_s + 1;
    EXPECT_FALSE(sees("it.kaya")) << "it is too late to sign it";
}

/// Whatever somebody between the pump and the second person makes of the change, it is refused or it is the same.
TEST(Desk, ALyingPeerShowsNoChangeOtherThanTheOneThatWouldBeSigned) {
    Ward ward;
    ward.log_in("dr.roy", 1);
    ward.ask(Operation::bolus_above_limit, link::BolusYes{12'000_mU}, "dr.roy");
    ward.press();
    const auto honest = Office::only(ward.see_changes("n.meyer")).body;
    const auto read = [&](const json& told) { return access::read_change(told.dump(), Office::device()); };
    const auto command = (*read(json::parse(honest)))->command;

    auto less = json::parse(honest);  // shows a small bolus, has the large one signed
    const auto small = link::ValueFrames::encode(link::BolusYes{1'000_mU});
    less["change"]["values"] = firmware::hex(small.view());
    EXPECT_FALSE(read(less));
    auto other = json::parse(honest);
    other["change"]["operation"] = "see_state";
    EXPECT_FALSE(read(other));
    for (const auto& [key, value] : json::parse(honest)["change"].items()) {
        auto without = json::parse(honest);
        without["change"].erase(key);
        EXPECT_FALSE(read(without)) << key;
        auto turned = json::parse(honest);
        turned["change"][key] = value.is_number() ? json(value.get<std::uint64_t>() + 1) : json("00");
        const auto said = read(turned);
        EXPECT_TRUE(!said || (*said)->command == command) << key;
        const bool is_signed = key == "sequence" || key == "challenge" || key == "values" || key == "command";
        EXPECT_FALSE(is_signed && said) << key;
    }
    EXPECT_FALSE(access::read_change(honest, DeviceId{'o', 't', 'h', 'e', 'r'})) << "another pump's";

    // A digest that fits what cannot be said in words is not to be signed either.
    auto mute = json::parse(honest);
    const std::array<std::uint8_t, 3> values{'V', 200, 1};
    mute["change"]["values"] = firmware::hex(values);
    mute["change"]["command"] = firmware::hex(
        access::command_digest({.device = Office::device(),
                                .challenge = *array_of_hex<32>(mute["change"]["challenge"].get<std::string>()),
                                .sequence = mute["change"]["sequence"].get<std::uint64_t>(),
                                .operation = Operation::bolus_above_limit,
                                .body = values}));
    EXPECT_FALSE(read(mute));
    for (const char* nonsense : {"", "{}", "[]", "null", R"({"schema":1,"change":7})", R"({"schema":2})"})
        EXPECT_FALSE(access::read_change(nonsense, Office::device())) << nonsense;
}

}  // namespace
}  // namespace basalt::firmware::test
