// The disk of the power-cut tests is itself honest: it loses what it may lose, keeps what was synced, and tears.
#include "tests/unit/storage/storage_fixture.h"

#include <gtest/gtest.h>

#include <set>

namespace basalt::storage {
namespace {

void append_three(const test::CrashDisk& disk, Durability durability) {
    auto log = EventLog::open("log.db", test::key(1), {disk.name(), durability, true});
    for (std::uint64_t i = 1; i <= 3; ++i) {
        const Event event = test::setting(i, "name", std::string(900, 'x'));
        ASSERT_TRUE(log->append({&event, 1}));
    }
}

std::string text_of(const test::Content& content) { return {content.begin(), content.end()}; }

TEST(CrashDisk, WhatItHoldsIsNothingUnsyncedOrAllOfItOrATornPart) {
    const test::CrashDisk disk;
    append_three(disk, Durability::process_only);
    // Cut before the last sync: the log's records are written and not synced.
    std::size_t last_sync = 0;
    for (std::size_t i = 0; i < disk.operations().size(); ++i)
        if (disk.operations()[i].kind == test::Operation::Kind::sync) last_sync = i;
    std::vector<test::DiskImage> at_end;
    std::set<std::string> torn;
    constexpr int subsets = 20;
    test::cut_everywhere(disk, 3, subsets, last_sync, [&](std::size_t at, const test::DiskImage& image) {
        if (at == last_sync && image.contains("log.db")) torn.insert(text_of(image.at("log.db")));
        if (at == disk.operations().size()) at_end.push_back(image);
    });
    EXPECT_GT(torn.size(), 5U);
    ASSERT_EQ(at_end.size(), 2U + subsets);
    EXPECT_EQ(at_end[1], disk.image());
    EXPECT_NE(at_end[0], at_end[1]);  // the removal of the WAL was not synced
}

TEST(CrashDisk, ASyncedFileIsTheSameInEveryCut) {
    const test::CrashDisk disk;
    append_three(disk, Durability::power_cut);
    std::size_t last_sync = 0;
    for (std::size_t i = 0; i < disk.operations().size(); ++i)
        if (disk.operations()[i].kind == test::Operation::Kind::sync) last_sync = i;
    std::set<std::string> contents;
    test::cut_everywhere(disk, 3, 10, last_sync + 1, [&](std::size_t, const test::DiskImage& image) { contents.insert(text_of(image.at("log.db"))); });
    EXPECT_EQ(contents.size(), 1U);
}

TEST(CrashDisk, AFullOrDeadDiskFailsFromThereOn) {
    test::CrashDisk disk;
    auto log = EventLog::open("log.db", test::key(1), {disk.name(), Durability::power_cut, true});
    const Event event = test::setting(1, "a", "b");
    disk.die_after(1);
    EXPECT_FALSE(log->append({&event, 1}));
    disk.die_after(std::nullopt);
    disk.full_after(100);
    EXPECT_FALSE(log->append({&event, 1}));
    disk.full_after(std::nullopt);
    EXPECT_TRUE(log->append({&event, 1}));
    EXPECT_TRUE(log->verify()->intact());
}

}  // namespace
}  // namespace basalt::storage
