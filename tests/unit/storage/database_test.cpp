#include "storage/database.h"

#include "storage/doses.h"
#include "storage/glucose.h"
#include "storage/settings.h"
#include "tests/unit/storage/storage_fixture.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>

namespace basalt::storage {
namespace {

namespace fs = std::filesystem;
constexpr std::array<std::string_view, 1> first{"CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT NOT NULL)"};
constexpr std::array<std::string_view, 2> second{first[0],
                                                 "ALTER TABLE t ADD COLUMN more INTEGER; CREATE TABLE u (n INTEGER)"};

Result<void> add(Database& database, int n, std::string_view text) {
    auto insert = database.prepare("INSERT INTO t (n, text) VALUES (?, ?)");
    if (!insert) return std::unexpected{insert.error()};
    return insert->run(n, text);
}

/// All rows in one text, or the first error.
Result<std::string> content(Database& database) {
    auto rows = database.prepare("SELECT n, text FROM t ORDER BY n");
    if (!rows) return std::unexpected{rows.error()};
    if (auto begun = rows->start(); !begun) return std::unexpected{begun.error()};
    std::string all;
    for (;;) {
        auto row = rows->next<std::int64_t, std::string>();
        if (!row) return std::unexpected{row.error()};
        if (!*row) return all;
        all += std::to_string(std::get<0>(**row)) + std::get<1>(**row) + "\n";
    }
}

bool plain(const Error& error) {
    return error.what.size() > 20 && error.what.ends_with('.') && error.next_step.ends_with('.') &&
           error.what.find("SQL") == std::string::npos;
}

TEST(Database, WhatWasCommittedIsThereAfterReopeningAndTheFileShowsNoneOfIt) {
    const test::Folder folder;
    const fs::path file = folder.path() / "t.db";
    {
        auto database = Database::open(file, test::key(1), first);
        ASSERT_TRUE(database) << database.error().what;
        auto transaction = database->begin();
        ASSERT_TRUE(add(*database, 1, "marker-of-this-test"));
        ASSERT_TRUE(transaction->commit());
        std::ifstream wal{file.string() + "-wal", std::ios::binary};
        const std::string bytes{std::istreambuf_iterator<char>{wal}, {}};
        EXPECT_GT(bytes.size(), 4096U);
        EXPECT_EQ(bytes.find("marker-of-this-test"), std::string::npos);
        EXPECT_FALSE(fs::exists(file.string() + "-shm"));  // nothing that is mapped can be cut short under us
    }
    std::ifstream in{file, std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
    EXPECT_EQ(bytes.size() % 4096, 0U);
    EXPECT_EQ(bytes.find("marker-of-this-test"), std::string::npos);
    EXPECT_NE(bytes.substr(0, 15), "SQLite format 3");
    auto again = Database::open(file, test::key(1), first);
    ASSERT_TRUE(again);
    EXPECT_EQ(*content(*again), "1marker-of-this-test\n");
    EXPECT_TRUE(again->check());
}

TEST(Database, ATransactionThatIsNotCommittedHasNotHappened) {
    test::CrashDisk disk;
    auto database = Database::open("t.db", test::key(1), first, {disk.name(), Durability::power_cut, true});
    {
        auto transaction = database->begin();
        ASSERT_TRUE(add(*database, 1, "a"));
    }
    EXPECT_EQ(*content(*database), "");
}

TEST(Database, AWrongKeyIsSaidAtOnceInPlainWords) {
    const test::Folder folder;
    const fs::path file = folder.path() / "t.db";
    {
        ASSERT_TRUE(Database::open(file, test::key(1), first));
    }
    const auto opened = Database::open(file, test::key(2), first);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::unreadable);
    EXPECT_EQ(opened.error().what, "t.db cannot be read: the key is not its key, or its first page was damaged.");
    EXPECT_TRUE(plain(opened.error()));
    EXPECT_TRUE(Database::open(file, test::key(1), first));
}

TEST(Database, EveryFlippedBitIsFoundOrChangesNothingThatIsRead) {
    test::CrashDisk disk;
    std::string truth;
    {
        auto database = Database::open("t.db", test::key(1), first, {disk.name(), Durability::power_cut, true});
        for (int n = 0; n < 400; ++n) ASSERT_TRUE(add(*database, n, std::string(100, static_cast<char>('a' + n % 26))));
        truth = *content(*database);
    }
    const test::DiskImage clean = disk.image();
    const std::size_t pages = clean.at("t.db").size() / 4096;
    ASSERT_GT(pages, 10U);
    std::size_t found = 0;
    for (std::size_t page = 0; page < pages; ++page)
        for (const std::size_t at :
             {0U, 16U, 24U, 100U, 2048U, 4000U, 4050U, 4070U, 4090U}) {  // data, IV, HMAC, padding
            test::DiskImage image = clean;
            image.at("t.db")[page * 4096 + at] ^= 0x10;
            const test::CrashDisk damaged{image};
            auto database = Database::open("t.db", test::key(1), first, {damaged.name(), Durability::power_cut, false});
            const auto check = database ? database->check() : Result<void>{std::unexpected{database.error()}};
            const auto read = database ? content(*database) : Result<std::string>{std::unexpected{database.error()}};
            for (const bool failed : {!check, !read}) found += failed ? 1 : 0;
            if (!check) {
                EXPECT_EQ(check.error().code, ErrorCode::unreadable);
                EXPECT_TRUE(plain(check.error())) << check.error().what;
            }
            if (read) {
                EXPECT_EQ(*read, truth) << "page " << page << " byte " << at;
            }
            EXPECT_TRUE(!check || at >= 4084) << "page " << page << " byte " << at << " was not seen";
        }
    EXPECT_GE(found, pages * 8);
}

TEST(Database, AFileThatWasCutShortOrEmptiedOrTakenAwayIsFound) {
    test::CrashDisk disk;
    {
        auto database = Database::open("t.db", test::key(1), first, {disk.name(), Durability::power_cut, true});
        for (int n = 0; n < 400; ++n) ASSERT_TRUE(add(*database, n, std::string(100, 'a')));
    }
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{4095}, std::size_t{4096}, std::size_t{3} * 4096}) {
        test::DiskImage image = disk.image();
        image.at("t.db").resize(size);
        const test::CrashDisk cut{image};
        auto database = Database::open("t.db", test::key(1), first, {cut.name(), Durability::power_cut, false});
        EXPECT_TRUE(!database || !database->check()) << size;
        if (!database) {
            EXPECT_EQ(database.error().code, ErrorCode::unreadable) << size << ": " << database.error().what;
        }
    }
    const test::CrashDisk empty;
    const auto gone = Database::open("t.db", test::key(1), first, {empty.name(), Durability::power_cut, false});
    ASSERT_FALSE(gone);
    EXPECT_TRUE(plain(gone.error())) << gone.error().what;
    EXPECT_TRUE(empty.image().empty());  // and none was made in its place
}

TEST(Database, AnOlderSchemaIsBroughtUpAndANewerOneIsRefusedUnchanged) {
    test::CrashDisk disk;
    const FileOptions options{disk.name(), Durability::power_cut, true};
    {
        auto database = Database::open("t.db", test::key(1), first, options);
        ASSERT_TRUE(add(*database, 1, "kept"));
    }
    {
        auto database = Database::open("t.db", test::key(1), second, options);
        ASSERT_TRUE(database) << database.error().what;
        EXPECT_EQ(*content(*database), "1kept\n");
        EXPECT_TRUE(database->run("INSERT INTO u (n) VALUES (1)"));
    }
    const test::DiskImage before = disk.image();
    const auto older = Database::open("t.db", test::key(1), first, options);
    ASSERT_FALSE(older);
    EXPECT_EQ(older.error().code, ErrorCode::refused);
    EXPECT_NE(older.error().what.find("made by a newer version"), std::string::npos);
    EXPECT_TRUE(plain(older.error()));
    EXPECT_EQ(disk.image(), before);
    EXPECT_TRUE(Database::open("t.db", test::key(1), second, options));
}

TEST(Database, AFailedSchemaStepLeavesTheOldSchema) {
    test::CrashDisk disk;
    const FileOptions options{disk.name(), Durability::power_cut, true};
    {
        ASSERT_TRUE(Database::open("t.db", test::key(1), first, options));
    }
    constexpr std::array<std::string_view, 2> broken{first[0], "CREATE TABLE v (n INTEGER); CREATE NONSENSE"};
    EXPECT_FALSE(Database::open("t.db", test::key(1), broken, options));
    auto database = Database::open("t.db", test::key(1), first, options);
    ASSERT_TRUE(database);
    EXPECT_FALSE(database->run("SELECT * FROM v"));
}

TEST(Database, AFullDiskFailsTheStepWholeAndWorksAgainAfterwards) {
    test::CrashDisk disk;
    auto database = Database::open("t.db", test::key(1), first, {disk.name(), Durability::power_cut, true});
    ASSERT_TRUE(add(*database, 1, "before"));
    for (std::size_t space = 0; space < 30'000; space += 3000) {
        disk.full_after(space);
        auto transaction = database->begin();
        Result<void> done{};
        for (int n = 2; done && n < 200; ++n) done = add(*database, n, std::string(200, 'x'));
        if (done) done = transaction->commit();
        ASSERT_FALSE(done) << space;
        EXPECT_EQ(done.error().code, ErrorCode::io);
        EXPECT_NE(done.error().what.find("no space left"), std::string::npos);
        EXPECT_TRUE(plain(done.error()));
    }
    disk.full_after(std::nullopt);
    EXPECT_EQ(*content(*database), "1before\n");
    EXPECT_TRUE(add(*database, 2, "after"));
    EXPECT_TRUE(database->check());
}

TEST(Database, ALimitOnFileSizeIsToldAndHarmsNothing) {
    const test::Folder folder;
    auto database = Database::open(folder.path() / "t.db", test::key(1), first);
    ASSERT_TRUE(add(*database, 1, "before"));
    rlimit old{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
    const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{64 * 1024, old.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    Result<void> done{};
    for (int n = 2; done && n < 2000; ++n) done = add(*database, n, std::string(200, 'x'));
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old), 0);
    std::signal(SIGXFSZ, old_handler);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::io);
    EXPECT_TRUE(plain(done.error())) << done.error().what;
    EXPECT_TRUE(add(*database, 5000, "after"));
    EXPECT_TRUE(database->check());
}

TEST(Database, AReadOnlyFolderIsToldInPlainWords) {
    const test::Folder folder;
    const fs::path file = folder.path() / "t.db";
    {
        ASSERT_TRUE(Database::open(file, test::key(1), first));
    }
    fs::permissions(file, fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
    fs::permissions(folder.path(),
                    fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
    // Root may write anywhere: the attempt is made by a child without rights.
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        if (geteuid() == 0 && setuid(65'534) != 0) _exit(2);
        const auto opened = Database::open(file, test::key(1), first);
        _exit(!opened && opened.error().code == ErrorCode::io && plain(opened.error()) ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    fs::permissions(folder.path(), fs::perms::owner_all);
    ASSERT_TRUE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 2) GTEST_SKIP() << "This machine gives root no other user to be.";
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Database, ASecondUserIsRefusedAsLongAsTheFirstHoldsIt) {
    const test::Folder folder;
    const fs::path file = folder.path() / "t.db";
    auto holder = Database::open(file, test::key(1), first);
    ASSERT_TRUE(holder);
    ASSERT_TRUE(add(*holder, 1, "a"));
    // Locks are a process's: the second user is one.
    const pid_t child = fork();
    if (child == 0) {
        const auto other = Database::open(file, test::key(1), first);
        _exit(!other && other.error().code == ErrorCode::io &&
                      other.error().what.find("another program") != std::string::npos
                  ? 0
                  : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(Database, AColumnOfAnotherTypeIsDamageAndNotAValue) {
    test::CrashDisk disk;
    auto database = Database::open("t.db", test::key(1), first, {disk.name(), Durability::power_cut, true});
    ASSERT_TRUE(database->run("INSERT INTO t (n, text) VALUES (1, x'00')"));
    const auto read = content(*database);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::unreadable);
}

// ---- the tables ----------------------------------------------------------------------------------

template <class Table>
Result<Database> open_with(const test::CrashDisk& disk) {
    const std::array<std::string_view, 1> schema{Table::schema};
    return Database::open("t.db", test::key(1), schema, {disk.name(), Durability::power_cut, true});
}

TEST(DoseTable, RowsComeBackAndNoRingEntryEntersTwice) {
    test::CrashDisk disk;
    auto database = open_with<DoseTable>(disk);
    auto table = DoseTable::open(*database);
    ASSERT_TRUE(table) << table.error().what;
    const DoseRow dose{1, 4, 300, DoseOrigin::firmware_bolus, 7U, 1250, 1250};
    const DoseRow correction{2, 5, 310, DoseOrigin::correction, 8U, -50, 1200};
    const DoseRow unexplained{3, 6, 320, DoseOrigin::unexplained, std::nullopt, 3, 1203};
    for (const auto& row : {dose, correction, unexplained}) ASSERT_TRUE(table->add(row));
    EXPECT_EQ(*table->read(1, 10), (std::vector{dose, correction, unexplained}));
    EXPECT_EQ(*table->read(2, 1), std::vector{correction});
    for (const DoseRow& twice :
         {DoseRow{4, 9, 1, DoseOrigin::profile, 7U, 1, 1}, DoseRow{4, 6, 1, DoseOrigin::profile, 9U, 1, 1},
          DoseRow{3, 9, 1, DoseOrigin::profile, 9U, 1, 1}}) {
        const auto added = table->add(twice);
        ASSERT_FALSE(added);
        EXPECT_EQ(added.error().code, ErrorCode::unreadable);
    }
    ASSERT_TRUE(database->run("UPDATE doses SET origin = 9 WHERE row = 2"));
    EXPECT_FALSE(table->read(1, 10));
}

TEST(GlucoseTable, AReadingOfTheSameTimeChangesNothingAndRowsHaveNoGap) {
    test::CrashDisk disk;
    auto database = open_with<GlucoseTable>(disk);
    auto table = GlucoseTable::open(*database);
    ASSERT_TRUE(table) << table.error().what;
    EXPECT_EQ(*table->rows(), 0U);
    ASSERT_TRUE(table->add(300, 110));
    ASSERT_TRUE(table->add(300, 400));
    ASSERT_TRUE(table->add(600, 120));
    EXPECT_EQ(*table->read(1, 10), (std::vector<GlucoseRow>{{1, 300, 110}, {2, 600, 120}}));
    EXPECT_EQ(*table->rows(), 2U);
    const std::vector<GlucoseRow> same{{1, 300, 110}, {2, 600, 120}}, other{{1, 300, 110}, {2, 600, 121}};
    EXPECT_EQ(*seal_of(*table->read(1, 10)), *seal_of(same));
    EXPECT_NE(*seal_of(same), *seal_of(other));
}

TEST(SettingsTable, TheLastValueOfANameCounts) {
    test::CrashDisk disk;
    auto database = open_with<SettingsTable>(disk);
    auto table = SettingsTable::open(*database);
    ASSERT_TRUE(table) << table.error().what;
    EXPECT_EQ(*table->get("language"), std::nullopt);
    ASSERT_TRUE(table->set("language", "english"));
    ASSERT_TRUE(table->set("units", ""));
    ASSERT_TRUE(table->set("language", "french"));
    EXPECT_EQ(*table->get("language"), "french");
    EXPECT_EQ(*table->all(), (std::map<std::string, std::string>{{"language", "french"}, {"units", ""}}));
}

}  // namespace
}  // namespace basalt::storage
