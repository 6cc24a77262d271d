// storage/doses.h: the dose table of patient.db: every amount that the motor was sent for, or moved without, so that
// its sum is where the motor stands. It follows the event log (docs/decisions/0003-log-first.md); rows are only ever
// added.
#pragma once
#include "storage/database.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace basalt::storage {

enum class DoseOrigin : std::uint8_t {
    profile = 1,  ///< the guardian's own, from the failsafe profile
    firmware_basal = 2,
    firmware_bolus = 3,
    correction = 4,   ///< negative: the motor moved less than it was sent for, or a bolus was taken back
    gap = 5,          ///< given while the records were closed for so long that the guardian's ring no longer holds it
    unexplained = 6,  ///< the motor or the guardian's target differ from all that is on record
    before_records = 7,  ///< the motor's count when these records began
    failsafe_bolus = 8,  ///< by the pump's own button, where the profile grants one
};
std::string_view key_of(DoseOrigin origin) noexcept;

struct DoseRow {
    std::uint64_t row = 0;      ///< 1, 2, 3 ... without a gap
    std::uint64_t log_seq = 0;  ///< the record of the event log that it follows; unique
    std::uint64_t at_s = 0;     ///< tick at which the guardian wrote it down, or it was found
    DoseOrigin origin = DoseOrigin::profile;
    std::optional<std::uint32_t> ring_seq;  ///< entry of the guardian's ring; unique, so that no dose enters twice
    std::int64_t amount_mu = 0;
    std::int64_t target_mu = 0;  ///< the motor's count when all of it has moved: the sum of all amounts up to this row
    friend bool operator==(const DoseRow&, const DoseRow&) = default;
};

class DoseTable {
  public:
    static constexpr std::string_view schema =
        "CREATE TABLE doses (row INTEGER PRIMARY KEY, log_seq INTEGER NOT NULL UNIQUE, at_s INTEGER NOT NULL, "
        "origin INTEGER NOT NULL, ring_seq INTEGER UNIQUE, amount_mu INTEGER NOT NULL, target_mu INTEGER NOT NULL);";

    static Result<DoseTable> open(const Database& patient);
    /// Inside the caller's transaction. Errors: unreadable, when its row, log record or ring entry is there already.
    Result<void> add(const DoseRow& dose);
    /// At most `limit` rows from row number `from` on.
    Result<std::vector<DoseRow>> read(std::uint64_t from, std::size_t limit);

  private:
    DoseTable(Statement insert, Statement range) noexcept : insert_(std::move(insert)), range_(std::move(range)) {}
    Statement insert_, range_;
};

}  // namespace basalt::storage
