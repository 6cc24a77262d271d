#include "storage/event_log.h"

#include "storage/sha256.h"

#include <fmt/format.h>

namespace basalt::storage {
namespace {

// The row is its canonical bytes: there is no second column that could say something else.
constexpr std::array<std::string_view, 1> schema{
    "CREATE TABLE events (seq INTEGER PRIMARY KEY, record TEXT NOT NULL, hash BLOB NOT NULL)"};

std::string changed(std::uint64_t seq) {
    return fmt::format(
        "Record {} of the event log, or the one before it, is not as this device wrote it. "
        "What stands from there on proves nothing.",
        seq);
}

std::string missing(std::uint64_t seq) {
    return fmt::format("Record {} of the event log is missing. What stands after it proves nothing.", seq);
}

std::string replaced(std::uint64_t seq) {
    return fmt::format(
        "Record {} of the event log is not the one that this device remembers: the log was replaced or rewritten.",
        seq);
}

std::string cut(std::uint64_t end, std::uint64_t remembered) {
    return fmt::format(
        "The event log ends at record {}, but this device remembers record {}: its end was cut off, or an older "
        "copy was put back.",
        end, remembered);
}

}  // namespace

Result<Digest> chain(const Digest& previous, std::string_view canonical_bytes) {
    return Sha256{}.add(std::span<const std::uint8_t>{previous}).add(canonical_bytes).finish();
}

Result<EventLog> EventLog::open(const std::filesystem::path& file, const Key& key, const FileOptions& options) {
    auto opened = Database::open(file, key, schema, options);
    if (!opened) return std::unexpected{opened.error()};
    auto database = std::make_unique<Database>(std::move(*opened));
    auto insert = database->prepare("INSERT INTO events (seq, record, hash) VALUES (?, ?, ?)");
    if (!insert) return std::unexpected{insert.error()};
    auto range = database->prepare("SELECT seq, record, hash FROM events WHERE seq >= ? ORDER BY seq LIMIT ?");
    if (!range) return std::unexpected{range.error()};
    EventLog log{std::move(database), std::move(*insert), std::move(*range)};
    if (auto found = log.find_head(); !found) return std::unexpected{found.error()};
    return log;
}

Result<void> EventLog::find_head() {
    auto last = database_->prepare("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1");
    if (!last) return std::unexpected{last.error()};
    auto row = last->one<std::int64_t, Digest>();
    if (!row) return std::unexpected{row.error()};
    if (*row) head_ = {static_cast<std::uint64_t>(std::get<0>(**row)), std::get<1>(**row)};
    return {};
}

Result<std::vector<LoggedEvent>> EventLog::append(std::span<const Event> events) {
    std::vector<LoggedEvent> written;
    if (events.empty()) return written;
    auto transaction = database_->begin();
    if (!transaction) return std::unexpected{transaction.error()};
    LogHead head = head_;
    for (const Event& event : events) {
        const auto bytes = canonical(head.seq + 1, event);
        if (!bytes) return std::unexpected{bytes.error()};
        const auto hash = chain(head.hash, *bytes);
        if (!hash) return std::unexpected{hash.error()};
        head = {head.seq + 1, *hash};
        if (auto row = insert_.run(head.seq, std::string_view{*bytes}, Blob{head.hash}); !row)
            return std::unexpected{row.error()};
        written.push_back({head.seq, event, head.hash});
    }
    if (auto done = transaction->commit(); !done) return std::unexpected{done.error()};
    head_ = head;
    return written;
}

Result<std::vector<LoggedEvent>> EventLog::read(std::uint64_t from, std::size_t limit) {
    std::vector<LoggedEvent> events;
    if (from > INT64_MAX || limit > INT64_MAX) return events;
    if (auto begun = range_.start(from, limit); !begun) return std::unexpected{begun.error()};
    for (;;) {
        auto row = range_.next<std::int64_t, std::string, Digest>();
        if (!row) return std::unexpected{row.error()};
        if (!*row) return events;
        ++records_read_;
        const auto& [seq, bytes, hash] = **row;
        auto record = read_canonical(bytes);
        if (!record || static_cast<std::int64_t>(record->seq) != seq)
            return fail(ErrorCode::unreadable, changed(static_cast<std::uint64_t>(seq)),
                        "Verify the log; compare it with its signed head.");
        events.push_back({record->seq, std::move(record->event), hash});
    }
}

Result<ChainPiece> EventLog::verify_piece(const LogHead& from, std::size_t limit) {
    ChainPiece piece;
    LogHead head = from;
    const auto broken = [&piece](std::uint64_t seq, std::string words) {
        piece.broken_at = seq;
        piece.words = std::move(words);
        return std::move(piece);
    };
    // At the begin also what somebody put in front of record 1.
    const std::int64_t first = from.seq == 0 ? INT64_MIN : static_cast<std::int64_t>(from.seq) + 1;
    if (auto begun = range_.start(first, limit); !begun) return std::unexpected{begun.error()};
    for (;;) {
        auto row = range_.next<std::int64_t, std::string, Digest>();
        const std::uint64_t expected = head.seq + 1;
        if (!row) {
            // A column of another type, or a page that does not open: the chain ends here, and the file itself is bad.
            if (row.error().code == ErrorCode::unreadable) return broken(expected, changed(expected));
            return std::unexpected{row.error()};
        }
        if (!*row) return piece;
        ++records_read_;
        const auto& [seq, bytes, hash] = **row;
        if (seq > static_cast<std::int64_t>(expected)) return broken(expected, missing(expected));
        auto record = read_canonical(bytes);
        const auto hashed = chain(head.hash, bytes);
        if (!hashed) return std::unexpected{hashed.error()};
        if (static_cast<std::uint64_t>(seq) != expected || !record || record->seq != expected || *hashed != hash)
            return broken(expected, changed(expected));
        head = {expected, hash};
        piece.events.push_back({expected, std::move(record->event), hash});
    }
}

std::optional<std::string> differs(const LogHead& witness, const LogHead& found) {
    if (witness.seq != found.seq || witness.hash == found.hash) return std::nullopt;
    return replaced(found.seq);
}

std::string cut_off(std::uint64_t end, std::uint64_t remembered) { return cut(end, remembered); }

Result<ChainVerdict> EventLog::verify(std::span<const LogHead> witnesses) {
    constexpr std::size_t at_once = 256;
    ChainVerdict verdict;
    const auto broken = [&verdict](std::uint64_t seq, std::string words) {
        verdict.broken_at = seq;
        verdict.words = std::move(words);
        return verdict;
    };
    for (bool more = true; more;) {
        auto piece = verify_piece(verdict.head, at_once);
        if (!piece) return std::unexpected{piece.error()};
        for (const LoggedEvent& event : piece->events) {
            const LogHead found{event.seq, event.hash};
            for (const LogHead& witness : witnesses)
                if (auto words = differs(witness, found)) return broken(event.seq, std::move(*words));
            verdict.head = found;
        }
        if (piece->broken_at) return broken(*piece->broken_at, std::move(piece->words));
        more = piece->events.size() == at_once;
    }
    for (const LogHead& witness : witnesses)
        if (witness.seq > verdict.head.seq) return broken(verdict.head.seq + 1, cut(verdict.head.seq, witness.seq));
    verdict.words = fmt::format("All {} records of the event log fit each other.", verdict.head.seq);
    return verdict;
}

}  // namespace basalt::storage
