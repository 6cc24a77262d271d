// What people and logs are told of a session, and the time that a client counts.
#include "device/link/client_end.h"

#include <gtest/gtest.h>

#include <set>

namespace basalt::link::test {
namespace {

bool is_a_sentence(std::string_view words) { return words.size() > 20 && words.ends_with('.'); }

TEST(LinkWords, EachDropHasItsOwnIdAndASentenceInBothLanguages) {
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < drop_count; ++i) {
        const DropRow& row = row_of(static_cast<Drop>(i));
        EXPECT_TRUE(seen.insert(row.id).second) << row.id;
        EXPECT_TRUE(is_a_sentence(row.english)) << row.id;
        EXPECT_TRUE(is_a_sentence(row.french)) << row.id;
    }
}

TEST(LinkWords, EachStateOfKnowledgeHasASentenceInBothLanguages) {
    std::set<std::string_view> seen;
    for (const auto state : {CommandState::waiting, CommandState::done, CommandState::refused, CommandState::not_done,
                             CommandState::unknown}) {
        const StateWords words = in_words(state);
        EXPECT_TRUE(is_a_sentence(words.english) && is_a_sentence(words.french));
        EXPECT_TRUE(seen.insert(words.english).second && seen.insert(words.french).second);
    }
    EXPECT_NE(in_words(CommandState::unknown).english.find("may have done it"), std::string_view::npos);
    EXPECT_NE(in_words(CommandState::unknown).english.find("last dose"), std::string_view::npos);
}

TEST(DropCounts, CountEachReasonByItself) {
    DropCounts counts;
    counts.add(Drop::forged);
    counts.add(Drop::forged);
    counts.add(Drop::false_pump);
    EXPECT_EQ(counts.of(Drop::forged), 2U);
    EXPECT_EQ(counts.of(Drop::stale), 0U);
    EXPECT_EQ(counts.total(), 3U);
}

TEST(DeviceClock, HoldsTheTrueTimeBetweenItsBoundsWhateverTheClientsClockShows) {
    std::uint64_t device_s = 5'000;
    const auto own = [&] { return device_s + 1'234'567; };  // another epoch, the same pace
    DeviceClock clock;
    const std::uint64_t asked = own();
    device_s += 3;  // the answer was made a second after the question, and came two later
    clock.set({5'001}, asked, own());
    for (int i = 0; i < 100; ++i, device_s += 7) {
        const Now now = clock.at(own());
        EXPECT_LE(now.least.seconds, device_s);
        EXPECT_GE(now.most.seconds, device_s);
    }
    EXPECT_EQ(clock.at(own()).most.seconds - clock.at(own()).least.seconds, 3U);
    clock.answered({device_s}, own(), own());
    EXPECT_EQ(clock.at(own()).least.seconds, device_s);
    EXPECT_EQ(clock.at(own()).most.seconds, device_s);
}

TEST(DeviceClock, IsSetRightByTheNextAnswerWhenTheClientsClockRunsFastOrSlow) {
    for (const std::uint64_t pace :
         {1U, 3U}) {  // the client counts 1 where the device counts 2, or 3 where it counts 2
        DeviceClock clock;
        clock.set({1'000}, 0, 0);
        const std::uint64_t own = 10 * pace, device = 1'020;
        clock.answered({device}, own, own);
        EXPECT_EQ(clock.at(own).least.seconds, device) << pace;
        EXPECT_EQ(clock.at(own).most.seconds, device) << pace;
    }
}

TEST(DeviceClock, AClockThatGoesBackStandsStill) {
    DeviceClock clock;
    clock.set({1'000}, 50, 50);
    EXPECT_EQ(clock.at(10).least.seconds, 1'000U);
}

}  // namespace
}  // namespace basalt::link::test
