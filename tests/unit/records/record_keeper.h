// tests/unit/records/record_keeper.h: the firmware's part of a tick as far as its records go, with a place to cut the
// power after each of its acts; and what must be true of the records in the end.
#pragma once
#include "device/firmware/records/journal.h"
#include "tests/powercut/crash_disk/crash_disk.h"
#include "tests/unit/records/fake_guardian.h"
#include "tests/unit/storage/storage_fixture.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

namespace basalt::test {

inline Result<firmware::Journal> open_journal(const CrashDisk& disk, Tick now,
                                              storage::Durability durability = storage::Durability::power_cut) {
    const firmware::RecordKeys keys{key(1), key(2), key(3)};
    return firmware::Journal::open(keys, {"", disk.name(), durability}, now);
}

struct Wish {
    std::uint32_t request_id = 0;
    MilliUnits amount;
    hal::DoseKind kind = hal::DoseKind::basal;
};

/// Everything waiting in the ring, into the journal.
inline void import_all(
    firmware::Journal& journal, const FakeGuardian& guardian, const std::function<void()>& act = [] {}) {
    while (journal.ring_waiting()) {
        const auto imported = journal.import_ring(guardian.now, guardian.entries(journal.ring_next()));
        ASSERT_TRUE(imported) << imported.error().what;
        act();
        if (!imported->more) break;
    }
}

/// One tick of the firmware. `act` is called after each of its acts; what it throws is the power cut.
inline void keep_records(
    firmware::Journal& journal, FakeGuardian& guardian, const std::vector<Wish>& wishes,
    const std::function<void()>& act = [] {}) {
    ASSERT_TRUE(journal.note_tick(guardian.tick()));
    act();
    import_all(journal, guardian, act);
    for (const Wish& wish : wishes) {
        const auto asked = journal.note_asked(guardian.now, wish.request_id, wish.amount, wish.kind);
        ASSERT_TRUE(asked) << asked.error().what;
        act();
        const hal::DoseAnswer answer = guardian.ask({wish.request_id, wish.amount, wish.kind});
        act();
        ASSERT_TRUE(journal.note_answer(guardian.now, answer.request_id, answer.verdict, answer.ring_seq));
        act();
    }
    ASSERT_TRUE(journal.note_glucose(guardian.now, static_cast<std::uint16_t>(100 + guardian.now.seconds % 50)));
    act();
    const auto committed = journal.commit();
    ASSERT_TRUE(committed) << committed.error().what;
    act();
}

inline std::int64_t sum_of_doses(const firmware::Journal& journal) {
    std::int64_t sum = 0;
    const auto doses = journal.doses(1, 1'000'000);
    EXPECT_TRUE(doses);
    for (const auto& dose : *doses) sum += dose.row.amount_mu;
    return sum;
}

/// No dose twice, none missing, every request answered once, nothing that a check would call changed.
inline void expect_truth(firmware::Journal& journal, const FakeGuardian& guardian) {
    const auto doses = journal.doses(1, 1'000'000);
    ASSERT_TRUE(doses) << doses.error().what;
    std::int64_t sum = 0, moved = 0;
    std::map<std::uint32_t, std::int64_t> by_ring;
    for (const auto& dose : *doses) {
        sum += dose.row.amount_mu;
        moved += dose.moved_mu;
        EXPECT_EQ(dose.row.target_mu, sum);
        if (dose.row.ring_seq) by_ring[*dose.row.ring_seq] += dose.row.amount_mu;
    }
    EXPECT_EQ(sum, guardian.motor().milli_units);
    EXPECT_EQ(moved, guardian.motor().milli_units);
    for (const auto& entry : guardian.all_entries())
        if (entry.kind == hal::RingKind::dose || entry.kind == hal::RingKind::correction) {
            EXPECT_EQ(by_ring[entry.seq], entry.amount.count) << "ring entry " << entry.seq;
        }
    std::map<std::int64_t, int> asked, answered;
    const auto events = journal.events(1, 1'000'000);
    ASSERT_TRUE(events);
    for (const auto& logged : *events) {
        const std::string& what = logged.event.what;
        if (what == "dose_asked") ++asked[*logged.event.number("request")];
        if (what == "dose_accepted" || what == "dose_refused" || what == "request_found_given" ||
            what == "request_found_not_given")
            ++answered[*logged.event.number("request")];
    }
    EXPECT_EQ(asked, answered);
    for (const auto& [request, times] : asked) EXPECT_EQ(times, 1) << "request " << request;
    const auto verified = journal.verify();
    ASSERT_TRUE(verified) << verified.error().what;
    EXPECT_FALSE(verified->finding) << verified->words;
}

}  // namespace basalt::test
