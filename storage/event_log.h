// storage/event_log.h: the event log of log.db: a chain of hashes over canonical records, only ever added to. It is the
// journal of record: the tables follow it. Format and what the chain cannot see: docs/formats/log-record.md.
#pragma once
#include "storage/database.h"
#include "storage/event.h"

#include <optional>
#include <span>
#include <vector>

namespace basalt::storage {

/// Where a log ends. {0, zeros} is an empty one.
struct LogHead {
    std::uint64_t seq = 0;
    Digest hash{};
    friend bool operator==(const LogHead&, const LogHead&) = default;
};

/// SHA-256(previous || canonical bytes).
Result<Digest> chain(const Digest& previous, std::string_view canonical_bytes);

/// What a check of the chain found. `words` is a whole sentence, either way.
struct ChainVerdict {
    std::optional<std::uint64_t> broken_at;  ///< first record that does not fit, or is missing
    std::string words;
    LogHead head;  ///< the last record that fits
    bool intact() const noexcept { return !broken_at; }
};

/// A part of the chain that was checked. Fewer events than were asked for, and nothing broken: the log ends here.
struct ChainPiece {
    std::vector<LoggedEvent> events;         ///< those that fit
    std::optional<std::uint64_t> broken_at;  ///< the first that does not
    std::string words;                       ///< a whole sentence, when broken
};

/// `witness` is remembered; `found` stands in the log under its number. nullopt: they are the same.
std::optional<std::string> differs(const LogHead& witness, const LogHead& found);
/// The words for a log that ends at `end`, before a record that is remembered.
std::string cut_off(std::uint64_t end, std::uint64_t remembered);

class EventLog {
  public:
    static Result<EventLog> open(const std::filesystem::path& file, const Key& key, const FileOptions& options = {});

    /// Writes all of them, in order, or none: one transaction, durable when it returns. Returns them as they stand in
    /// the log. Errors: usage (an event does not fit its kind), io, unreadable; the log is then as it was.
    Result<std::vector<LoggedEvent>> append(std::span<const Event> events);

    LogHead head() const noexcept { return head_; }

    /// At most `limit` records from number `from` on. Each is read strictly; the chain is verify()'s to judge.
    Result<std::vector<LoggedEvent>> read(std::uint64_t from, std::size_t limit);

    /// The next at most `limit` records after `from`, as far as they fit each other and `from`.
    Result<ChainPiece> verify_piece(const LogHead& from, std::size_t limit);

    /// Walks the whole chain, once. A log that ends early fits its own chain: `witnesses` are records that somebody
    /// else remembers (the tables, the TPM), each of which must be in it.
    Result<ChainVerdict> verify(std::span<const LogHead> witnesses = {});

    /// Calls `each` for every record from `from` on, in order, until it answers false.
    template <class Each>
    Result<void> for_each(std::uint64_t from, Each each) {
        constexpr std::size_t at_once = 256;
        for (;;) {
            auto part = read(from, at_once);
            if (!part) return std::unexpected{part.error()};
            for (const LoggedEvent& event : *part)
                if (!each(event)) return {};
            if (part->size() < at_once) return {};
            from = part->back().seq + 1;
        }
    }

    /// Records that were read since it was opened: what a slot costs.
    std::uint64_t records_read() const noexcept { return records_read_; }

    /// Reads every page of the file. See Database::check().
    Result<void> check_file() const { return database_->check(); }

  private:
    EventLog(std::unique_ptr<Database> database, Statement insert, Statement range) noexcept
        : database_(std::move(database)), insert_(std::move(insert)), range_(std::move(range)) {}
    Result<void> find_head();

    std::unique_ptr<Database> database_;
    Statement insert_, range_;
    LogHead head_;
    std::uint64_t records_read_ = 0;
};

}  // namespace basalt::storage
