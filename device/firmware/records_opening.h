// device/firmware/records_opening.h: opens the records at start; keeps damaged ones aside, and says so.
#pragma once
#include "device/firmware/records/journal.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace basalt::firmware {

struct OpenedRecords {
    std::optional<Journal> journal;      ///< none: nothing can be kept, so no dose may be asked for
    std::vector<hal::Finding> findings;  ///< for the guardian, in this order
    std::vector<std::string> words;      ///< what was found and done, as whole sentences
    bool try_again = false;              ///< it may pass by itself (a full disk): nothing was found, nothing is open
};

/// Opens the three databases. Whether their contents were changed is LogCheck's question.
/// Damaged, or one of them gone: all three are renamed (patient.db becomes patient.db.damaged-1, or -2 ...), never
/// deleted, and new ones are begun, so that what happens from now on is on record. What cannot be opened for another
/// reason is left as it is: made by a newer version, which is a finding; or the disk takes nothing, which may pass.
/// Source: R39, R49, R59.
OpenedRecords open_records(const RecordKeys& keys, const Journal::Options& options, Tick now);

}  // namespace basalt::firmware
