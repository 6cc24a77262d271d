#include "storage/event_log.h"

#include "storage/log_text.h"
#include "storage/sha256.h"
#include "tests/unit/storage/storage_fixture.h"

#include <gtest/gtest.h>

namespace basalt::storage {
namespace {

constexpr std::uint64_t records = 12;
// Who holds the key can write into the file whatever he likes: he needs no program of ours.
constexpr std::array<std::string_view, 1> any_schema{"SELECT 1"};

Result<EventLog> open(const test::CrashDisk& disk, std::uint8_t key = 1) {
    return EventLog::open("log.db", test::key(key), {disk.name(), Durability::power_cut, true});
}

std::vector<Event> twelve_events() {
    std::vector<Event> events;
    for (std::uint64_t i = 1; i <= records; ++i)
        events.push_back(test::setting(i, "name", "value " + std::to_string(i)));
    return events;
}

/// A log of twelve records, each appended alone.
struct Made {
    test::DiskImage image;
    LogHead head;
};
const Made& made() {
    static const Made log = [] {
        Made m;
        test::CrashDisk disk;
        {
            auto opened = open(disk);
            for (const Event& event : twelve_events()) EXPECT_TRUE(opened->append({&event, 1}));
            m.head = opened->head();
        }
        m.image = disk.image();
        return m;
    }();
    return log;
}

ChainVerdict verify(const test::CrashDisk& disk, const std::optional<LogHead>& witness = std::nullopt) {
    auto log = open(disk);
    EXPECT_TRUE(log) << log.error().what;
    auto verdict = witness ? log->verify({&*witness, 1}) : log->verify();
    EXPECT_TRUE(verdict) << verdict.error().what;
    return *verdict;
}

void run_with_key(const test::CrashDisk& disk, std::string_view sql) {
    auto database = Database::open("log.db", test::key(1), any_schema, {disk.name(), Durability::power_cut, false});
    ASSERT_TRUE(database) << database.error().what;
    ASSERT_TRUE(database->run(sql)) << sql;
}

ChainVerdict after(std::string_view sql, const std::optional<LogHead>& witness = std::nullopt) {
    test::CrashDisk disk{made().image};
    run_with_key(disk, sql);
    return verify(disk, witness);
}

TEST(EventLog, WhatIsAppendedIsReadBackInOrderAfterReopening) {
    test::CrashDisk disk{made().image};
    auto log = open(disk);
    ASSERT_TRUE(log);
    EXPECT_EQ(log->head(), made().head);
    const auto events = log->read(1, 100);
    ASSERT_TRUE(events);
    ASSERT_EQ(events->size(), records);
    for (std::uint64_t i = 0; i < records; ++i) {
        EXPECT_EQ((*events)[i].seq, i + 1);
        EXPECT_EQ((*events)[i].event, twelve_events()[i]);
    }
    EXPECT_EQ(log->read(5, 2)->front().seq, 5U);
    EXPECT_EQ(log->read(5, 2)->size(), 2U);
    EXPECT_TRUE(log->read(records + 1, 5)->empty());
    EXPECT_TRUE(log->read(UINT64_MAX, 5)->empty());
    EXPECT_TRUE(log->verify()->intact());
    EXPECT_EQ(log->verify()->head, made().head);
}

TEST(EventLog, TheChainIsSha256OverThePreviousHashAndTheBytes) {
    test::CrashDisk disk{made().image};
    auto log = open(disk);
    Digest previous{};
    const auto events = log->read(1, 100);
    for (const LoggedEvent& event : *events) {
        previous =
            *Sha256{}.add(std::span<const std::uint8_t>{previous}).add(*canonical(event.seq, event.event)).finish();
        EXPECT_EQ(event.hash, previous);
    }
}

TEST(EventLog, AnAppendHappensWholeOrNotAtAll) {
    test::CrashDisk disk{made().image};
    {
        auto log = open(disk);
        std::vector<Event> events{test::setting(1, "a", "b"), test::setting(1, "a", "b")};
        events[1].what = "no_such_kind";
        EXPECT_FALSE(log->append(events));
        EXPECT_EQ(log->head(), made().head);
        EXPECT_EQ(log->read(1, 100)->size(), records);
        events.pop_back();
        ASSERT_TRUE(log->append(events));
        EXPECT_EQ(log->head().seq, records + 1);
    }
    EXPECT_TRUE(verify(disk).intact());
    EXPECT_EQ(verify(disk).head.seq, records + 1);
}

TEST(EventLog, SameActsGiveTheSameChainWhateverTheKeyAndTheTransactions) {
    test::CrashDisk disk;
    auto log = open(disk, 9);
    ASSERT_TRUE(log->append(twelve_events()));
    EXPECT_EQ(log->head(), made().head);
}

TEST(EventLog, EveryEditedRecordIsNamed) {
    for (std::uint64_t i = 1; i <= records; ++i) {
        const std::string n = std::to_string(i);
        for (const std::string& edit : std::initializer_list<std::string>{
                 "record = replace(record, 'value', 'walue')", "record = replace(record, '\"done\"', '\"failed\"')",
                 "record = replace(record, '\"tick_s\":', '\"tick_s\":1')", "record = record || ' '",
                 "record = CAST(record AS BLOB)", "record = ''", "hash = zeroblob(32)", "hash = substr(hash, 1, 31)",
                 "hash = 'x'", "hash = hash || x'00'"}) {
            SCOPED_TRACE(edit + " of " + n);
            if (i == records && edit.starts_with("hash = ") && edit != "hash = zeroblob(32)")
                continue;  // the next test
            const auto verdict = after("UPDATE events SET " + edit + " WHERE seq = " + n);
            EXPECT_EQ(verdict.broken_at, i);
            EXPECT_EQ(verdict.head.seq, i - 1);
            EXPECT_NE(verdict.words.find("Record " + n), std::string::npos) << verdict.words;
        }
    }
}

TEST(EventLog, ALastRecordWithoutAHashDoesNotOpen) {
    for (const std::string& edit : std::initializer_list<std::string>{"substr(hash, 1, 31)", "'x'", "hash || x'00'"}) {
        test::CrashDisk disk{made().image};
        run_with_key(disk, "UPDATE events SET hash = " + edit + " WHERE seq = 12");
        const auto log = open(disk);
        ASSERT_FALSE(log) << edit;
        EXPECT_EQ(log.error().code, ErrorCode::unreadable);
    }
}

TEST(EventLog, EveryMissingRecordIsNamed) {
    for (std::uint64_t i = 1; i < records; ++i) {
        const auto verdict = after("DELETE FROM events WHERE seq = " + std::to_string(i));
        EXPECT_EQ(verdict.broken_at, i);
        EXPECT_NE(verdict.words.find("missing"), std::string::npos) << verdict.words;
        // Moved up, so that no number is missing.
        EXPECT_EQ(after("DELETE FROM events WHERE seq = " + std::to_string(i) +
                        "; UPDATE events SET seq = seq - 1 WHERE seq > " + std::to_string(i))
                      .broken_at,
                  i);
    }
}

TEST(EventLog, EveryReorderedPairIsFound) {
    for (std::uint64_t i = 1; i < records; ++i)
        for (std::uint64_t k = i + 1; k <= records; ++k) {
            const std::string a = std::to_string(i), b = std::to_string(k);
            const auto verdict =
                after("UPDATE events SET seq = -1 WHERE seq = " + a + "; UPDATE events SET seq = " + a +
                      " WHERE seq = " + b + "; UPDATE events SET seq = " + b + " WHERE seq = -1");
            EXPECT_EQ(verdict.broken_at, i) << a << " and " << b;
        }
}

TEST(EventLog, EveryInsertedRecordIsFound) {
    for (std::uint64_t i = 1; i <= records; ++i) {
        const std::string n = std::to_string(i);
        // A copy of the record, those behind it pushed on by one.
        EXPECT_EQ(after("UPDATE events SET seq = -seq - 1 WHERE seq >= " + n +
                        "; UPDATE events SET seq = -seq WHERE seq < 0; " + "INSERT INTO events SELECT " + n +
                        ", record, hash FROM events WHERE seq = " + n + " + 1")
                      .broken_at,
                  i + 1);
    }
    EXPECT_EQ(after("INSERT INTO events SELECT 0, record, hash FROM events WHERE seq = 1").broken_at, 1U);
    EXPECT_EQ(after("INSERT INTO events SELECT -5, record, hash FROM events WHERE seq = 1").broken_at, 1U);
    EXPECT_EQ(after("INSERT INTO events SELECT 13, record, hash FROM events WHERE seq = 12").broken_at, 13U);
}

TEST(EventLog, ACutEndFitsItselfAndIsFoundByWhoeverRemembersTheHead) {
    EXPECT_TRUE(after("DELETE FROM events WHERE seq > 8").intact());  // the chain alone cannot know
    const auto verdict = after("DELETE FROM events WHERE seq > 8", made().head);
    EXPECT_EQ(verdict.broken_at, 9U);
    EXPECT_NE(verdict.words.find("cut off"), std::string::npos);
    EXPECT_EQ(after("DELETE FROM events", made().head).broken_at, 1U);
}

TEST(EventLog, ALogRewrittenWholeIsFoundByWhoeverRemembersARecord) {
    test::CrashDisk disk;
    {
        auto log = open(disk);
        std::vector<Event> events = twelve_events();
        events[3].fields[1].value = "another value";
        ASSERT_TRUE(log->append(events));
    }
    EXPECT_TRUE(verify(disk).intact());
    EXPECT_EQ(verify(disk, made().head).broken_at, records);
}

// ---- the log as text -----------------------------------------------------------------------------

std::string text_of(std::uint64_t from = 1) {
    test::CrashDisk disk{made().image};
    auto log = open(disk);
    return *log_text(*log, from);
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find('\n', at) + 1;
        lines.push_back(text.substr(at, end - at));
        at = end;
    }
    return lines;
}
std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line;
    return text;
}

TEST(LogText, TheWholeLogAndAnyEndOfItFit) {
    for (std::uint64_t from = 1; from <= records + 1; ++from) {
        const auto verdict = verify_log_text(text_of(from), made().head);
        ASSERT_TRUE(verdict) << verdict.error().what;
        EXPECT_TRUE(verdict->intact()) << verdict->words;
        EXPECT_EQ(verdict->first, from);
        EXPECT_EQ(verdict->head, made().head);
    }
    EXPECT_NE(verify_log_text(text_of())->words.find("Without a signed head"), std::string::npos);
}

TEST(LogText, AFromBeyondTheEndIsRefused) {
    test::CrashDisk disk{made().image};
    auto log = open(disk);
    EXPECT_EQ(log_text(*log, records + 2).error().code, ErrorCode::usage);
}

TEST(LogText, EveryChangedByteIsFound) {
    const std::string good = text_of();
    for (std::size_t at = 0; at < good.size(); ++at)
        for (const int flip : {0x01, 0x20, 0x80}) {
            std::string bad = good;
            bad[at] = static_cast<char>(bad[at] ^ flip);
            const auto verdict = verify_log_text(bad, made().head);
            EXPECT_TRUE(!verdict || !verdict->intact())
                << "byte " << at << ": " << bad.substr(at < 30 ? 0 : at - 30, 60);
        }
}

TEST(LogText, EveryMissingRepeatedOrSwappedLineIsFoundAndNamed) {
    const auto good = lines_of(text_of());
    ASSERT_EQ(good.size(), records + 1);
    for (std::size_t i = 1; i < good.size(); ++i) {
        auto bad = good;
        bad.erase(bad.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_EQ(verify_log_text(joined(bad), made().head)->broken_at, i);
        bad = good;
        bad.insert(bad.begin() + static_cast<std::ptrdiff_t>(i), good[i]);
        EXPECT_EQ(verify_log_text(joined(bad))->broken_at, i + 1);
        if (i + 1 < good.size()) {
            bad = good;
            std::swap(bad[i], bad[i + 1]);
            EXPECT_EQ(verify_log_text(joined(bad))->broken_at, i);
        }
    }
}

TEST(LogText, AFileCutAtAnyByteIsFoundWithTheSignedHead) {
    const std::string good = text_of();
    for (std::size_t size = 0; size < good.size(); ++size) {
        const auto verdict = verify_log_text(std::string_view{good}.substr(0, size), made().head);
        EXPECT_TRUE(!verdict || !verdict->intact()) << size;
    }
}

TEST(LogText, WhatIsNoLogIsAnErrorAndNoVerdict) {
    for (const std::string& text :
         {std::string{}, std::string{"\n"}, std::string{"{}\n"}, text_of().substr(1), std::string(100'000, '[')})
        EXPECT_FALSE(verify_log_text(text)) << text.substr(0, 20);
}

}  // namespace
}  // namespace basalt::storage
