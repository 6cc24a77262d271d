// The disk of the power-cut tests is itself honest: it loses what it may lose, keeps what was synced, and tears.
#include "tests/unit/storage/storage_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
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
    std::vector<std::string> cuts, at_end;  // none, all, some, some ...
    constexpr int subsets = 20;
    const auto log_in = [](const test::DiskImage& image) {
        return image.contains("log.db") ? text_of(image.at("log.db")) : "";
    };
    test::cut_everywhere(disk, 3, subsets, last_sync, [&](std::size_t at, const test::DiskImage& image) {
        if (at == last_sync) cuts.push_back(log_in(image));
        if (at == disk.operations().size()) at_end.push_back(log_in(image));
    });
    ASSERT_EQ(cuts.size(), 2U + subsets);
    const std::string &none = cuts[0], &all = cuts[1];
    EXPECT_NE(none, all);
    EXPECT_EQ(all, at_end[1]);
    EXPECT_GT((std::set<std::string>{cuts.begin(), cuts.end()}.size()), 5U);
    // In some of them a page is neither the old nor the new one.
    int torn = 0;
    for (const std::string& cut : cuts)
        for (std::size_t at = 0; at + 4096 <= std::min({cut.size(), none.size(), all.size()}); at += 4096)
            torn += cut.compare(at, 4096, none, at, 4096) != 0 && cut.compare(at, 4096, all, at, 4096) != 0 ? 1 : 0;
    EXPECT_GT(torn, 3);
}

TEST(CrashDisk, ASyncedFileIsTheSameInEveryCut) {
    const test::CrashDisk disk;
    append_three(disk, Durability::power_cut);
    std::size_t last_sync = 0;
    for (std::size_t i = 0; i < disk.operations().size(); ++i)
        if (disk.operations()[i].kind == test::Operation::Kind::sync) last_sync = i;
    std::set<std::string> contents;
    test::cut_everywhere(disk, 3, 10, last_sync + 1, [&](std::size_t, const test::DiskImage& image) {
        contents.insert(text_of(image.at("log.db")));
    });
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
