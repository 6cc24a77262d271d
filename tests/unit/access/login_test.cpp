// Logging in: what is stored of a password, what a thief of it has, and what a log-in costs and tells.
#include "device/firmware/access/login.h"

#include "tests/unit/access/soft_pepper.h"

#include <gtest/gtest.h>

namespace basalt::access {
namespace {

constexpr HashCost quick{.memory_kib = 32, .passes = 1, .lanes = 1};
constexpr std::string_view secret = "vier kleine enten";

/// Why nobody is in; nothing when somebody is.
std::optional<LoginRefused::Reason> reason_of(const std::expected<LoggedIn, LoginRefused>& answer) {
    return answer ? std::nullopt : std::optional{answer.error().reason};
}

class Login : public testing::Test {
  protected:
    Login() { give("n.martin", secret); }
    void give(std::string name, std::string_view password, bool must_change = false) {
        Account account;
        account.name = account.shown = std::move(name);
        account.roles = Role::nurse;
        account.password = *store(*Password::typed(password), Salt{1, 2, 3}, quick, pepper_);
        account.must_change = must_change;
        accounts_.accounts[account.name] = account;
    }
    auto log_in(std::string_view name, std::string_view password, std::uint64_t now_s,
                std::string_view link = "console-1", bool presence = false) {
        accounts_.trace.clear();
        pepper_.calls = 0;
        return access::log_in(tools_, {name, password, link, presence}, rules_, Tick{now_s});
    }
    test::SoftPepper pepper_{7};
    test::MemoryAccounts accounts_;
    std::uint8_t next_salt_ = 40;
    PasswordRules rules_;
    LoginTools tools_{accounts_, pepper_, [this]() -> Result<Salt> { return Salt{next_salt_++}; }, quick};
};

TEST_F(Login, ARightPasswordIsInAndTellsOfTheLastTimeAndOfTheFailedTriesSince) {
    auto in = log_in("n.martin", secret, 100);
    ASSERT_TRUE(in.has_value());
    EXPECT_EQ(in->last_login_s, std::nullopt);
    EXPECT_EQ(in->roles, Roles{Role::nurse});
    EXPECT_FALSE(in->must_change);
    EXPECT_FALSE(log_in("n.martin", "vier kleine Enten", 200, "console-2").has_value());
    EXPECT_FALSE(log_in("n.martin", "x", 201, "console-2").has_value());
    in = log_in("n.martin", secret, 300, "");
    ASSERT_TRUE(in.has_value());
    EXPECT_EQ(in->last_login_s, 100U);
    EXPECT_EQ(in->last_login_from, "console-1");
    EXPECT_EQ(in->failed_since, 2U);
    in = log_in("n.martin", secret, 400);
    EXPECT_EQ(in->failed_since, 0U);
    EXPECT_EQ(in->last_login_from, "pump");
}

TEST_F(Login, AStolenTableHasNothingToGuessWithoutThePepper) {
    const StoredPassword stolen = accounts_.accounts["n.martin"].password;
    test::SoftPepper thiefs{8};
    // The thief even knows the right password: with another key it does not show that it is right.
    EXPECT_FALSE(*fits(*Password::typed(secret), stolen, thiefs));
    EXPECT_TRUE(*fits(*Password::typed(secret), stolen, pepper_));
    EXPECT_EQ(thiefs.calls, 1);
}

TEST_F(Login, OnePasswordIsStoredInAnotherWayForEachAccount) {
    const auto a = store(*Password::typed(secret), Salt{1}, quick, pepper_),
               b = store(*Password::typed(secret), Salt{2}, quick, pepper_);
    EXPECT_NE(a->tag, b->tag);
}

TEST_F(Login, TheHashIsArgon2idOfNineteenMebibytesAndTwoPasses) {
    EXPECT_EQ(present_cost, (HashCost{19'456, 2, 1}));
    // Each parameter makes another tag: none is forgotten on the way.
    const auto tag = [&](HashCost cost) { return store(*Password::typed(secret), Salt{1}, cost, pepper_)->tag; };
    const Digest first = tag(quick);
    EXPECT_NE(first, tag({64, 1, 1}));
    EXPECT_NE(first, tag({32, 2, 1}));
    EXPECT_NE(first, tag({32, 1, 2}));
    EXPECT_TRUE(
        *fits(*Password::typed(secret), *store(*Password::typed(secret), Salt{1}, present_cost, pepper_), pepper_));
}

TEST_F(Login, ADamagedCostStopsTheLogInAndNotTheDevice) {
    for (const HashCost cost :
         {HashCost{0, 1, 1}, HashCost{UINT32_MAX, 1, 1}, HashCost{256 * 1024 + 1, 1, 1}, HashCost{32, 0, 1},
          HashCost{32, 17, 1}, HashCost{32, 1, 0}, HashCost{32, 1, 5}, HashCost{15, 1, 2}}) {
        accounts_.accounts["n.martin"].password.cost = cost;
        accounts_.doors.clear();
        const auto in = log_in("n.martin", secret, 100);
        ASSERT_FALSE(in.has_value());
        EXPECT_EQ(in.error().reason, LoginRefused::Reason::failure);
        EXPECT_FALSE(in_words(in.error(), Language::english).empty());
    }
}

TEST_F(Login, AnUnknownOrDisabledAccountCostsTheSameWorkAsAWrongPassword) {
    const auto wrong = log_in("n.martin", "falsch falsch", 100);
    const std::string trace = accounts_.trace;
    EXPECT_EQ(trace, "ddDfs");
    EXPECT_EQ(pepper_.calls, 1);
    give("b.gone", secret);
    accounts_.accounts["b.gone"].disabled = true;
    const auto same = [&](std::string_view name, std::string_view password) {
        const auto refused = log_in(name, password, 100, "console-7");
        ASSERT_FALSE(refused.has_value());
        EXPECT_EQ(accounts_.trace, trace) << name;
        EXPECT_EQ(pepper_.calls, 1) << name;
        EXPECT_EQ(in_words(refused.error(), Language::french), in_words(wrong.error(), Language::french)) << name;
        accounts_.doors.clear();
    };
    same("who.is.it", secret);
    same("who.is.it", "\xFF");
    same("", "");
    same("-", secret);
    same("-", "-");
    same("b.gone", secret);
    same("n.martin", "\xFF");
    same("n.martin", "");
    same(std::string(100'000, 'a'), std::string(100'000, 'b'));
    EXPECT_EQ(accounts_.accounts["-"].password.tag, Digest{});
}

TEST_F(Login, TheTryIsStoredBeforeThePasswordIsLookedAt) {
    pepper_.gone = true;  // as if the power went while it was looked at
    EXPECT_EQ(reason_of(log_in("n.martin", secret, 100)), LoginRefused::Reason::failure);
    EXPECT_EQ(accounts_.doors[door_of(DoorKind::account, "n.martin").number()], (Door{1, 100}));
    pepper_.gone = false;
    accounts_.full = true;  // what cannot be counted is not tried
    EXPECT_EQ(reason_of(log_in("n.martin", secret, 100)), LoginRefused::Reason::failure);
    EXPECT_EQ(pepper_.calls, 0);
}

TEST_F(Login, RightPasswordsAreNeverCounted) {
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(log_in("n.martin", secret, 100).has_value());
    EXPECT_EQ(accounts_.doors[door_of(DoorKind::account, "n.martin").number()], Door{});
    EXPECT_EQ(accounts_.doors[door_of(DoorKind::link, "console-1").number()], Door{});
}

TEST_F(Login, AfterThreeWrongPasswordsTheRightOneWaitsAsWell) {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(reason_of(log_in("n.martin", "falsch", 100)), LoginRefused::Reason::wrong);
    const auto held = log_in("n.martin", secret, 101);
    ASSERT_FALSE(held.has_value());
    EXPECT_EQ(held.error().reason, LoginRefused::Reason::hold);
    EXPECT_EQ(held.error().hold, (Hold{.wait_s = 1}));
    EXPECT_EQ(pepper_.calls, 0);
    EXPECT_EQ(accounts_.trace.find('D'), std::string::npos);  // a try that is held is not counted
    EXPECT_TRUE(log_in("n.martin", secret, 102).has_value());
}

TEST_F(Login, AnAttackerOnTheNetworkMakesNobodyWaitAtThePump) {
    for (std::uint64_t i = 0; i < 5'000; ++i) (void)log_in("n.martin", "falsch", 100 + i, "");
    EXPECT_FALSE(log_in("n.martin", secret, 5'101).has_value());
    EXPECT_TRUE(log_in("n.martin", secret, 5'101, "", true).has_value());
    // And who guesses at the pump waits there too.
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(log_in("n.martin", "falsch", 6'000, "", true).has_value());
    EXPECT_EQ(reason_of(log_in("n.martin", secret, 6'001, "", true)), LoginRefused::Reason::hold);
}

TEST_F(Login, ALinkThatGuessesAtManyNamesIsSlowedAsALink) {
    int tried = 0;
    for (int i = 0; i < 50; ++i) {
        (void)log_in("name" + std::to_string(i), "x", 100);
        tried += pepper_.calls;
    }
    EXPECT_EQ(tried, 3);
    EXPECT_TRUE(log_in("n.martin", secret, 100, "console-2").has_value());
    // A right password of its own buys it no new guesses.
    EXPECT_TRUE(log_in("n.martin", secret, 102).has_value());
    EXPECT_FALSE(log_in("name77", "x", 102).has_value());
    EXPECT_EQ(reason_of(log_in("name78", "x", 103)), LoginRefused::Reason::hold);
}

TEST_F(Login, ADefaultSecretForcesAChangeAtTheFirstLogIn) {
    give("admin.one", "made in the factory", true);
    EXPECT_TRUE(log_in("admin.one", "made in the factory", 100)->must_change);
    Account account = accounts_.accounts["admin.one"];
    const std::vector<std::string> place{"PUMP-4711"};
    EXPECT_FALSE(
        choose_password(tools_, account, *Password::typed("made in the factory"), rules_, true, place, Tick{101})
            .has_value());
    EXPECT_FALSE(
        choose_password(tools_, account, *Password::typed("admin.one PUMP-4711"), rules_, true, place, Tick{101})
            .has_value());
    EXPECT_TRUE(accounts_.accounts["admin.one"].must_change);
    ASSERT_TRUE(
        choose_password(tools_, account, *Password::typed("grüne Boote am Steg"), rules_, true, place, Tick{101})
            .has_value());
    EXPECT_FALSE(log_in("admin.one", "grüne Boote am Steg", 102)->must_change);
    EXPECT_FALSE(log_in("admin.one", "made in the factory", 103).has_value());
}

TEST_F(Login, AnEarlierPasswordComesBackOnlyWhereTheHistoryHasForgottenIt) {
    rules_.history = 2;
    Account account = accounts_.accounts["n.martin"];
    const auto choose = [&](std::string_view text) {
        return choose_password(tools_, account, *Password::typed(text), rules_, true, {}, Tick{1}).has_value();
    };
    EXPECT_FALSE(choose(secret));
    EXPECT_TRUE(choose("grüne Boote am Steg"));
    EXPECT_FALSE(choose(secret));
    EXPECT_TRUE(choose("blaue Segel im Wind"));
    EXPECT_FALSE(choose(secret));
    EXPECT_TRUE(choose("rote Fahnen am Turm"));
    EXPECT_TRUE(choose(secret));
    EXPECT_EQ(account.earlier.size(), 2U);
}

TEST_F(Login, RenewalIsAskedForOnlyWhereASettingSaysSo) {
    const std::uint64_t day = 86'400;
    EXPECT_FALSE(log_in("n.martin", secret, 1'000 * day)->must_change);
    rules_.renew_after_days = 90;
    EXPECT_FALSE(log_in("n.martin", secret, 90 * day - 1)->must_change);
    EXPECT_TRUE(log_in("n.martin", secret, 90 * day)->must_change);
}

TEST_F(Login, ARaisedCostIsTakenOverAtTheNextLogIn) {
    tools_.cost = HashCost{64, 2, 1};
    const auto before = accounts_.accounts["n.martin"].password;
    EXPECT_FALSE(log_in("n.martin", "falsch", 100).has_value());
    EXPECT_EQ(accounts_.accounts["n.martin"].password, before);
    ASSERT_TRUE(log_in("n.martin", secret, 101).has_value());
    const auto after = accounts_.accounts["n.martin"].password;
    EXPECT_EQ(after.cost, tools_.cost);
    EXPECT_NE(after.salt, before.salt);
    EXPECT_TRUE(log_in("n.martin", secret, 102).has_value());
}

TEST_F(Login, WhatIsNoTextIsNobodysPasswordEvenWhereSomebodysIsADash) {
    give("dash", "-");
    EXPECT_FALSE(log_in("dash", "\xFF", 100).has_value());
    EXPECT_TRUE(log_in("dash", "-", 100).has_value());
}

TEST_F(Login, AnAccountWithoutAPasswordIsNobodysByAnyPassword) {
    accounts_.accounts["n.martin"].password = {};
    for (const std::string_view text : {std::string_view{""}, std::string_view{"-"}, secret})
        EXPECT_FALSE(log_in("n.martin", text, 100).has_value());
}

}  // namespace
}  // namespace basalt::access
