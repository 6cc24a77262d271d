#include "device/firmware/records/verify.h"

#include "device/firmware/records/tables.h"
#include "storage/sha256.h"

#include <fmt/format.h>

#include <algorithm>

namespace basalt::firmware {

using Answer = Result<std::optional<Verified>>;

Verified RunningCheck::found(hal::Finding finding, std::string words) const {
    return {finding, std::move(words), at_.seq};
}

/// Damage is an answer of this check; anything else means that it could not be made.
Answer RunningCheck::damaged(const Error& error) const {
    if (error.code != ErrorCode::unreadable) return std::unexpected{error};
    return found(hal::Finding::storage_damaged, error.what);
}

Answer RunningCheck::go_on(storage::EventLog& log, Tables& tables, std::size_t records) {
    auto piece = log.verify_piece(at_, records);
    if (!piece) return std::unexpected{piece.error()};
    for (const storage::LoggedEvent& logged : piece->events) {
        const storage::LogHead here{logged.seq, logged.hash};
        for (const auto& witness : witnesses_)
            if (auto words = storage::differs(witness, here)) return found(hal::Finding::log_broken, std::move(*words));
        at_ = here;
        if (auto end = one(logged, tables); !end || *end) return end;
    }
    if (piece->broken_at) return found(hal::Finding::log_broken, std::move(piece->words));
    if (at_.seq < log.head().seq && piece->events.size() == records) return std::nullopt;
    witnesses_.push_back(log.head());
    for (const auto& witness : witnesses_) {
        if (witness.seq > at_.seq) return found(hal::Finding::log_broken, storage::cut_off(at_.seq, witness.seq));
        if (auto words = storage::differs(witness, at_)) return found(hal::Finding::log_broken, std::move(*words));
    }
    return after_the_last(tables);
}

/// Reads the dose table beside the log, row after row. nullopt behind the last row.
Result<std::optional<storage::DoseRow>> RunningCheck::next_dose(Tables& tables) {
    constexpr std::size_t at_once = 64;
    if (dose_at_ == doses_.size()) {
        auto more = tables.doses().read(doses_from_, at_once);
        if (!more) return std::unexpected{more.error()};
        doses_ = std::move(*more);
        dose_at_ = 0;
        if (doses_.empty()) return std::optional<storage::DoseRow>{};
        doses_from_ = doses_.back().row + 1;
    }
    return std::optional{doses_[dose_at_++]};
}

Answer RunningCheck::one(const storage::LoggedEvent& logged, Tables& tables) {
    auto effect = follow(standing_, logged.seq, logged.event);
    if (!effect) return found(hal::Finding::log_broken, effect.error().what);
    if (effect->dose && logged.seq <= tables.patient_follows().seq) {
        const auto row = next_dose(tables);
        if (!row) return damaged(row.error());
        if (*row != effect->dose)
            return found(hal::Finding::storage_damaged,
                         fmt::format("Row {} of the dose table is not what record {} of the event log says.",
                                     effect->dose->row, logged.seq));
    }
    if (effect->setting && logged.seq <= tables.configuration_follows().seq)
        settings_[effect->setting->first] = effect->setting->second;
    if (logged.seq == tables.patient_follows().seq) at_position_ = standing_;
    if (logged.event.what == storage::kind_of(storage::EventId::rows_sealed).key) return seal(logged, tables);
    return std::nullopt;
}

Answer RunningCheck::seal(const storage::LoggedEvent& logged, Tables& tables) {
    const std::int64_t* first = logged.event.number("first");
    const std::int64_t* last = logged.event.number("last");
    const std::string* digest = logged.event.text("digest");
    // No device ever sealed another number of rows; one that names millions is there to keep the check busy.
    constexpr auto rows_under_a_seal = static_cast<std::int64_t>(storage::glucose_group);
    if (first == nullptr || last == nullptr || digest == nullptr || *first < 1 || *last < *first ||
        *last - *first + 1 != rows_under_a_seal)
        return found(hal::Finding::log_broken, fmt::format("Record {} of the event log is no seal.", logged.seq));
    auto rows = tables.glucose().read(static_cast<std::uint64_t>(*first), storage::glucose_group);
    if (!rows) return damaged(rows.error());
    const auto sum = storage::seal_of(*rows);
    if (!sum) return std::unexpected{sum.error()};
    if (storage::to_hex(*sum) != *digest)
        return found(hal::Finding::storage_damaged,
                     fmt::format("Glucose readings {} to {} are not what they were when they were sealed (record {}).",
                                 *first, *last, logged.seq));
    return std::nullopt;
}

Answer RunningCheck::after_the_last(Tables& tables) {
    const auto row = next_dose(tables);
    if (!row) return damaged(row.error());
    if (*row)
        return found(hal::Finding::storage_damaged,
                     fmt::format("Row {} of the dose table has no record in the event log.", (*row)->row));
    if (tables.patient_follows().seq != 0 && to_bytes(at_position_) != to_bytes(tables.standing()))
        return found(hal::Finding::storage_damaged,
                     "What patient.db remembers of the event log is not what the log says.");
    const auto settings = tables.settings().all();
    if (!settings) return damaged(settings.error());
    if (*settings != settings_)
        return found(hal::Finding::storage_damaged, "The settings table is not what the event log says.");
    return Verified{
        std::nullopt,
        fmt::format("All {} records of the event log fit each other, and the tables say what the log says.", at_.seq),
        at_.seq};
}

Result<Verified> verify_records(storage::EventLog& log, Tables& tables) {
    constexpr std::size_t at_once = 256;
    for (auto whole : {log.check_file(), tables.check_files()})
        if (!whole) {
            if (whole.error().code != ErrorCode::unreadable) return std::unexpected{whole.error()};
            return Verified{hal::Finding::storage_damaged, whole.error().what, 0};
        }
    RunningCheck check{{tables.patient_follows(), tables.configuration_follows()}};
    for (;;) {
        auto end = check.go_on(log, tables, at_once);
        if (!end) return std::unexpected{end.error()};
        if (*end) return **end;
    }
}

}  // namespace basalt::firmware
