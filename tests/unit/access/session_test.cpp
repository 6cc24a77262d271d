// Sessions: how long a screen that is left alone stays somebody's.
#include "device/firmware/access/session.h"

#include <gtest/gtest.h>

namespace basalt::access {
namespace {

Session of(std::string account, std::string link) {
    return {.account = std::move(account), .link = std::move(link), .role = Role::nurse, .by_password = true};
}

TEST(Sessions, EndAfterTheIdleTimeOfTheirContextAndNotBefore) {
    for (const auto& [context, limit] :
         {std::pair{Context::home, 1'800U}, std::pair{Context::ward, 600U}, std::pair{Context::emergency, 120U}}) {
        Sessions sessions;
        sessions.open(of("n.martin", "console-1"), Tick{1'000});
        EXPECT_NE(sessions.use("console-1", context, Tick{1'000 + limit - 1}), nullptr);
        EXPECT_NE(sessions.use("console-1", context, Tick{1'000 + 2 * (limit - 1)}),
                  nullptr);  // each request begins it anew
        EXPECT_EQ(sessions.use("console-1", context, Tick{1'000 + 2 * (limit - 1) + limit}), nullptr);
        EXPECT_EQ(sessions.size(), 0U);
        EXPECT_EQ(sessions.use("console-1", context, Tick{1'000}), nullptr);  // it does not come back
    }
}

TEST(Sessions, EndWhenTheUseBecomesAnEmergencyAndTheScreenWasLeftForTwoMinutes) {
    Sessions sessions;
    sessions.open(of("n.martin", "console-1"), Tick{1'000});
    EXPECT_EQ(sessions.use("console-1", Context::emergency, Tick{1'120}), nullptr);
}

TEST(Sessions, ServeTheirOwnLinkAlone) {
    Sessions sessions;
    sessions.open(of("n.martin", "console-1"), Tick{0});
    EXPECT_EQ(sessions.use("console-2", Context::home, Tick{0}), nullptr);
    sessions.open(of("dr.roy", "console-1"), Tick{1});
    EXPECT_EQ(sessions.use("console-1", Context::home, Tick{1})->account, "dr.roy");
    EXPECT_EQ(sessions.size(), 1U);
}

TEST(Sessions, NobodyIsKeptOutBecauseOthersForgotToLogOut) {
    Sessions sessions;
    for (int i = 0; i < 100; ++i)
        sessions.open(of("n.martin", "console-" + std::to_string(i)), Tick{static_cast<std::uint64_t>(i)});
    EXPECT_EQ(sessions.size(), Sessions::most);
    EXPECT_NE(sessions.use("console-99", Context::home, Tick{99}), nullptr);
    EXPECT_EQ(sessions.use("console-83", Context::home, Tick{99}), nullptr);
}

TEST(Sessions, ADisabledAccountIsOutEverywhere) {
    Sessions sessions;
    sessions.open(of("n.martin", "console-1"), Tick{0});
    sessions.open(of("n.martin", "console-2"), Tick{0});
    sessions.open(of("dr.roy", "console-3"), Tick{0});
    sessions.close_all_of("n.martin");
    EXPECT_EQ(sessions.size(), 1U);
    sessions.close("console-3");
    EXPECT_EQ(sessions.size(), 0U);
}

TEST(Sessions, ADefaultSecretThatWasNotChangedYetIsNoFactor) {
    Session session = of("n.martin", "console-1");
    EXPECT_EQ(session.factors(), Factors{Factor::password});
    session.must_change = true;
    EXPECT_EQ(session.factors(), Factors{});
    session.must_change = session.by_password = false;
    EXPECT_EQ(session.factors(), Factors{});
}

}  // namespace
}  // namespace basalt::access
