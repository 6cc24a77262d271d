// The power is cut at every write of the three databases, between them too, beside a guardian that goes on: afterwards
// the records say what the guardian's ring and the motor say.
#include "tests/unit/records/record_keeper.h"

#include <algorithm>

namespace basalt::firmware {
namespace {

constexpr std::uint64_t slot_s = 300;

struct Moment {
    std::size_t operations;       ///< of the disk, when this was so
    test::FakeGuardian guardian;  ///< the guardian then: its memory is another chip, and loses nothing
    std::uint64_t acknowledged;   ///< records of the log that commit() or note_asked() had promised
    std::uint64_t glucose_rows;   ///< readings that commit() had promised
};

struct Tally {
    std::size_t states = 0, lost = 0;
};

Tally cut(storage::Durability durability, int slots, bool expect_all) {
    const test::CrashDisk disk;
    std::vector<Moment> moments;
    test::FakeGuardian guardian;
    {
        auto journal = test::open_journal(disk, guardian.now, durability);
        EXPECT_TRUE(journal) << journal.error().what;
        const auto act = [&] {
            guardian.move(25);
            const auto rows = journal->glucose(1, 1000);
            moments.push_back({disk.operations().size(), guardian, journal->log_head().seq, rows ? rows->size() : 0});
        };
        act();
        std::uint32_t request = 0;
        for (int slot = 1; slot <= slots; ++slot) {
            guardian.now = {slot_s * static_cast<std::uint64_t>(slot)};
            std::vector<test::Wish> wishes{{++request, {40 + slot}, hal::DoseKind::basal}};
            if (slot % 3 == 0) wishes.push_back({++request, {1000}, hal::DoseKind::bolus});
            if (slot == 2) {
                EXPECT_TRUE(journal->change_setting(guardian.now, "nurse.martin", "language", "french"));
            }
            test::keep_records(*journal, guardian, wishes, act);
            guardian.move(10'000);
        }
    }
    Tally tally;
    test::cut_everywhere(disk, 7, 2, 0, [&](std::size_t at, const test::DiskImage& image) {
        if (testing::Test::HasFailure()) return;
        SCOPED_TRACE(at);
        ++tally.states;
        // The guardian as it was at the last act before the cut; the firmware is then started again.
        const auto behind = std::ranges::upper_bound(moments, at, {}, &Moment::operations);
        Moment moment = behind == moments.begin() ? Moment{0, test::FakeGuardian{}, 0, 0} : *std::prev(behind);
        const test::CrashDisk after{image};
        auto journal = test::open_journal(after, moment.guardian.now, durability);
        if (!journal || journal->log_head().seq <= moment.acknowledged ||
            journal->glucose(1, 1000)->size() < moment.glucose_rows) {
            ++tally.lost;
            if (expect_all) ADD_FAILURE() << (journal ? "acknowledged records are lost" : journal.error().what);
            return;
        }
        if (!expect_all) return;
        moment.guardian.give_profile_dose({50});
        moment.guardian.move(1'000'000);
        moment.guardian.now = moment.guardian.now + slot_s;
        test::keep_records(*journal, moment.guardian, {});
        test::expect_truth(*journal, moment.guardian);
    });
    return tally;
}

TEST(JournalPowerCut, WhateverWriteIsCutNothingAcknowledgedIsLostAndNoDoseIsTwice) {
    const Tally tally = cut(storage::Durability::power_cut, 8, true);
    EXPECT_GT(tally.states, 500U);
    EXPECT_EQ(tally.lost, 0U);
    RecordProperty("states", static_cast<int>(tally.states));
}

TEST(JournalPowerCut, WithoutASyncAtEachCommitTheSameTestSeesLosses) {
    EXPECT_GT(cut(storage::Durability::process_only, 8, false).lost, 50U);
}

}  // namespace
}  // namespace basalt::firmware
