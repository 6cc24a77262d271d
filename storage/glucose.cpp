#include "storage/glucose.h"

#include "storage/sha256.h"

#include <fmt/format.h>

namespace basalt::storage {

Result<Digest> seal_of(std::span<const GlucoseRow> rows) {
    Sha256 hash;
    for (const GlucoseRow& row : rows) hash.add(fmt::format("{} {} {}\n", row.row, row.measured_s, row.mg_dl));
    return hash.finish();
}

Result<GlucoseTable> GlucoseTable::open(const Database& patient) {
    // No UPSERT: Debian 12's SQLCipher is SQLite 3.15. OR IGNORE leaves the first reading of a time as it is.
    auto insert = patient.prepare("INSERT OR IGNORE INTO glucose (measured_s, mg_dl) VALUES (?, ?)");
    if (!insert) return std::unexpected{insert.error()};
    auto range = patient.prepare("SELECT row, measured_s, mg_dl FROM glucose WHERE row >= ? ORDER BY row LIMIT ?");
    if (!range) return std::unexpected{range.error()};
    auto last = patient.prepare("SELECT row FROM glucose ORDER BY row DESC LIMIT 1");
    if (!last) return std::unexpected{last.error()};
    return GlucoseTable{std::move(*insert), std::move(*range), std::move(*last)};
}

Result<void> GlucoseTable::add(std::uint64_t measured_s, std::int64_t mg_dl) { return insert_.run(measured_s, mg_dl); }

Result<std::vector<GlucoseRow>> GlucoseTable::read(std::uint64_t from, std::size_t limit) {
    std::vector<GlucoseRow> rows;
    if (from > INT64_MAX || limit > INT64_MAX) return rows;
    if (auto begun = range_.start(from, limit); !begun) return std::unexpected{begun.error()};
    for (;;) {
        auto found = range_.next<std::int64_t, std::int64_t, std::int64_t>();
        if (!found) return std::unexpected{found.error()};
        if (!*found) return rows;
        const auto& [row, measured_s, mg_dl] = **found;
        rows.push_back({static_cast<std::uint64_t>(row), static_cast<std::uint64_t>(measured_s), mg_dl});
    }
}

Result<std::uint64_t> GlucoseTable::rows() {
    auto found = last_.one<std::int64_t>();
    if (!found) return std::unexpected{found.error()};
    return *found ? static_cast<std::uint64_t>(std::get<0>(**found)) : 0;
}

}  // namespace basalt::storage
