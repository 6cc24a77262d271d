// How long wrong passwords make somebody wait, to the second, and whom they never make wait.
#include "device/firmware/access/throttle.h"

#include "device/firmware/access/break_glass.h"
#include "device/firmware/access/decide.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace basalt::access {
namespace {

/// Why no try was taken; nothing when one was.
std::optional<Hold> hold_of(const std::expected<Door, Hold>& answer) {
    return answer ? std::nullopt : std::optional{answer.error()};
}

Door after_failures(std::uint32_t failures, DoorKind kind = DoorKind::account) {
    Door door;
    Tick now{1'000};
    while (door.failures < failures) {
        const auto next = charge(door, kind, now);
        if (next)
            door = *next;
        else
            now = now + next.error().wait_s;
    }
    return door;
}

TEST(Throttle, ThreeTriesAreFreeThenTheWaitDoublesFromTwoSecondsToFiveMinutes) {
    const std::uint64_t waits[]{0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300};
    for (std::uint32_t failures = 0; failures < std::size(waits); ++failures) {
        const Door door = after_failures(failures);
        const Tick last{door.charged_at_s};
        EXPECT_EQ(charge(door, DoorKind::account, last).has_value(), waits[failures] == 0) << failures;
        EXPECT_TRUE(charge(door, DoorKind::account, last + waits[failures]).has_value()) << failures;
        if (waits[failures] == 0) continue;
        EXPECT_EQ(hold_of(charge(door, DoorKind::account, last + (waits[failures] - 1))), (Hold{.wait_s = 1}))
            << failures;
    }
    EXPECT_EQ(wait_after(UINT32_MAX), 300U);
}

TEST(Throttle, ATryIsCountedBeforeItsAnswerSoAPowerCutTakesNothingBack) {
    // Whoever cuts the power after each answer finds the door as it was stored before the answer.
    Door stored;
    const Tick now{50};
    for (int tries = 0; tries < 3; ++tries) {
        const auto charged = charge(stored, DoorKind::account, now);
        ASSERT_TRUE(charged.has_value());
        stored = *charged;  // stored; now the power goes
    }
    EXPECT_EQ(hold_of(charge(stored, DoorKind::account, now)), (Hold{.wait_s = 2}));
}

TEST(Throttle, AClockThatIsWrongHoldsNobodyForLongerThanTheLongestWait) {
    const Door door{.failures = 50, .charged_at_s = UINT64_MAX};
    EXPECT_EQ(hold_of(charge(door, DoorKind::account, Tick{0})), (Hold{.wait_s = 300}));
    EXPECT_TRUE(charge({50, 0}, DoorKind::account, Tick{UINT64_MAX}).has_value());
    EXPECT_EQ(charge({UINT32_MAX, 0}, DoorKind::account_at_pump, Tick{UINT64_MAX})->failures, UINT32_MAX);
}

TEST(Throttle, ARightPasswordClearsTheAccountAndBuysNoGuessesOnTheLink) {
    const Door account = after_failures(5), link = after_failures(5, DoorKind::link);
    EXPECT_EQ(after_success(account, DoorKind::account), Door{});
    EXPECT_EQ(after_success(account, DoorKind::account_at_pump), Door{});
    EXPECT_EQ(after_success(link, DoorKind::link), link);
}

TEST(Throttle, AQuietLinkIsForgivenOneFailureInFiveMinutesAndAnAccountNone) {
    const Door door{.failures = 6, .charged_at_s = 1'000};  // waits 16 s
    EXPECT_EQ(charge(door, DoorKind::link, Tick{1'016})->failures, 7U);
    EXPECT_EQ(charge(door, DoorKind::link, Tick{1'016 + 299})->failures, 7U);
    EXPECT_EQ(charge(door, DoorKind::link, Tick{1'016 + 300})->failures, 6U);
    EXPECT_EQ(charge(door, DoorKind::link, Tick{1'016 + 100'000})->failures, 1U);
    EXPECT_EQ(charge(door, DoorKind::account, Tick{1'016 + 100'000})->failures, 7U);
}

TEST(Throttle, AfterAHundredFailuresOverTheNetworkThePasswordIsTakenAtThePumpAlone) {
    const Door door = after_failures(100);
    EXPECT_EQ(hold_of(charge(door, DoorKind::account, Tick{door.charged_at_s + 100'000})),
              (Hold{.only_at_pump = true}));
    const Door at_pump = after_failures(100, DoorKind::account_at_pump);
    EXPECT_TRUE(charge(at_pump, DoorKind::account_at_pump, Tick{at_pump.charged_at_s + 300}).has_value());
    EXPECT_NE(door_of(DoorKind::account, "claire").number(), door_of(DoorKind::account_at_pump, "claire").number());
}

TEST(Throttle, ANameThatNoAccountHasHasADoorLikeAnyOther) {
    std::set<std::uint16_t> numbers;
    for (int i = 0; i < 10'000; ++i)
        for (const DoorKind kind : {DoorKind::account, DoorKind::account_at_pump, DoorKind::link})
            numbers.insert(door_of(kind, "name" + std::to_string(i)).number());
    EXPECT_EQ(numbers.size(), door_count);  // invented names fill these and no more
    EXPECT_EQ(*numbers.rbegin(), door_count - 1);
}

TEST(Throttle, WrongPasswordsAtSpeedNeverHoldUpTheButtonOrEmergencyAccess) {
    Door account, link;
    EmergencyAccess emergency = with_code({}, "0123-4567-89AB-CDEF");
    for (std::uint64_t i = 0; i < 10'000; ++i) {
        const Tick now{i / 100};  // a hundred a second
        if (const auto next = charge(account, DoorKind::account, now)) account = *next;
        if (const auto next = charge(link, DoorKind::link, now)) link = *next;
        ASSERT_FALSE(open_emergency(emergency, {.presence = true, .code = "0000-0000-0000-0000"}, now).has_value());
    }
    EXPECT_GT(account.failures, 5U);
    const Tick now{100};
    EXPECT_FALSE(charge(account, DoorKind::account, now).has_value());
    EXPECT_TRUE(decide(Operation::stop_delivery, Context::ward, {.factors = Factor::presence}).allowed());
    const auto opened = open_emergency(emergency, {.presence = true, .code = "0123-4567-89AB-CDEF"}, now);
    ASSERT_TRUE(opened.has_value());
    const Factors factors = emergency_factors(opened->state, Operation::resume_delivery, "", true, now);
    EXPECT_TRUE(decide(Operation::resume_delivery, context_now(Context::home, opened->state, now), {.factors = factors})
                    .allowed());
}

TEST(Throttle, AHoldSaysHowLongAndWhatStillWorks) {
    EXPECT_EQ(
        in_words(Hold{.wait_s = 16}, Language::english),
        "Several passwords were wrong. Wait 16 s, then try again. The pump's button and emergency access still work.");
    EXPECT_NE(in_words(Hold{.only_at_pump = true}, Language::french).find("à la pompe même"), std::string::npos);
}

}  // namespace
}  // namespace basalt::access
