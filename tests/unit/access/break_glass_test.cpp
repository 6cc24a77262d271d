// Emergency access: who opens it, for what, for how long, and who hears of it.
#include "device/firmware/access/break_glass.h"

#include "device/firmware/access/decide.h"

#include <gtest/gtest.h>

#include <set>

namespace basalt::access {
namespace {

constexpr std::string_view code = "0123-4567-89AB-CDEF";
const EmergencyKeyring by_badge{.presence = true, .badge = EmergencyKeyring::Badge{"dr.roy", true}};

/// Why it was refused; nothing when it was not.
template <class T>
std::optional<EmergencyRefusal> refusal_of(const std::expected<T, EmergencyRefusal>& answer) {
    return answer ? std::nullopt : std::optional{answer.error()};
}

EmergencyAccess opened_at(Tick now, EmergencyAccess state = {}) { return open_emergency(state, by_badge, now)->state; }

bool may(const EmergencyAccess& state, Operation operation, Tick now, Role role = Role::nobody) {
    const Factors factors = emergency_factors(state, operation, "", true, now);
    return decide(operation, context_now(Context::home, state, now), {.role = role, .factors = factors}).allowed();
}

TEST(BreakGlass, OpensByTheHeldButtonWithTheEmergencyBadgeOrTheSealedCodeAndByNothingLess) {
    const EmergencyAccess state = with_code({}, code);
    const EmergencyKeyring::Badge ordinary{"n.martin", false}, emergency{"dr.roy", true};
    EXPECT_TRUE(open_emergency(state, {.presence = true, .badge = emergency}, Tick{9}).has_value());
    EXPECT_TRUE(open_emergency(state, {.presence = true, .code = code}, Tick{9}).has_value());
    EXPECT_TRUE(open_emergency(state, {.presence = true, .badge = ordinary, .code = code}, Tick{9}).has_value());
    EXPECT_EQ(refusal_of(open_emergency(state, {.presence = false, .badge = emergency, .code = code}, Tick{9})),
              EmergencyRefusal::no_presence);
    EXPECT_EQ(refusal_of(open_emergency(state, {.presence = true}, Tick{9})), EmergencyRefusal::no_emergency_badge);
    EXPECT_EQ(refusal_of(open_emergency(state, {.presence = true, .badge = ordinary}, Tick{9})),
              EmergencyRefusal::no_emergency_badge);
    EXPECT_EQ(refusal_of(open_emergency(state, {.presence = true, .code = "0123-4567-89AB-CDEE"}, Tick{9})),
              EmergencyRefusal::wrong_code);
    EXPECT_EQ(refusal_of(open_emergency({}, {.presence = true, .code = code}, Tick{9})), EmergencyRefusal::no_code);
    EXPECT_EQ(refusal_of(open_emergency({}, {.presence = true, .code = "-"}, Tick{9})), EmergencyRefusal::no_code);
}

TEST(BreakGlass, ACodeWorksOnceHoweverItIsTyped) {
    const EmergencyAccess state = with_code({}, code);
    for (const std::string_view typed :
         {"0123456789abcdef", " o123 4567 89ab cdef", "OI23-4567-89AB-CDEF", "0l23-4567-89AB-CDEF"}) {
        const auto first = open_emergency(state, {.presence = true, .code = typed}, Tick{9});
        ASSERT_TRUE(first.has_value()) << typed;
        EXPECT_EQ(
            refusal_of(open_emergency(first->state, {.presence = true, .code = typed}, Tick{9 + emergency_lasts_s})),
            EmergencyRefusal::no_code);
        EXPECT_EQ(refusal_of(open_emergency(close_emergency(first->state, Tick{10}), {.presence = true, .code = typed},
                                            Tick{11})),
                  EmergencyRefusal::no_code);
        EXPECT_TRUE(open_emergency(with_code(first->state, "ZZZZ-0000-0000-0000"),
                                   {.presence = true, .code = "ZZZZ-0000-0000-0000"}, Tick{11})
                        .has_value());
    }
}

TEST(BreakGlass, TheCodeOfAnOpenUseMovesItToAnotherLinkAndMakesNothingOfItLongerOrMore) {
    const EmergencyKeyring typed{.presence = true, .link = "before", .code = code};
    EmergencyKeyring again = typed;
    again.link = "after";
    EmergencyAccess state = with_bolus_given(open_emergency(with_code({}, code), typed, Tick{100})->state, Tick{200});
    for (std::uint64_t now = 300; now < 100 + emergency_lasts_s; now += 300) {
        const auto taken_up = open_emergency(state, again, Tick{now});
        ASSERT_TRUE(taken_up && taken_up->again) << now;
        EXPECT_EQ(taken_up->use, 1U);
        EXPECT_EQ(taken_up->until_s, 100 + emergency_lasts_s);
        EXPECT_FALSE(taken_up->alert);
        state = taken_up->state;
        EXPECT_TRUE(emergency_factors(state, Operation::resume_delivery, "before", false, Tick{now}).empty());
        EXPECT_FALSE(emergency_factors(state, Operation::resume_delivery, "after", false, Tick{now}).empty());
        EXPECT_TRUE(emergency_factors(state, Operation::bolus_within_limit, "after", false, Tick{now}).empty());
    }
    again.presence = false;
    EXPECT_EQ(refusal_of(open_emergency(state, again, Tick{500})), EmergencyRefusal::no_presence);
    EXPECT_EQ(open_use(state, Tick{100 + emergency_lasts_s}), nullptr);
    // Another use is the newest now: the code is none of it.
    EXPECT_EQ(refusal_of(open_emergency(opened_at(Tick{600}, state), typed, Tick{700})), EmergencyRefusal::no_code);
}

TEST(BreakGlass, ACodeHoldsAllItsEightyBits) {
    std::set<std::string> codes;
    for (std::size_t bit = 0; bit < 80; ++bit) {
        std::array<std::uint8_t, 10> random{};
        random[bit / 8] = static_cast<std::uint8_t>(1U << bit % 8);
        codes.insert(emergency_code(random));
    }
    EXPECT_EQ(codes.size(), 80U);
    EXPECT_EQ(emergency_code({}), "0000-0000-0000-0000");
    EXPECT_EQ(emergency_code({0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 1}), "ZZZZ-ZZZZ-0000-0001");
}

TEST(BreakGlass, OpensItsFixedSetAndNothingElseForAnybody) {
    const Tick now{1'000};
    const EmergencyAccess state = opened_at(now);
    const std::set<Operation> fixed{
        Operation::see_glucose,          Operation::see_state,         Operation::see_alarms,
        Operation::see_history,          Operation::acknowledge_alarm, Operation::pause_audio,
        Operation::stop_delivery,        Operation::resume_delivery,   Operation::bolus_within_limit,
        Operation::temporary_basal_down, Operation::choose_emergency};
    for (std::size_t i = 0; i < operation_count; ++i) {
        const auto operation = static_cast<Operation>(i);
        EXPECT_EQ(may(state, operation, now), fixed.contains(operation)) << word(operation).key;
        EXPECT_TRUE(may(state, operation, now, Role::auditor) || !fixed.contains(operation));
    }
}

TEST(BreakGlass, FallsBackAfterThirtyMinutesOrWhenItIsClosed) {
    const EmergencyAccess state = opened_at(Tick{1'000});
    EXPECT_TRUE(may(state, Operation::resume_delivery, Tick{1'000 + 1'799}));
    EXPECT_FALSE(may(state, Operation::resume_delivery, Tick{1'000 + 1'800}));
    EXPECT_EQ(context_now(Context::ward, state, Tick{1'000 + 1'799}), Context::emergency);
    EXPECT_EQ(context_now(Context::ward, state, Tick{1'000 + 1'800}), Context::ward);
    EXPECT_EQ(open_use(state, Tick{999}), nullptr);
    const EmergencyAccess closed = close_emergency(state, Tick{1'100});
    EXPECT_FALSE(may(closed, Operation::resume_delivery, Tick{1'101}));
    EXPECT_TRUE(may(opened_at(Tick{1'102}, closed), Operation::resume_delivery, Tick{1'103}));
}

TEST(BreakGlass, GivesOneBolusEachTimeItIsOpened) {
    const EmergencyAccess state = with_bolus_given(opened_at(Tick{1'000}), Tick{1'010});
    EXPECT_FALSE(may(state, Operation::bolus_within_limit, Tick{1'011}));
    EXPECT_TRUE(may(state, Operation::resume_delivery, Tick{1'011}));
    EXPECT_TRUE(may(opened_at(Tick{1'012}, state), Operation::bolus_within_limit, Tick{1'013}));
}

TEST(BreakGlass, ServesTheLinkThatOpenedItAndWhoeverStandsAtThePump) {
    EmergencyKeyring over_link = by_badge;
    over_link.link = "console-3";
    const Tick now{1'000};
    const EmergencyAccess state = open_emergency({}, over_link, now)->state;
    const auto factors = [&](std::string_view link, bool at_pump) {
        return emergency_factors(state, Operation::resume_delivery, link, at_pump, now);
    };
    EXPECT_EQ(factors("console-3", false), Factors{Factor::break_glass});
    EXPECT_EQ(factors("console-4", false), Factors{});
    EXPECT_EQ(factors("", false), Factors{});
    EXPECT_EQ(factors("", true), Factors{Factor::break_glass});
    EXPECT_EQ(emergency_factors(opened_at(now), Operation::resume_delivery, "", false, now), Factors{});
}

TEST(BreakGlass, IsNeverRefusedForBeingUsedOftenAndTheFourthInADayRaisesAnAlert) {
    EmergencyAccess state;
    for (std::uint64_t i = 0; i < 40; ++i) {
        const auto opened = open_emergency(state, by_badge, Tick{1'000 + i});
        ASSERT_TRUE(opened.has_value());
        EXPECT_EQ(opened->alert, i >= 3) << i;
        state = opened->state;
    }
    EXPECT_EQ(open_reviews(state, Tick{2'000}).size(), 12U);
    EXPECT_EQ(state.unreviewed_dropped, 28U);
    const auto at = [&](std::uint64_t second) { return open_emergency(state, by_badge, Tick{second})->alert; };
    EXPECT_TRUE(at(1'037 + 86'399));  // the third before it was 86 399 s ago
    EXPECT_FALSE(at(1'037 + 86'400));
}

TEST(BreakGlass, IsReviewedByNameBySomebodyElseWithinThreeDays) {
    const Tick at{1'000};
    EmergencyAccess state = opened_at(at);
    EXPECT_EQ(refusal_of(review_emergency(state, 1, "dr.roy", at)), EmergencyRefusal::own_use);
    EXPECT_EQ(refusal_of(review_emergency(state, 1, "", at)), EmergencyRefusal::no_name);
    EXPECT_EQ(refusal_of(review_emergency(state, 1, std::string(33, 'x'), at)), EmergencyRefusal::no_name);
    EXPECT_EQ(refusal_of(review_emergency(state, 2, "a.petit", at)), EmergencyRefusal::no_such_use);
    EXPECT_EQ(refusal_of(review_emergency(state, 0, "a.petit", at)), EmergencyRefusal::no_such_use);
    ASSERT_EQ(open_reviews(state, at + 72 * 3600).size(), 1U);
    EXPECT_FALSE(open_reviews(state, at + 72 * 3600)[0].overdue);
    EXPECT_TRUE(open_reviews(state, at + (72 * 3600 + 1))[0].overdue);
    state = *review_emergency(state, 1, "a.petit", at + 60);
    EXPECT_TRUE(open_reviews(state, at + 400'000).empty());
    EXPECT_EQ(refusal_of(review_emergency(state, 1, "b.autre", at)), EmergencyRefusal::reviewed);
}

TEST(BreakGlass, AReviewedUseGivesWayBeforeOneThatStillWaits) {
    EmergencyAccess state;
    for (std::uint64_t i = 0; i < 12; ++i) state = opened_at(Tick{i}, state);
    state = *review_emergency(state, 7, "a.petit", Tick{20});
    state = opened_at(Tick{30}, state);
    EXPECT_EQ(state.unreviewed_dropped, 0U);
    EXPECT_EQ(open_reviews(state, Tick{31}).size(), 12U);
    EXPECT_EQ(open_reviews(state, Tick{31}).front().use.number, 1U);
}

TEST(BreakGlass, ItsStateOutlivesAPowerCutAsBytes) {
    EmergencyKeyring full = by_badge;
    full.link = "abcdefghijklmnopqrstuvwxyz012345";
    full.badge->holder = full.link;
    EmergencyAccess state = with_code({}, code);
    for (std::uint64_t i = 0; i < 12; ++i) state = open_emergency(state, full, Tick{i})->state;
    for (std::uint32_t i = 1; i <= 12; ++i)
        state = *review_emergency(state, i, "abcdefghijklmnopqrstuvwxyz01234X", Tick{99});
    const EncodedFrame stored = EmergencyFrames::encode(state);
    ASSERT_GT(stored.size, 1'000U);
    const auto read = EmergencyFrames::decode(stored.view());
    ASSERT_TRUE(read.has_value());
    EXPECT_TRUE(std::ranges::equal(EmergencyFrames::encode(std::get<EmergencyAccess>(*read)).view(), stored.view()));
    EXPECT_TRUE(may(std::get<EmergencyAccess>(*read), Operation::resume_delivery, Tick{100}));
}

TEST(BreakGlass, EveryRefusalHasItsWordsInBothLanguages) {
    std::set<std::string_view> all;
    for (unsigned i = 0; i <= 8; ++i)
        for (const Language language : {Language::english, Language::french}) {
            const auto words = in_words(static_cast<EmergencyRefusal>(i), language);
            EXPECT_TRUE(words.ends_with('.'));
            EXPECT_TRUE(all.insert(words).second) << words;
        }
}

}  // namespace
}  // namespace basalt::access
