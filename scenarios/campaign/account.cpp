#include "scenarios/campaign/account.h"

#include "device/guardian/memory.h"

#include <fmt/format.h>

#include <cstdlib>
#include <map>

namespace basalt::campaign {
namespace {

constexpr std::int64_t motor_step_mu = 1;

struct Window {
    std::string_view name;
    std::uint64_t seconds;
    std::int64_t limit_mu;
};

void find_slots(const Account& account, std::vector<std::string>& faults) {
    std::map<std::uint64_t, int> doses;
    for (const hal::RingEntry& entry : account.ring) {
        if (entry.kind != hal::RingKind::dose) continue;
        const auto detail = guardian::from_detail<guardian::SlotDetail>(entry);
        if (detail.slot != guardian::SlotDetail::no_slot) ++doses[detail.slot];
    }
    const std::uint64_t first = (account.begin.seconds + hal::basal_slot_s - 1) / hal::basal_slot_s;
    const std::uint64_t after = (account.end.seconds + hal::basal_slot_s - 1) / hal::basal_slot_s;
    for (std::uint64_t slot = first; slot < after; ++slot)
        if (const int n = doses[slot]; n != 1)
            faults.push_back(fmt::format("The basal slot at {} s has {} doses.", slot * hal::basal_slot_s, n));
}

// A dose counts from the tick in which it is on record until it is a window old; a correction goes with its dose.
void find_windows(const Account& account, std::vector<std::string>& faults) {
    for (const Window& window :
         {Window{"hour", 3'600, account.limits.per_hour.count}, Window{"day", 86'400, account.limits.per_day.count}}) {
        std::int64_t sum = 0;
        std::size_t oldest = 0;
        std::vector<const hal::RingEntry*> doses;
        for (const hal::RingEntry& entry : account.ring)
            if (entry.kind == hal::RingKind::dose) doses.push_back(&entry);
        for (const hal::RingEntry* dose : doses) {
            sum += dose->amount.count;
            while (doses[oldest]->tick + window.seconds <= dose->tick) sum -= doses[oldest++]->amount.count;
            if (sum <= window.limit_mu) continue;
            faults.push_back(fmt::format("The {} that ends at {} s holds {} mU; the limit is {} mU.", window.name,
                                         dose->tick.seconds, sum, window.limit_mu));
            break;
        }
    }
}

}  // namespace

std::vector<std::string> faults_of(const Account& account) {
    std::vector<std::string> faults;
    for (std::size_t i = 0; i < account.ring.size(); ++i)
        if (account.ring[i].seq != i + 1) {
            faults.push_back(fmt::format("Entry {} of the guardian's ring is not there.", i + 1));
            break;
        }
    find_slots(account, faults);
    std::int64_t sum = 0;
    for (const hal::RingEntry& entry : account.ring)
        if (entry.kind == hal::RingKind::dose || entry.kind == hal::RingKind::correction) sum += entry.amount.count;
    if (std::abs(sum - account.motor_mu) > motor_step_mu)
        faults.push_back(fmt::format("{} mU are on record, and the motor moved {} mU.", sum, account.motor_mu));
    find_windows(account, faults);
    return faults;
}

}  // namespace basalt::campaign
