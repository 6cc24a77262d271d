// device/firmware/records/journal.h: the firmware's memory: what was asked, what the guardian wrote down, what the
// motor moved, glucose, settings. Three databases (config.db, patient.db, log.db), one door.
//
// The event log is the journal of record; the tables follow it (docs/decisions/0003-log-first.md). The order of a tick:
//
//     journal.note_tick(tick_frame);                    // what the motor really moved; says when the ring is to be
//     read while (journal.ring_waiting()) ask the guardian from ring_next(), journal.import_ring(now, frame);
//     journal.note_asked(...);                          // on disk when it returns; only then may the request leave
//     journal.note_answer(...);
//     journal.commit();                                 // once, before SlotEnd
#pragma once
#include "device/common/result.h"
#include "device/firmware/records/verify.h"
#include "device/hal/dose_frames.h"
#include "storage/database.h"
#include "storage/doses.h"
#include "storage/event_log.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace basalt::firmware {

/// One key for each data class. They go into the databases and are wiped when the Journal has opened them.
struct RecordKeys {
    storage::Key configuration, patient, log;
};

struct Imported {
    std::uint32_t entries = 0;            ///< that were new
    bool more = false;                    ///< the ring holds later ones: ask again, from ring_next()
    std::optional<hal::Finding> finding;  ///< to be reported to the guardian, once
};

/// A dose as people see it: what of it has really moved.
struct Dose {
    storage::DoseRow row;
    std::int64_t moved_mu = 0;  ///< 0 to amount_mu; below it while the motor is on its way, or where it came no further
};

struct GlucoseReading {
    std::uint64_t row = 0;
    Tick measured;
    std::uint16_t mg_dl = 0;
};

class Journal {
  public:
    struct Options {
        std::filesystem::path directory;   ///< flash/db: exists, and is this program's alone
        const char* file_layer = nullptr;  ///< a registered SQLite VFS; nullptr: the system's files
        storage::Durability durability = storage::Durability::power_cut;
    };
    /// Opens the three databases, makes them when none of them is there, brings tables up to the log, and writes
    /// `records_opened`.
    /// Errors:
    ///   unreadable  wrong key, damage, one of the three missing or empty, tables and log that do not belong together
    ///   refused     made by a newer version; nothing was changed
    ///   io          disk full, read-only, or in use by another program
    static Result<Journal> open(const RecordKeys& keys, const Options& options, Tick now);
    Journal(Journal&&) noexcept;
    Journal& operator=(Journal&&) noexcept;
    ~Journal();

    // ---- doses -----------------------------------------------------------------------------------

    /// Durable when it returns (one transaction of log.db, with all that was noted before). On an error the request
    /// must not be sent: the guardian then gives the profile's dose by itself.
    Result<void> note_asked(Tick now, std::uint32_t request_id, MilliUnits amount, hal::DoseKind kind);
    /// Kept until commit(). Lost in a crash before it: the ring then says whether the dose was given.
    Result<void> note_answer(Tick now, std::uint32_t request_id, hal::DoseVerdict verdict, std::uint32_t ring_seq);
    /// What the guardian says in each tick about the motor, the target and the ring. Call it first in a tick, then
    /// import while ring_waiting(). Kept until commit().
    /// Returns: ring_rolled_back, once, when the ring ends before what was imported from it: tell the guardian.
    Result<std::optional<hal::Finding>> note_tick(const hal::FirmwareTick& tick);
    bool ring_waiting() const noexcept;        ///< the ring has entries that are not imported
    std::uint32_t ring_next() const noexcept;  ///< for RingRequest::from
    /// `frame` answers RingRequest{ring_next()}, or an earlier one. Entries that are already here change nothing.
    /// Entries that the ring no longer holds, or cannot read, are recorded as a gap. Kept until commit().
    /// Finding: ring_rolled_back as note_tick(); storage_damaged, once, when these records are new and the ring shows a
    /// dose that a firmware asked for before they were: the earlier records are gone (event records_missing).
    Result<Imported> import_ring(Tick now, const hal::RingEntries& frame);

    // ---- the rest of what a firmware remembers ---------------------------------------------------

    /// A reading that is already here (same tick of measurement), or of 0 (none), changes nothing. Kept until commit().
    Result<void> note_glucose(Tick measured, std::uint16_t mg_dl);
    /// Any other event of the table. Kept until commit().
    Result<void> note(storage::Event event);
    /// `name`: 1 to 64 of a-z 0-9 . _; `value`: at most 512 bytes of printable UTF-8. No secret. Kept until commit().
    Result<void> change_setting(Tick now, std::string_view who, std::string_view name, std::string_view value);
    /// config.db, for the tables of accounts, whose changes are transactions of their own. Good as long as this is.
    storage::Database& configuration() noexcept;
    /// nullopt: never set.
    Result<std::optional<std::string>> setting(std::string_view name) const;

    /// Makes all that was noted durable: one transaction of log.db, then one of patient.db, then one of config.db where
    /// a setting changed; a database with nothing new is not touched. After an error nothing is forgotten: the next
    /// commit() tries again, and a crash in between is repaired by the next open().
    Result<void> commit();

    // ---- reading: what commit() has made durable -------------------------------------------------

    Result<std::vector<storage::LoggedEvent>> events(std::uint64_t from, std::size_t limit) const;
    Result<std::vector<Dose>> doses(std::uint64_t from_row, std::size_t limit) const;
    Result<std::vector<GlucoseReading>> glucose(std::uint64_t from_row, std::size_t limit) const;
    /// Where the log stands: what the TPM signs and anchors.
    storage::LogHead log_head() const noexcept;
    /// Goes on with the check of everything from the first record on; begins it when none is running. The first piece
    /// after open() looks at the newest records first: at those since what patient.db remembers.
    /// Reads at most `records` records and the rows that belong to them.
    /// Returns: nullopt: not over, or not now (something waits for the disk).
    Result<std::optional<Verified>> verify_piece(std::size_t records);
    std::uint64_t verified_so_far() const noexcept;  ///< records, of the check that is running; 0 when none is
    std::uint64_t records_read() const noexcept;     ///< of the log, since open()
    /// Reads everything: each page, the whole chain, each table against the log.
    /// Takes time in proportion to what is on record: some ten thousand records a second.
    Result<Verified> verify() const;

  private:
    struct State;
    explicit Journal(std::unique_ptr<State> state) noexcept;
    std::unique_ptr<State> state_;
};

}  // namespace basalt::firmware
