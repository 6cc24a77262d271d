#include "device/firmware/records/journal.h"

#include "device/firmware/records/follow.h"
#include "device/firmware/records/ring_events.h"
#include "device/firmware/records/tables.h"
#include "storage/sha256.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace basalt::firmware {
namespace {

using storage::Event;
using storage::EventId;
using storage::make_event;
using storage::Outcome;

/// So many events wait for a disk that is full; later ones are refused, and counted by whoever wants to note them.
constexpr std::size_t waiting_max = 4096;

constexpr std::string_view self = "firmware";

storage::Value number(std::integral auto value) { return static_cast<std::int64_t>(value); }
storage::Value text(std::string_view value) { return std::string{value}; }

bool is_setting_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
    });
}

}  // namespace

struct Journal::State {
    storage::EventLog log;
    Tables tables;
    Standing standing;            ///< after everything that was noted, on disk or not
    std::vector<Event> gathered;  ///< noted, not yet in log.db
    std::optional<hal::FirmwareTick> tick;
    bool rollback_told = false;
    std::vector<std::uint32_t> from_earlier_start{};  ///< requests that were open when the records were opened

    Tick opened_at;
    std::optional<storage::LogHead> newest_from{};  ///< what patient.db remembered when it was opened; until looked at
    std::optional<RunningCheck> check{};

    /// Nothing of the ring is on record, and no request is open. Before the first dose is asked for, the ring (which
    /// holds at least this start) has been imported: so every dose of a firmware that the ring held when these records
    /// were opened was asked for out of others, which are gone.
    bool without_past = false;
    std::optional<std::uint32_t> ring_at_opening{};  ///< its newest entry, as the first tick said
    bool missing_told = false;

    // ---- noting ----------------------------------------------------------------------------------

    Result<void> gather(Event event) {
        if (gathered.size() >= waiting_max)
            return fail(ErrorCode::io, "Too many events wait to be written; this one is not on record.",
                        "Free some space on the disk; the device tries again by itself.");
        const std::uint64_t seq = log.head().seq + gathered.size() + 1;
        if (auto spelled = storage::canonical(seq, event); !spelled) return std::unexpected{spelled.error()};
        auto effect = follow(standing, seq, event);
        if (!effect) return std::unexpected{effect.error()};
        tables.expect(std::move(*effect));
        gathered.push_back(std::move(event));
        return {};
    }

    Result<void> write_log() {
        auto written = log.append(gathered);
        if (!written) return std::unexpected{written.error()};
        gathered.clear();
        return {};
    }

    // ---- the ring and the motor ------------------------------------------------------------------

    /// What the motor was sent for (or moved) beyond all that is on record becomes a row of its own, so that the dose
    /// table stays equal to the motor's count.
    Result<void> account_for(Tick now, MotorCount actual) {
        const std::int64_t difference = actual.milli_units - standing.target.milli_units;
        if (difference == 0) return {};
        const EventId kind = standing.dose_rows == 0 ? EventId::dose_before_records
                             : standing.in_gap       ? EventId::dose_in_gap
                                                     : EventId::dose_unexplained;
        const Outcome outcome = kind == EventId::dose_unexplained ? Outcome::failed : Outcome::done;
        return gather(make_event(kind, now.seconds, self, outcome, {number(difference), number(actual.milli_units)}));
    }

    Result<void> take(Tick now, const hal::RingEntry& entry) {
        if (entry.seq != standing.ring_seq + 1)
            if (auto gap = gather(make_event(EventId::ring_gap, now.seconds, self, Outcome::failed,
                                             {number(standing.ring_seq + 1), number(entry.seq - 1)}));
                !gap)
                return gap;
        const RingRow& row = ring_row(entry.kind);
        if (row.moves_the_motor)
            if (auto before = account_for(now, {entry.target.milli_units - entry.amount.count}); !before) return before;
        if (auto taken = gather(row.event(now, entry)); !taken) return taken;
        if (shows_others_before(entry)) {
            missing_told = true;
            if (auto told = gather(make_event(EventId::records_missing, now.seconds, self, Outcome::failed,
                                              {number(entry.seq), number(entry.tick.seconds)}));
                !told)
                return told;
        }
        return entry.kind == hal::RingKind::dose ? answer_from_ring(now, entry) : Result<void>{};
    }

    bool shows_others_before(const hal::RingEntry& entry) const {
        return without_past && !missing_told && ring_at_opening && entry.seq <= *ring_at_opening &&
               entry.kind == hal::RingKind::dose &&
               (static_cast<hal::DoseSource>(entry.code) == hal::DoseSource::firmware_basal ||
                static_cast<hal::DoseSource>(entry.code) == hal::DoseSource::firmware_bolus);
    }

    /// Only answers that can no longer come: those of an earlier tick, or of an earlier start.
    bool is_lost(const OpenRequest& request, Tick now) const {
        return request.asked < now || std::ranges::find(from_earlier_start, request.id) != from_earlier_start.end();
    }

    Result<void> answer_from_ring(Tick now, const hal::RingEntry& entry) {
        const auto source = static_cast<hal::DoseSource>(entry.code);
        if (source != hal::DoseSource::firmware_basal && source != hal::DoseSource::firmware_bolus) return {};
        const auto kind = source == hal::DoseSource::firmware_bolus ? hal::DoseKind::bolus : hal::DoseKind::basal;
        for (std::size_t i = 0; i < standing.open_count; ++i) {
            const OpenRequest request = standing.open[i];
            if (request.kind == kind && request.amount == entry.amount && request.asked <= entry.tick &&
                is_lost(request, now))
                return gather(make_event(EventId::request_found_given, now.seconds, self, Outcome::done,
                                         {number(request.id), number(entry.seq)}));
        }
        return {};
    }

    /// Everything that the ring holds is on record: what is still open was not given, and the sum must be the motor's.
    Result<void> caught_up(Tick now) {
        for (std::size_t i = 0; i < standing.open_count;) {
            const OpenRequest request = standing.open[i];
            if (!is_lost(request, now)) {
                ++i;
                continue;
            }
            if (auto told = gather(make_event(EventId::request_found_not_given, now.seconds, self, Outcome::failed,
                                              {number(request.id)}));
                !told)
                return told;
        }
        from_earlier_start.clear();
        if (!tick || (tick->ring_last > standing.ring_seq)) return {};
        if (tick->ring_last < standing.ring_seq && !rollback_told) return {};  // newer doses than the tick knew of
        return account_for(now, std::max(tick->target, tick->motor));
    }

    /// Seals each full group of readings that is on disk: a seal that reached the log before its rows would be a false
    /// alarm.
    Result<void> seal_readings() {
        while (tables.glucose_rows() >= standing.glucose_sealed + storage::glucose_group) {
            const std::uint64_t first = standing.glucose_sealed + 1;
            const auto rows = tables.glucose().read(first, storage::glucose_group);
            if (!rows) return std::unexpected{rows.error()};
            const auto digest = storage::seal_of(*rows);
            if (!digest) return std::unexpected{digest.error()};
            if (auto sealed =
                    gather(make_event(EventId::rows_sealed, sealed_at(), self, Outcome::done,
                                      {text("glucose"), number(first), number(first + storage::glucose_group - 1),
                                       storage::to_hex(*digest)}));
                !sealed)
                return sealed;
        }
        return {};
    }
    std::uint64_t sealed_at() const { return tick ? tick->tick.seconds : opened_at.seconds; }

    Result<std::optional<hal::Finding>> rolled_back(Tick now, std::uint32_t newest) {
        if (rollback_told) return std::optional<hal::Finding>{};
        if (auto noted = gather(make_event(EventId::ring_rolled_back, now.seconds, self, Outcome::failed,
                                           {number(newest), number(standing.ring_seq)}));
            !noted)
            return std::unexpected{noted.error()};
        rollback_told = true;
        return std::optional{hal::Finding::ring_rolled_back};
    }
};

// ---- opening -------------------------------------------------------------------------------------

namespace {

std::unexpected<Error> do_not_belong_together(std::string what) {
    return fail(ErrorCode::unreadable, std::move(what), "Report the damage; restore the records from a backup.");
}

/// What a database remembers of the log must stand there.
Result<void> is_witnessed(storage::EventLog& log, std::string_view database, const storage::LogHead& remembered) {
    if (remembered.seq == 0) return {};
    const auto found = log.read(remembered.seq, 1);
    if (!found) return std::unexpected{found.error()};
    if (found->empty() || found->front().seq != remembered.seq)
        return do_not_belong_together(
            fmt::format("The event log ends at record {}, but {} remembers record {}: the log's end was cut "
                        "off, or an older copy was put back.",
                        log.head().seq, database, remembered.seq));
    if (found->front().hash != remembered.hash)
        return do_not_belong_together(
            fmt::format("Record {} of the event log is not the one that {} remembers: one of them was replaced.",
                        remembered.seq, database));
    return {};
}

/// Brings the tables up to the log: whatever a crash left between them.
Result<void> catch_up(storage::EventLog& log, Tables& tables, Standing& standing) {
    const std::uint64_t patient = tables.patient_follows().seq;
    const std::uint64_t configuration = tables.configuration_follows().seq;
    Result<void> followed{};
    auto read = log.for_each(std::min(patient, configuration) + 1, [&](const storage::LoggedEvent& logged) {
        const bool of_patient = logged.seq > patient;
        auto effect = of_patient ? follow(standing, logged.seq, logged.event)
                                 : Result<Effect>{Effect{{}, setting_of(logged.event)}};
        if (!effect) {
            followed = std::unexpected{effect.error()};
            return false;
        }
        if (logged.seq <= configuration) effect->setting.reset();
        tables.expect(std::move(*effect));
        return true;
    });
    return read ? followed : read;
}

}  // namespace

Journal::Journal(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

Result<Journal> Journal::open(const RecordKeys& keys, const Options& options, Tick now) {
    const auto there = [&options](const char* name) {
        return storage::Database::exists(options.directory / name, options.file_layer);
    };
    const auto is_missing = [](std::string_view name) {
        return do_not_belong_together(
            fmt::format("{} is missing, though other records are there: somebody removed it.", name));
    };
    // The log is made first and holds its first record last. So others without a log, or a log with records and without
    // the others, are no start that was cut short.
    const bool others = there("patient.db") || there("config.db");
    if (others && !there("log.db")) return is_missing("log.db");
    storage::FileOptions files{options.file_layer, options.durability, true};
    auto log = storage::EventLog::open(options.directory / "log.db", keys.log, files);
    if (!log) return std::unexpected{log.error()};
    const bool first_start = log->head().seq == 0;
    if (!first_start)
        for (const char* name : {"patient.db", "config.db"})
            if (!there(name)) return is_missing(name);
    files.may_create = first_start;
    auto tables = Tables::open(options.directory, keys.patient, keys.configuration, files);
    if (!tables) return std::unexpected{tables.error()};

    if (auto fits = is_witnessed(*log, "patient.db", tables->patient_follows()); !fits)
        return std::unexpected{fits.error()};
    if (auto fits = is_witnessed(*log, "config.db", tables->configuration_follows()); !fits)
        return std::unexpected{fits.error()};
    Standing standing = tables->standing();
    const storage::LogHead remembered = tables->patient_follows();
    if (auto done = catch_up(*log, *tables, standing); !done) return std::unexpected{done.error()};

    Journal journal{
        std::make_unique<State>(State{std::move(*log), std::move(*tables), standing, {}, {}, false, {}, now})};
    State& state = *journal.state_;
    state.without_past = standing.ring_seq == 0 && standing.open_count == 0;
    state.newest_from = remembered;
    for (std::size_t i = 0; i < standing.open_count; ++i) state.from_earlier_start.push_back(standing.open[i].id);
    if (first_start)
        if (auto begun = state.gather(make_event(EventId::log_started, now.seconds, self, Outcome::done, {})); !begun)
            return std::unexpected{begun.error()};
    if (auto opened = state.gather(make_event(EventId::records_opened, now.seconds, self, Outcome::done, {})); !opened)
        return std::unexpected{opened.error()};
    if (auto written = state.write_log(); !written) return std::unexpected{written.error()};
    if (auto followed = state.tables.commit(state.log.head(), state.standing, true); !followed)
        return std::unexpected{followed.error()};
    return journal;
}

// ---- doses ---------------------------------------------------------------------------------------

Result<void> Journal::note_asked(Tick now, std::uint32_t request_id, MilliUnits amount, hal::DoseKind kind) {
    const Standing before = state_->standing;
    auto asked = state_->gather(make_event(EventId::dose_asked, now.seconds, self, Outcome::done,
                                           {number(request_id), text(key_of(kind)), number(amount.count)}));
    if (!asked) return asked;
    auto written = state_->write_log();
    if (!written) {  // the request will not leave, so nobody asked
        state_->gathered.pop_back();
        state_->standing = before;
    }
    return written;
}

Result<void> Journal::note_answer(Tick now, std::uint32_t request_id, hal::DoseVerdict verdict,
                                  std::uint32_t ring_seq) {
    if (verdict == hal::DoseVerdict::accepted)
        return state_->gather(make_event(EventId::dose_accepted, now.seconds, "guardian", Outcome::done,
                                         {number(request_id), number(ring_seq)}));
    return state_->gather(make_event(EventId::dose_refused, now.seconds, "guardian", Outcome::refused,
                                     {number(request_id), text(key_of(verdict))}));
}

Result<std::optional<hal::Finding>> Journal::note_tick(const hal::FirmwareTick& tick) {
    State& state = *state_;
    const bool at_rest = tick.motor >= tick.target || (state.tick && state.tick->motor == tick.motor);
    state.tick = tick;
    if (!state.ring_at_opening) state.ring_at_opening = tick.ring_last;
    if (at_rest && tick.motor != state.standing.moved)
        if (auto noted = state.gather(make_event(EventId::motor_moved, tick.tick.seconds, "guardian", Outcome::done,
                                                 {number(tick.motor.milli_units)}));
            !noted)
            return std::unexpected{noted.error()};
    std::optional<hal::Finding> finding;
    if (tick.ring_last < state.standing.ring_seq) {
        auto told = state.rolled_back(tick.tick, tick.ring_last);
        if (!told) return told;
        finding = *told;
    }
    if (!ring_waiting())
        if (auto done = state.caught_up(tick.tick); !done) return std::unexpected{done.error()};
    return finding;
}

bool Journal::ring_waiting() const noexcept {
    return state_->tick && state_->tick->ring_last > state_->standing.ring_seq;
}

std::uint32_t Journal::ring_next() const noexcept { return state_->standing.ring_seq + 1; }

Result<Imported> Journal::import_ring(Tick now, const hal::RingEntries& frame) {
    State& state = *state_;
    Imported imported;
    if (frame.newest < state.standing.ring_seq) {
        auto told = state.rolled_back(now, frame.newest);
        if (!told) return std::unexpected{told.error()};
        imported.finding = *told;
        return imported;
    }
    const bool told_before = state.missing_told;
    const auto entries = std::span{frame.entries}.first(std::min<std::size_t>(frame.count, hal::ring_entries_a_frame));
    for (const hal::RingEntry& entry : entries) {
        if (entry.seq <= state.standing.ring_seq || entry.seq > frame.newest) continue;
        if (auto taken = state.take(now, entry); !taken) return std::unexpected{taken.error()};
        ++imported.entries;
    }
    if (state.missing_told && !told_before) imported.finding = hal::Finding::storage_damaged;
    const bool none_readable = entries.empty() && frame.newest > state.standing.ring_seq;
    if (none_readable)
        if (auto gap = state.gather(make_event(EventId::ring_gap, now.seconds, self, Outcome::failed,
                                               {number(state.standing.ring_seq + 1), number(frame.newest)}));
            !gap)
            return std::unexpected{gap.error()};
    imported.more = frame.newest > state.standing.ring_seq;
    if (!imported.more)
        if (auto done = state.caught_up(now); !done) return std::unexpected{done.error()};
    return imported;
}

// ---- the rest ------------------------------------------------------------------------------------

Result<void> Journal::note_glucose(Tick measured, std::uint16_t mg_dl) {
    if (mg_dl == 0) return {};
    if (state_->tables.readings_waiting() >= waiting_max)
        return fail(ErrorCode::io, "Too many glucose readings wait to be written; this one is not on record.",
                    "Free some space on the disk; the device tries again by itself.");
    state_->tables.expect_reading(measured, mg_dl);
    return {};
}

Result<void> Journal::note(Event event) { return state_->gather(std::move(event)); }

Result<void> Journal::change_setting(Tick now, std::string_view who, std::string_view name, std::string_view value) {
    if (!is_setting_name(name) || value.size() > 512)
        return fail(
            ErrorCode::usage, fmt::format("\"{}\" cannot be a setting, or its value is too long.", name.substr(0, 64)),
            "Give a name of at most 64 small letters, digits, dots and underscores, and a value of at most 512 bytes.");
    return state_->gather(
        make_event(EventId::setting_changed, now.seconds, who, Outcome::done, {text(name), text(value)}));
}

storage::Database& Journal::configuration() noexcept { return state_->tables.configuration(); }

Result<std::optional<std::string>> Journal::setting(std::string_view name) const {
    return state_->tables.settings().get(name);
}

Result<void> Journal::commit() {
    State& state = *state_;
    if (auto sealed = state.seal_readings(); !sealed) return sealed;
    if (auto written = state.write_log(); !written) return written;
    return state.tables.commit(state.log.head(), state.standing);
}

// ---- reading -------------------------------------------------------------------------------------

Result<std::vector<storage::LoggedEvent>> Journal::events(std::uint64_t from, std::size_t limit) const {
    return state_->log.read(from, limit);
}

Result<std::vector<Dose>> Journal::doses(std::uint64_t from_row, std::size_t limit) const {
    // A later row that ends below where a dose would have ended says that the motor came no further: look a few rows
    // ahead.
    constexpr std::size_t ahead = 8;
    const auto rows = state_->tables.doses().read(from_row, limit + ahead);
    if (!rows) return std::unexpected{rows.error()};
    std::vector<Dose> doses;
    const std::int64_t motor = state_->standing.moved.milli_units;
    for (std::size_t i = 0; i < std::min(limit, rows->size()); ++i) {
        const auto& row = (*rows)[i];
        std::int64_t reached = motor;
        for (std::size_t later = i + 1; later < std::min(rows->size(), i + 1 + ahead); ++later)
            reached = std::min(reached, (*rows)[later].target_mu);
        const std::int64_t begin = row.target_mu - row.amount_mu;
        doses.push_back({row, row.amount_mu > 0 ? std::clamp<std::int64_t>(reached - begin, 0, row.amount_mu) : 0});
    }
    return doses;
}

Result<std::vector<GlucoseReading>> Journal::glucose(std::uint64_t from_row, std::size_t limit) const {
    const auto rows = state_->tables.glucose().read(from_row, limit);
    if (!rows) return std::unexpected{rows.error()};
    std::vector<GlucoseReading> readings;
    for (const auto& row : *rows)
        readings.push_back({row.row, {row.measured_s}, static_cast<std::uint16_t>(row.mg_dl)});
    return readings;
}

storage::LogHead Journal::log_head() const noexcept { return state_->log.head(); }

Result<std::optional<Verified>> Journal::verify_piece(std::size_t records) {
    State& state = *state_;
    if (!state.gathered.empty() || !state.tables.level()) return std::nullopt;
    if (state.newest_from) {
        auto newest = state.log.verify_piece(*state.newest_from, records);
        if (!newest) return std::unexpected{newest.error()};
        state.newest_from.reset();
        if (newest->broken_at) {
            const std::uint64_t fitting = *newest->broken_at - 1;
            return Verified{hal::Finding::log_broken, std::move(newest->words), fitting};
        }
        records -= std::min(records, newest->events.size());
    }
    if (!state.check)
        state.check.emplace(
            std::vector{state.tables.patient_follows(), state.tables.configuration_follows(), state.log.head()});
    if (records == 0) return std::nullopt;
    auto end = state.check->go_on(state.log, state.tables, records);
    if (!end || *end) state.check.reset();
    return end;
}

std::uint64_t Journal::verified_so_far() const noexcept { return state_->check ? state_->check->records() : 0; }
std::uint64_t Journal::records_read() const noexcept { return state_->log.records_read(); }

Result<Verified> Journal::verify() const { return verify_records(state_->log, state_->tables); }

}  // namespace basalt::firmware
