// device/firmware/records/verify.h: are the records still what this device wrote? Every page, the whole chain, each
// table against the log.
#pragma once
#include "device/common/result.h"
#include "device/hal/dose_frames.h"
#include "storage/event_log.h"

#include <optional>
#include <string>

namespace basalt::firmware {

class Tables;

/// What a check of all records found.
struct Verified {
    std::optional<hal::Finding> finding;  ///< none: nothing was changed behind the device's back
    std::string words;                    ///< a whole sentence, either way
    std::uint64_t records = 0;            ///< of the event log, that fit each other
};

/// Finding::log_broken: the chain is broken, cut, or not the one that the tables remember. Finding::storage_damaged: a
/// page does not open, or a table says something else than the log. What it cannot see: all three files put back
/// together to an older state. The TPM's anchor of the log's head sees that. Errors: io, when something could not be
/// read for another reason than damage.
Result<Verified> verify_records(storage::EventLog& log, Tables& tables);

}  // namespace basalt::firmware
