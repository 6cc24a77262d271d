// tests/integration/firmware/accounts.h: do the records, the guardian's slots and the motor tell the same story?
#pragma once
#include "tests/support/joined_device.h"

#include <gtest/gtest.h>

#include <map>

namespace basalt::test {

/// All dose rows, once the firmware has ended.
inline std::vector<firmware::Dose> all_doses(JoinedDevice& device) {
    auto journal = device.records();
    EXPECT_TRUE(journal) << (journal ? "" : journal.error().what);
    std::vector<firmware::Dose> doses;
    while (journal) {
        const auto more = journal->doses(doses.size() + 1, 500);
        EXPECT_TRUE(more) << (more ? "" : more.error().what);
        if (!more || more->empty()) break;
        doses.insert(doses.end(), more->begin(), more->end());
    }
    return doses;
}

/// Each request is on record before it leaves, also one that never arrived.
inline void expect_every_request_on_record(JoinedDevice& device) {
    auto journal = device.records();
    ASSERT_TRUE(journal) << journal.error().what;
    std::vector<std::int64_t> asked;
    for (std::uint64_t from = 1;;) {
        const auto events = journal->events(from, 500);
        ASSERT_TRUE(events) << events.error().what;
        if (events->empty()) break;
        for (const auto& logged : *events)
            if (logged.event.what == "dose_asked") asked.push_back(*logged.event.number("request"));
        from = events->back().seq + 1;
    }
    std::vector<std::int64_t> said;
    for (const auto& request : device.dose_requests()) said.push_back(request.request_id);
    EXPECT_EQ(asked, said);
}

/// The device stands still at `now`, a few ticks after a basal slot that the firmware has imported: each slot since
/// `first_slot` stands on record once, and all rows together are where the motor is.
inline void expect_no_dose_twice_and_none_missing(JoinedDevice& device, Tick first_slot) {
    const Tick now = device.now();
    const MotorCount motor = device.motor();
    const auto doses = all_doses(device);
    std::map<std::uint64_t, int> by_slot;
    std::int64_t sum = 0;
    for (const auto& dose : doses) {
        sum += dose.row.amount_mu;
        EXPECT_EQ(dose.row.target_mu, sum) << "row " << dose.row.row;
        if (dose.row.origin == storage::DoseOrigin::profile || dose.row.origin == storage::DoseOrigin::firmware_basal)
            ++by_slot[dose.row.at_s / hal::basal_slot_s];
        EXPECT_NE(dose.row.origin, storage::DoseOrigin::unexplained) << "row " << dose.row.row;
        EXPECT_NE(dose.row.origin, storage::DoseOrigin::gap) << "row " << dose.row.row;
    }
    EXPECT_EQ(sum, motor.milli_units);
    for (auto slot = first_slot.seconds / hal::basal_slot_s; slot <= now.seconds / hal::basal_slot_s; ++slot)
        EXPECT_EQ(by_slot[slot], 1) << "slot " << slot;
}

}  // namespace basalt::test
