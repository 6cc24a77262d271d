#include "device/firmware/records/verify.h"

#include "device/firmware/records/tables.h"
#include "storage/sha256.h"

#include <fmt/format.h>

#include <array>
#include <map>

namespace basalt::firmware {
namespace {

/// Reads the dose table beside the log, row after row.
class DoseReader {
  public:
    explicit DoseReader(storage::DoseTable& table) noexcept : table_(table) {}
    /// nullopt behind the last row.
    Result<std::optional<storage::DoseRow>> next() {
        if (at_ == rows_.size()) {
            auto more = table_.read(from_, at_once);
            if (!more) return std::unexpected{more.error()};
            rows_ = std::move(*more);
            at_ = 0;
            if (rows_.empty()) return std::optional<storage::DoseRow>{};
            from_ = rows_.back().row + 1;
        }
        return std::optional{rows_[at_++]};
    }

  private:
    static constexpr std::size_t at_once = 512;
    storage::DoseTable& table_;
    std::vector<storage::DoseRow> rows_;
    std::size_t at_ = 0;
    std::uint64_t from_ = 0;
};

class Check {
  public:
    Check(storage::EventLog& log, Tables& tables) noexcept : log_(log), tables_(tables), doses_(tables.doses()) {}

    Result<Verified> run() {
        for (auto whole : {log_.check_file(), tables_.check_files()})
            if (!whole) return damaged(whole.error());
        const std::array remembered{tables_.patient_follows(), tables_.configuration_follows()};
        auto chain = log_.verify(remembered);
        if (!chain) return std::unexpected{chain.error()};
        records_ = chain->head.seq;
        if (!chain->intact()) return found(hal::Finding::log_broken, chain->words);
        return tables_against_log();
    }

  private:
    Verified found(hal::Finding finding, std::string words) const { return {finding, std::move(words), records_}; }

    /// Damage is an answer of this check; anything else means that it could not be made.
    Result<Verified> damaged(const Error& error) const {
        if (error.code != ErrorCode::unreadable) return std::unexpected{error};
        return found(hal::Finding::storage_damaged, error.what);
    }

    Result<Verified> tables_against_log() {
        std::optional<Result<Verified>> end;
        auto read = log_.for_each(1, [&](const storage::LoggedEvent& logged) {
            end = one(logged);
            return !end.has_value();
        });
        if (!read) return damaged(read.error());
        if (end) return *end;
        return after_the_last();
    }

    std::optional<Result<Verified>> one(const storage::LoggedEvent& logged) {
        auto effect = follow(standing_, logged.seq, logged.event);
        if (!effect) return found(hal::Finding::log_broken, effect.error().what);
        if (effect->dose && logged.seq <= tables_.patient_follows().seq) {
            const auto row = doses_.next();
            if (!row) return damaged(row.error());
            if (*row != effect->dose)
                return found(hal::Finding::storage_damaged,
                             fmt::format("Row {} of the dose table is not what record {} of the event log says.",
                                         effect->dose->row, logged.seq));
        }
        if (effect->setting && logged.seq <= tables_.configuration_follows().seq)
            settings_[effect->setting->first] = effect->setting->second;
        if (logged.seq == tables_.patient_follows().seq) at_position_ = standing_;
        return logged.event.what == storage::kind_of(storage::EventId::rows_sealed).key ? seal(logged) : std::nullopt;
    }

    std::optional<Result<Verified>> seal(const storage::LoggedEvent& logged) {
        const std::int64_t* first = logged.event.number("first");
        const std::int64_t* last = logged.event.number("last");
        const std::string* digest = logged.event.text("digest");
        if (first == nullptr || last == nullptr || digest == nullptr || *first < 1 || *last < *first)
            return found(hal::Finding::log_broken, fmt::format("Record {} of the event log is no seal.", logged.seq));
        auto rows =
            tables_.glucose().read(static_cast<std::uint64_t>(*first), static_cast<std::size_t>(*last - *first + 1));
        if (!rows) return damaged(rows.error());
        const auto sum = storage::seal_of(*rows);
        if (!sum) return std::unexpected{sum.error()};
        if (storage::to_hex(*sum) != *digest)
            return found(
                hal::Finding::storage_damaged,
                fmt::format("Glucose readings {} to {} are not what they were when they were sealed (record {}).",
                            *first, *last, logged.seq));
        return std::nullopt;
    }

    Result<Verified> after_the_last() {
        const auto row = doses_.next();
        if (!row) return damaged(row.error());
        if (*row)
            return found(hal::Finding::storage_damaged,
                         fmt::format("Row {} of the dose table has no record in the event log.", (*row)->row));
        if (tables_.patient_follows().seq != 0 && to_bytes(at_position_) != to_bytes(tables_.standing()))
            return found(hal::Finding::storage_damaged,
                         "What patient.db remembers of the event log is not what the log says.");
        const auto settings = tables_.settings().all();
        if (!settings) return damaged(settings.error());
        if (*settings != settings_)
            return found(hal::Finding::storage_damaged, "The settings table is not what the event log says.");
        return Verified{
            std::nullopt,
            fmt::format("All {} records of the event log fit each other, and the tables say what the log says.",
                        records_),
            records_};
    }

    storage::EventLog& log_;
    Tables& tables_;
    DoseReader doses_;
    Standing standing_, at_position_;
    std::map<std::string, std::string> settings_;
    std::uint64_t records_ = 0;
};

}  // namespace

Result<Verified> verify_records(storage::EventLog& log, Tables& tables) { return Check{log, tables}.run(); }

}  // namespace basalt::firmware
