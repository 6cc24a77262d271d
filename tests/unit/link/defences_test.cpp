// The eight decisions of production, each at its edges, and that no switch moves them.
#include "device/link/defences.h"

#include <gtest/gtest.h>

namespace basalt::link::test {
namespace {

constexpr std::uint64_t the_end = UINT64_MAX;

/// With every switch thrown production decides the same.
template <class Decision>
void expect_always(bool expected, Decision decision, const char* what) {
    EXPECT_EQ(decision(0U), expected) << what;
    EXPECT_EQ(decision(all_link_defences), expected) << what << ", switched off";
    EXPECT_EQ(decision(UINT32_MAX), expected) << what << ", every bit";
}

TEST(LinkDefences, TheSequenceNumberIsTheNextOneAndNoOther) {
    for (const auto& [expected, got, fits] :
         {std::tuple{5U, 5U, true}, {5U, 4U, false}, {5U, 6U, false}, {5U, 0U, false}})
        expect_always(fits, [&](auto off) { return in_sequence(expected, got, off); }, "sequence");
}

TEST(LinkDefences, ATimeStampIsLaterThanTheLastAndNeitherOldNorFromTheFuture) {
    struct Case {
        Stamp before, got;
        Now now;
        bool fits;
    };
    for (const auto& [before, got, now, fits] :
         std::initializer_list<Case>{{{{99}, 1}, {{100}, 1}, Tick{100}, true},
                                     {{{100}, 1}, {{100}, 2}, Tick{100}, true},
                                     {{{100}, 1}, {{100}, 1}, Tick{100}, false},  // the same again
                                     {{{100}, 2}, {{100}, 1}, Tick{100}, false},  // in the wrong order
                                     {{{101}, 1}, {{100}, 9}, Tick{101}, false},
                                     {{}, {{100}, 1}, Tick{100 + fresh_s}, true},
                                     {{}, {{100}, 1}, Tick{100 + fresh_s + 1}, false},  // too old
                                     {{}, {{100 + ahead_s}, 1}, Tick{100}, true},
                                     {{}, {{100 + ahead_s + 1}, 1}, Tick{100}, false},  // from the future
                                     {{}, {{100}, 1}, {{105}, {200}}, true},  // a client that is not sure of the time
                                     {{}, {{150}, 1}, {{105}, {200}}, true},
                                     {{}, {{94}, 1}, {{105}, {200}}, false},
                                     {{}, {{203}, 1}, {{105}, {200}}, false},
                                     {{}, {{the_end}, 1}, Tick{100}, false},  // nothing wraps
                                     {{}, {{0}, 1}, Tick{the_end}, false},
                                     {{}, {{the_end}, 1}, Tick{the_end}, true}})
        expect_always(fits, [&](auto off) { return is_timely(before, got, now, off); }, "time stamp");
}

TEST(LinkDefences, ADeadlineHoldsToItsLastSecond) {
    for (const auto& [now, deadline, fits] : {std::tuple{99U, 100U, true}, {100U, 100U, true}, {101U, 100U, false}})
        expect_always(fits, [&](auto off) { return in_time(now, deadline, off); }, "time-out");
}

TEST(LinkDefences, BothAddressesCount) {
    const Addresses right{{1}, {2}};
    for (const auto& [got, fits] : {std::pair{right, true},
                                    {Addresses{{1}, {3}}, false},
                                    {Addresses{{3}, {2}}, false},
                                    {Addresses{{2}, {1}}, false}})
        expect_always(fits, [&](auto off) { return is_addressed(right, got, off); }, "addresses");
}

TEST(LinkDefences, FeedbackNamesOnlyWhatWasSentAndNeverLessThanBefore) {
    for (const auto& [named, sent, got, fits] : {std::tuple{5U, 9U, 5U, true},
                                                 {5U, 9U, 9U, true},
                                                 {5U, 9U, 7U, true},
                                                 {5U, 9U, 10U, false},
                                                 {5U, 9U, 4U, false}})
        expect_always(fits, [&](auto off) { return fits_feedback(named, sent, got, off); }, "feedback");
}

TEST(LinkDefences, IdentificationSafetyCodeAndCryptographyHaveNoMaybe) {
    for (const bool proven : {false, true})
        expect_always(proven, [&](auto off) { return is_identified(proven, off); }, "identification");
    expect_always(true, [](auto off) { return is_undamaged(7, 7, off); }, "safety code");
    expect_always(false, [](auto off) { return is_undamaged(7, 8, off); }, "safety code");
    expect_always(true, [](auto off) { return is_encrypted(off); }, "cryptography");
}

}  // namespace
}  // namespace basalt::link::test
