// The firmware earns normal mode and gives a day's therapy.
#include "tests/integration/firmware/accounts.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>

namespace basalt::test {
namespace {

constexpr Tick begin{86'400};
constexpr Tick after(std::uint64_t seconds) { return {begin.seconds + seconds}; }

TEST(Day, TheFirmwareEarnsNormalModeInItsFirstSlot) {
    Scratch scratch;
    JoinedDevice device{{.records = scratch.path()}};
    device.run_to(after(60));
    EXPECT_EQ(device.signals().mode, hal::Mode::normal);
    EXPECT_EQ(device.chip().signatures, 1);
    EXPECT_EQ(device.resets(), 1);
    EXPECT_TRUE(device.told().empty()) << device.told().front();
}

TEST(Day, ADayInNormalModeGivesExactlyTheConfiguredBasal) {
    Scratch scratch;
    JoinedDevice device{{.records = scratch.path()}};
    device.run_to(after(290));  // the first slot is the profile's: the firmware was not there yet
    const auto before = device.motor();
    device.run_to(after(86'400 + 290));
    EXPECT_EQ(device.motor().milli_units - before.milli_units, firmware::basal_of_day(some_basal()).count);
    EXPECT_EQ(device.dose_requests().size(), 288U);
    expect_no_dose_twice_and_none_missing(device, begin);
}

TEST(Day, EveryReadingIsOnRecordOnce) {
    Scratch scratch;
    JoinedDevice device{{.records = scratch.path()}};
    device.run_to(after(7'210));
    auto journal = device.records();
    ASSERT_TRUE(journal) << journal.error().what;
    const auto readings = journal->glucose(1, 1'000);
    ASSERT_TRUE(readings);
    EXPECT_GE(readings->size(), 24U);
    for (std::size_t i = 1; i < readings->size(); ++i) EXPECT_GT((*readings)[i].measured, (*readings)[i - 1].measured);
}

TEST(Day, TheSameRunLeavesTheSameRecordsToTheByte) {
    std::vector<std::string> runs;
    for (int run = 0; run < 2; ++run) {
        Scratch scratch;
        JoinedDevice device{{.records = scratch.path()}};
        device.kill_firmware_at(40, true);
        device.run_to(after(7'210));
        auto journal = device.records();
        ASSERT_TRUE(journal);
        std::string text;
        for (std::uint64_t from = 1;;) {
            const auto events = journal->events(from, 100);
            ASSERT_TRUE(events);
            if (events->empty()) break;
            for (const auto& logged : *events) text += *storage::canonical(logged.seq, logged.event) + "\n";
            from = events->back().seq + 1;
        }
        runs.push_back(text);
    }
    EXPECT_EQ(runs[0], runs[1]);
    EXPECT_GT(runs[0].size(), 5'000U);
}

TEST(Day, TheRecordsAreWholeAfterADay) {
    Scratch scratch;
    JoinedDevice device{{.records = scratch.path()}};
    device.run_to(after(86'410));
    auto journal = device.records();
    ASSERT_TRUE(journal);
    const auto verified = journal->verify();
    ASSERT_TRUE(verified) << verified.error().what;
    EXPECT_FALSE(verified->finding) << verified->words;
}

}  // namespace
}  // namespace basalt::test
