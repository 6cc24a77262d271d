#include "storage/doses.h"

#include <utility>

namespace basalt::storage {

std::string_view key_of(DoseOrigin origin) noexcept {
    switch (origin) {
        case DoseOrigin::profile:
            return "profile";
        case DoseOrigin::firmware_basal:
            return "firmware_basal";
        case DoseOrigin::firmware_bolus:
            return "firmware_bolus";
        case DoseOrigin::correction:
            return "correction";
        case DoseOrigin::gap:
            return "gap";
        case DoseOrigin::unexplained:
            return "unexplained";
        case DoseOrigin::before_records:
            return "before_records";
        case DoseOrigin::failsafe_bolus:
            return "failsafe_bolus";
    }
    return "unexplained";
}

Result<DoseTable> DoseTable::open(const Database& patient) {
    auto insert = patient.prepare(
        "INSERT INTO doses (row, log_seq, at_s, origin, ring_seq, amount_mu, target_mu) VALUES (?, ?, ?, ?, ?, ?, ?)");
    if (!insert) return std::unexpected{insert.error()};
    auto range = patient.prepare(
        "SELECT row, log_seq, at_s, origin, ring_seq, amount_mu, target_mu FROM doses WHERE row >= ? ORDER BY row "
        "LIMIT ?");
    if (!range) return std::unexpected{range.error()};
    return DoseTable{std::move(*insert), std::move(*range)};
}

Result<void> DoseTable::add(const DoseRow& dose) {
    return insert_.run(dose.row, dose.log_seq, dose.at_s, std::to_underlying(dose.origin), dose.ring_seq,
                       dose.amount_mu, dose.target_mu);
}

Result<std::vector<DoseRow>> DoseTable::read(std::uint64_t from, std::size_t limit) {
    std::vector<DoseRow> rows;
    if (from > INT64_MAX || limit > INT64_MAX) return rows;
    if (auto begun = range_.start(from, limit); !begun) return std::unexpected{begun.error()};
    for (;;) {
        using I = std::int64_t;
        auto found = range_.next<I, I, I, I, std::optional<I>, I, I>();
        if (!found) return std::unexpected{found.error()};
        if (!*found) return rows;
        const auto& [row, log_seq, at_s, origin, ring_seq, amount_mu, target_mu] = **found;
        const auto known = static_cast<I>(std::to_underlying(DoseOrigin::failsafe_bolus));
        if (origin < 1 || origin > known || (ring_seq && (*ring_seq < 1 || *ring_seq > UINT32_MAX)))
            return fail(ErrorCode::unreadable, "A row of the dose table holds a value that no dose has.",
                        "Report the damage; verify the log.");
        rows.push_back({static_cast<std::uint64_t>(row), static_cast<std::uint64_t>(log_seq),
                        static_cast<std::uint64_t>(at_s), static_cast<DoseOrigin>(origin),
                        ring_seq ? std::optional{static_cast<std::uint32_t>(*ring_seq)} : std::nullopt, amount_mu,
                        target_mu});
    }
}

}  // namespace basalt::storage
