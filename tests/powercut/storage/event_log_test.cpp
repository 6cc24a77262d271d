// The power is cut at every write of the event log: what append() acknowledged is there, and the chain fits.
#include "tests/unit/storage/storage_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace basalt::storage {
namespace {

constexpr std::uint64_t commits = 60;
constexpr int subsets = 3;

struct Tally {
    std::size_t states = 0, lost = 0, broken = 0, unopened = 0;
};

/// Appends `commits` records, then opens the log again from every state that a power cut may leave.
Tally cut(Durability durability) {
    const test::CrashDisk disk;
    std::vector<std::size_t> acknowledged;  // number of operations when append() had returned
    {
        auto log = EventLog::open("log.db", test::key(1), {disk.name(), durability, true});
        EXPECT_TRUE(log) << log.error().what;
        for (std::uint64_t i = 1; i <= commits; ++i) {
            const Event event = test::setting(i, "name", std::string(i % 7 * 100, 'x'));
            EXPECT_TRUE(log->append({&event, 1}));
            acknowledged.push_back(disk.operations().size());
        }
    }
    Tally tally;
    test::cut_everywhere(disk, 1, subsets, 0, [&](std::size_t at, const test::DiskImage& image) {
        ++tally.states;
        const auto promised =
            static_cast<std::uint64_t>(std::ranges::upper_bound(acknowledged, at) - acknowledged.begin());
        const test::CrashDisk after{image};
        auto log = EventLog::open("log.db", test::key(1), {after.name(), durability, true});
        if (!log) {
            ++tally.unopened;
            return;
        }
        const auto verdict = log->verify();
        if (!verdict || !verdict->intact() || !log->check_file()) ++tally.broken;
        if (log->head().seq < promised) ++tally.lost;
        // And it can be written on.
        const Event next = test::setting(1, "name", "next");
        if (!log->append({&next, 1}) || !log->verify()->intact()) ++tally.broken;
    });
    return tally;
}

TEST(EventLogPowerCut, NoAcknowledgedRecordIsLostAndTheChainAlwaysFits) {
    const Tally tally = cut(Durability::power_cut);
    EXPECT_GT(tally.states, 800U);
    EXPECT_EQ(tally.lost, 0U);
    EXPECT_EQ(tally.broken, 0U);
    EXPECT_EQ(tally.unopened, 0U);
    RecordProperty("states", static_cast<int>(tally.states));
}

TEST(EventLogPowerCut, WithoutASyncAtEachCommitTheSameTestSeesLosses) {
    const Tally tally = cut(Durability::process_only);
    EXPECT_GT(tally.lost, 100U);
}

}  // namespace
}  // namespace basalt::storage
