// storage/glucose.h: the glucose readings of patient.db. They do not stand in the event log (no more of the patient
// there than needed); the log holds a seal over each full group of them, so that a changed or missing reading is found.
#pragma once
#include "storage/database.h"
#include "storage/event.h"

#include <cstdint>
#include <vector>

namespace basalt::storage {

struct GlucoseRow {
    std::uint64_t row = 0;         ///< 1, 2, 3 ... without a gap
    std::uint64_t measured_s = 0;  ///< device time of the measurement; unique
    std::int64_t mg_dl = 0;
    friend bool operator==(const GlucoseRow&, const GlucoseRow&) = default;
};

/// So many readings make a group. Sealed alone, a reading could be guessed from its seal: it has few possible values.
inline constexpr std::uint64_t glucose_group = 24;

/// SHA-256 over the rows' lines "row measured_s mg_dl\n", in order.
Result<Digest> seal_of(std::span<const GlucoseRow> rows);

class GlucoseTable {
  public:
    static constexpr std::string_view schema =
        "CREATE TABLE glucose (row INTEGER PRIMARY KEY, measured_s INTEGER NOT NULL UNIQUE, mg_dl INTEGER NOT NULL);";

    static Result<GlucoseTable> open(const Database& patient);
    /// Inside the caller's transaction. A reading of a time that is there already changes nothing.
    Result<void> add(std::uint64_t measured_s, std::int64_t mg_dl);
    Result<std::vector<GlucoseRow>> read(std::uint64_t from, std::size_t limit);
    Result<std::uint64_t> rows();

  private:
    GlucoseTable(Statement insert, Statement range, Statement last) noexcept
        : insert_(std::move(insert)), range_(std::move(range)), last_(std::move(last)) {}
    Statement insert_, range_, last_;
};

}  // namespace basalt::storage
