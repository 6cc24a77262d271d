// device/firmware/records/verify.h: are the records still what this device wrote? Every page, the whole chain, each
// table against the log.
#pragma once
#include "device/common/result.h"
#include "device/firmware/records/follow.h"
#include "device/hal/dose_frames.h"
#include "storage/event_log.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace basalt::firmware {

class Tables;

/// What a check of all records found.
struct Verified {
    std::optional<hal::Finding> finding;  ///< none: nothing was changed behind the device's back
    std::string words;                    ///< a whole sentence, either way
    std::uint64_t records = 0;            ///< of the event log, that fit each other
};

/// The whole chain, and each table against it, from the first record on, a bounded piece at a time. It begins at record
/// 1 each time: no saved point is believed, so there is none that could be forged to hide what stands before it. Rely
/// on:  log and tables may grow between two pieces. At a piece's begin the tables must be level with the log.
class RunningCheck {
  public:
    /// `witnesses`: records that somebody else remembers, each of which must be in the log.
    explicit RunningCheck(std::vector<storage::LogHead> witnesses) : witnesses_(std::move(witnesses)) {}
    /// At most `records` more records. nullopt: it is not over.
    Result<std::optional<Verified>> go_on(storage::EventLog& log, Tables& tables, std::size_t records);
    std::uint64_t records() const noexcept { return at_.seq; }  ///< checked so far

  private:
    Verified found(hal::Finding finding, std::string words) const;
    Result<std::optional<Verified>> damaged(const Error& error) const;
    Result<std::optional<Verified>> one(const storage::LoggedEvent& logged, Tables& tables);
    Result<std::optional<Verified>> seal(const storage::LoggedEvent& logged, Tables& tables);
    Result<std::optional<storage::DoseRow>> next_dose(Tables& tables);
    Result<std::optional<Verified>> after_the_last(Tables& tables);

    std::vector<storage::LogHead> witnesses_;
    storage::LogHead at_;
    std::vector<storage::DoseRow> doses_;
    std::size_t dose_at_ = 0;
    std::uint64_t doses_from_ = 0;
    Standing standing_, at_position_;
    std::map<std::string, std::string> settings_;
};

/// Finding::log_broken: the chain is broken, cut, or not the one that the tables remember. Finding::storage_damaged: a
/// page does not open, or a table says something else than the log. What it cannot see: all three files put back
/// together to an older state. The TPM's anchor of the log's head sees that. Errors: io, when something could not be
/// read for another reason than damage. Takes as long as there are records: for tests and service, not for a slot.
Result<Verified> verify_records(storage::EventLog& log, Tables& tables);

}  // namespace basalt::firmware
