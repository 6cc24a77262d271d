#include "scenarios/bench/delivery_check.h"

#include "device/guardian/memory.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <map>

namespace basalt::bench {
namespace {

using hal::RingKind;

bool moves_the_motor(const hal::RingEntry& entry) {
    return entry.kind == RingKind::dose || entry.kind == RingKind::correction;
}

}  // namespace

std::vector<std::string> check_ring(std::span<const hal::RingEntry> ring, std::int64_t began_mu, std::int64_t motor_mu,
                                    std::int64_t in_flight_mu, Tick slots_until) {
    std::vector<std::string> wrong;
    std::int64_t written_mu = 0;
    std::map<std::uint32_t, int> doses_of_slot;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        if (i > 0 && ring[i].seq != ring[i - 1].seq + 1)
            wrong.push_back(fmt::format("The ring's entry {} is followed by {}.", ring[i - 1].seq, ring[i].seq));
        if (moves_the_motor(ring[i])) written_mu += ring[i].amount.count;
        if (ring[i].kind != RingKind::dose) continue;
        const auto detail = guardian::from_detail<guardian::SlotDetail>(ring[i]);
        if (detail.slot != guardian::SlotDetail::no_slot) ++doses_of_slot[detail.slot];
    }
    if (motor_mu + in_flight_mu != began_mu + written_mu)
        wrong.push_back(fmt::format("The motor moved {} mU and has {} mU to go; the ring says {} mU.",
                                    motor_mu - began_mu, in_flight_mu, written_mu));
    for (const auto& [slot, doses] : doses_of_slot)
        if (doses > 1) wrong.push_back(fmt::format("The basal slot {} was given {} times.", slot, doses));
    if (doses_of_slot.empty()) {
        wrong.emplace_back("No basal dose was given at all.");
        return wrong;
    }
    for (std::uint64_t slot = doses_of_slot.begin()->first; (slot + 1) * hal::basal_slot_s <= slots_until.seconds;
         ++slot)
        if (!doses_of_slot.contains(static_cast<std::uint32_t>(slot)))
            wrong.push_back(fmt::format("The basal slot {} has no dose.", slot));
    return wrong;
}

Result<std::vector<RecordedDose>> recorded_doses(const std::vector<std::string>& bodies) {
    using nlohmann::json;
    std::vector<RecordedDose> doses;
    for (const std::string& body : bodies) {
        const json page = json::parse(body, nullptr, false);
        if (!page.is_object() || !page.value("rows", json{}).is_array())
            return fail(ErrorCode::unreadable, "The pump's answer is no page of its doses.", "Ask again.");
        for (const json& row : page["rows"])
            if (row.value("amount_mu", json{}).is_number_integer())
                doses.push_back({row.value("ring_seq", 0U), row["amount_mu"].get<std::int64_t>()});
    }
    return doses;
}

std::vector<std::string> check_records(std::span<const hal::RingEntry> ring, std::span<const RecordedDose> records) {
    std::vector<std::string> wrong;
    std::map<std::uint32_t, std::int64_t> recorded;
    for (const RecordedDose& dose : records)
        if (dose.ring_seq != 0 && !recorded.emplace(dose.ring_seq, dose.amount_mu).second)
            wrong.push_back(fmt::format("The records hold the ring's entry {} twice.", dose.ring_seq));
    for (const hal::RingEntry& entry : ring) {
        if (!moves_the_motor(entry)) continue;
        const auto found = recorded.find(entry.seq);
        if (found == recorded.end())
            wrong.push_back(
                fmt::format("The ring's entry {} of {} mU is not in the records.", entry.seq, entry.amount.count));
        else if (found->second != entry.amount.count)
            wrong.push_back(fmt::format("The ring's entry {} is {} mU, in the records {} mU.", entry.seq,
                                        entry.amount.count, found->second));
        if (found != recorded.end()) recorded.erase(found);
    }
    for (const auto& [seq, amount] : recorded)
        wrong.push_back(fmt::format("The records hold {} mU as the ring's entry {}, which is none.", amount, seq));
    return wrong;
}

}  // namespace basalt::bench
