// Somebody with the device's storage, and in some tests even with its keys, changes the records: it is found and said.
#include "storage/settings.h"
#include "tests/unit/records/record_keeper.h"

#include <algorithm>

namespace basalt::firmware {
namespace {

constexpr std::array<std::string_view, 1> any_schema{"SELECT 1"};

/// A day of 60 slots, and the files as they were in the middle of it.
struct Day {
    test::DiskImage early, late;
    test::FakeGuardian guardian;
};
const Day& day() {
    static const Day made = [] {
        Day d;
        const auto slots = [&d](test::CrashDisk& disk, std::uint32_t from) {
            auto journal = test::open_journal(disk, d.guardian.now);
            EXPECT_TRUE(journal) << journal.error().what;
            for (std::uint32_t i = from; i < from + 30; ++i) {
                d.guardian.now = d.guardian.now + 300;
                EXPECT_TRUE(journal->change_setting(d.guardian.now, "nurse.martin", "n" + std::to_string(i), "v"));
                test::keep_records(*journal, d.guardian, {{i, {40}, hal::DoseKind::basal}});
                d.guardian.move(1'000'000);
            }
        };
        {
            test::CrashDisk disk;
            slots(disk, 1);
            d.early = disk.image();
        }
        test::CrashDisk disk{d.early};
        slots(disk, 31);
        d.late = disk.image();
        return d;
    }();
    return made;
}

/// What open() and verify() find in these files: the finding's words, or the error's, or "" for nothing.
std::string found_in(const test::DiskImage& image, std::optional<hal::Finding>* finding = nullptr) {
    const test::CrashDisk disk{image};
    auto journal = test::open_journal(disk, day().guardian.now);
    if (!journal) {
        EXPECT_EQ(journal.error().code, ErrorCode::unreadable) << journal.error().what;
        return journal.error().what;
    }
    const auto verified = journal->verify();
    EXPECT_TRUE(verified) << verified.error().what;
    if (finding != nullptr) *finding = verified->finding;
    return verified->finding ? verified->words : "";
}

test::DiskImage with_sql(const std::string& file, std::uint8_t key, std::string_view sql) {
    const test::CrashDisk disk{day().late};
    {
        auto database = storage::Database::open(file, test::key(key), any_schema,
                                                {disk.name(), storage::Durability::power_cut, false});
        EXPECT_TRUE(database) << database.error().what;
        EXPECT_TRUE(database->run(sql)) << sql;
    }
    return disk.image();
}

TEST(RecordsTampered, NothingIsFoundWhereNothingWasDone) {
    EXPECT_EQ(found_in(day().late), "");
    EXPECT_EQ(found_in(day().early), "");
}

TEST(RecordsTampered, AnEditWithThePatientKeyContradictsTheLog) {
    for (const std::string_view sql :
         {"UPDATE doses SET amount_mu = 41 WHERE row = 7", "UPDATE doses SET at_s = at_s + 1 WHERE row = 1",
          "UPDATE doses SET origin = 1 WHERE row = 7", "UPDATE doses SET ring_seq = 999 WHERE row = 7",
          "UPDATE doses SET ring_seq = NULL WHERE row = 7", "DELETE FROM doses WHERE row = 7", "DELETE FROM doses",
          "DELETE FROM doses WHERE row = (SELECT max(row) FROM doses)",
          "INSERT INTO doses VALUES (1000, 9999, 1, 1, 9999, 50, 50)", "UPDATE doses SET amount_mu = 'x' WHERE row = 7",
          "UPDATE glucose SET mg_dl = mg_dl + 1 WHERE row = 3", "DELETE FROM glucose WHERE row = 3",
          "UPDATE glucose SET measured_s = measured_s + 1 WHERE row = 24", "UPDATE position SET log_seq = log_seq - 1",
          "UPDATE position SET log_hash = zeroblob(32)", "UPDATE position SET state = x'00'",
          // the motor's count, inside what patient.db remembers of the log
          "UPDATE position SET state = CAST(substr(state, 1, 20) || x'07' || substr(state, 22) AS BLOB)",
          "DELETE FROM position"}) {
        const std::string words = found_in(with_sql("patient.db", 2, sql));
        EXPECT_GT(words.size(), 20U) << sql;
    }
    EXPECT_EQ(found_in(with_sql("patient.db", 2, "UPDATE doses SET amount_mu = 41 WHERE row = 7")).substr(0, 23),
              "Row 7 of the dose table");
    EXPECT_EQ(found_in(with_sql("patient.db", 2, "UPDATE glucose SET mg_dl = 1 WHERE row = 3")).substr(0, 24),
              "Glucose readings 1 to 24");
}

TEST(RecordsTampered, AnEditWithTheConfigurationKeyContradictsTheLog) {
    for (const std::string_view sql :
         {"UPDATE settings SET value = 'w' WHERE name = 'n3'", "DELETE FROM settings WHERE name = 'n3'",
          "INSERT INTO settings VALUES ('other', 'x')", "UPDATE position SET log_hash = zeroblob(32)"})
        EXPECT_GT(found_in(with_sql("config.db", 1, sql)).size(), 20U) << sql;
}

TEST(RecordsTampered, AnEditWithTheLogKeyBreaksTheChainOrTheTables) {
    for (const std::string_view sql :
         {"UPDATE events SET record = replace(record, '\"done\"', '\"failed\"') WHERE seq = 20",
          "DELETE FROM events WHERE seq = 20", "DELETE FROM events WHERE seq > 100", "DELETE FROM events",
          "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)"})
        EXPECT_GT(found_in(with_sql("log.db", 3, sql)).size(), 20U) << sql;
    std::optional<hal::Finding> finding;
    EXPECT_EQ(
        found_in(with_sql("log.db", 3, "UPDATE events SET hash = zeroblob(32) WHERE seq = 20"), &finding).substr(0, 9),
        "Record 20");
    EXPECT_EQ(finding, hal::Finding::log_broken);
}

TEST(RecordsTampered, AnOlderLogIsFoundByTheTables) {
    test::DiskImage image = day().late;
    image["log.db"] = day().early.at("log.db");
    EXPECT_NE(found_in(image).find("an older copy was put back"), std::string::npos) << found_in(image);
}

TEST(RecordsTampered, OlderTablesAreBroughtUpToTheLogAgain) {
    for (const std::string file : {"patient.db", "config.db"}) {
        test::DiskImage image = day().late;
        image[file] = day().early.at(file);
        const test::CrashDisk disk{image};
        auto journal = test::open_journal(disk, day().guardian.now);
        ASSERT_TRUE(journal) << journal.error().what;
        EXPECT_EQ(journal->doses(1, 1000)->size(), 59U) << file;  // the 60th stands in the ring, not yet imported
        EXPECT_EQ(*journal->setting("n60"), "v");
        // Readings do not stand in the log. Those under a seal are missed; doses and settings are whole.
        const auto verified = journal->verify();
        ASSERT_TRUE(verified);
        EXPECT_EQ(verified->finding.has_value(), file == "patient.db") << verified->words;
    }
}

TEST(RecordsTampered, AllThreeFilesPutBackTogetherFitAndOnlyTheRememberedHeadTells) {
    const test::CrashDisk disk{day().early};
    auto journal = test::open_journal(disk, day().guardian.now);
    ASSERT_TRUE(journal);
    EXPECT_FALSE(journal->verify()->finding);  // so the TPM anchors log_head()
    test::FakeGuardian guardian = day().guardian;
    ASSERT_TRUE(journal->note_tick(guardian.tick()));
    EXPECT_TRUE(journal->ring_waiting());
    test::import_all(*journal, guardian);
    ASSERT_TRUE(journal->commit());
    EXPECT_EQ(test::sum_of_doses(*journal), guardian.motor().milli_units);  // no insulin is forgotten even then
}

TEST(RecordsTampered, AMissingOrEmptiedFileIsFoundAndNothingIsMadeInItsPlace) {
    for (const std::string file : {"log.db", "patient.db", "config.db"}) {
        test::DiskImage image = day().late;
        image.erase(file);
        const std::string words = found_in(image);
        EXPECT_EQ(words.substr(0, file.size() + 11), file + " is missing") << words;
        {
            const test::CrashDisk disk{image};
            (void)test::open_journal(disk, {});
            EXPECT_FALSE(disk.image().contains(file));
        }
        image[file] = {};
        EXPECT_GT(found_in(image).size(), 20U) << file;
    }
}

TEST(RecordsTampered, AFileOfAnotherKeyIsSaid) {
    test::DiskImage image = day().late;
    std::swap(image["patient.db"], image["config.db"]);
    EXPECT_NE(found_in(image).find("the key is not its key"), std::string::npos);
}

TEST(RecordsTampered, ABitFlippedInAnyPageIsFoundOrReadsAsItWas) {
    std::size_t pages = 0, found = 0;
    for (const std::string file : {"log.db", "patient.db", "config.db"})
        for (std::size_t page = 0; page * 4096 < day().late.at(file).size(); ++page) {
            test::DiskImage image = day().late;
            image[file][page * 4096 + 1000] ^= 4;
            ++pages;
            const std::string words = found_in(image);
            if (words.empty()) {
                const test::CrashDisk disk{image};
                auto journal = test::open_journal(disk, day().guardian.now);
                EXPECT_EQ(journal->doses(1, 1000)->size(), 59U);
            } else {
                ++found;
            }
        }
    EXPECT_GT(pages, 15U);
    EXPECT_GE(found, pages - 2);  // a page that holds nothing may not be read
}

TEST(RecordsTampered, ANewerVersionsFileIsRefusedAndUnchanged) {
    for (const auto& [file, key] : std::initializer_list<std::pair<std::string, std::uint8_t>>{
             {"log.db", 3}, {"patient.db", 2}, {"config.db", 1}}) {
        const test::DiskImage image = with_sql(file, key, "PRAGMA user_version=2");
        const test::CrashDisk disk{image};
        const auto journal = test::open_journal(disk, {});
        ASSERT_FALSE(journal) << file;
        EXPECT_EQ(journal.error().code, ErrorCode::refused);
        EXPECT_NE(journal.error().what.find("newer version"), std::string::npos);
        EXPECT_EQ(disk.image(), image) << file;
    }
}

}  // namespace
}  // namespace basalt::firmware
