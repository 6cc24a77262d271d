// storage/doses.h: the dose table of patient.db: every amount that the motor was sent for or moved without, so that its
// sum is where the motor stands. It follows the event log (docs/decisions/0101-log-first.md) and is never changed, only
// added to.
#pragma once
#include "tpm/result.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace basalt::storage {

enum class DoseOrigin : std::uint8_t {
    profile = 1,  ///< the guardian's own, from the failsafe profile
    firmware_basal = 2,
    firmware_bolus = 3,
    correction = 4,   ///< negative: the motor moved less than it was sent for
    gap = 5,          ///< given while the records were closed for so long that the guardian's ring no longer holds it
    unexplained = 6,  ///< the motor or the guardian's target differ from all that is on record
    before_records = 7,  ///< the motor's count when these records began
};

struct DoseRow {
    std::uint64_t row = 0;      ///< 1, 2, 3 ... without a gap
    std::uint64_t log_seq = 0;  ///< the record of the event log that it follows
    std::uint64_t at_s = 0;     ///< tick at which it was written down by the guardian, or found
    DoseOrigin origin = DoseOrigin::profile;
    std::optional<std::uint32_t> ring_seq;  ///< entry of the guardian's ring; unique
    std::int64_t amount_mu = 0;
    std::int64_t target_mu = 0;  ///< the motor's count when all of it has moved; the sum of all amounts up to this row
    friend bool operator==(const DoseRow&, const DoseRow&) = default;
};

}  // namespace basalt::storage
