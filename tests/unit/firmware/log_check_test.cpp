#include "device/firmware/log_check.h"

#include "storage/database.h"
#include "tests/support/fake_chip.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>

namespace basalt::firmware {
namespace {

constexpr std::size_t long_log = 10 * LogCheck::records_a_slot;

RecordKeys keys() { return test::keys_for(std::array<std::uint8_t, 32>{}); }

struct LogCheckTest : testing::Test {
    test::Scratch scratch;
    Tick now{100'000};

    Journal open() {
        auto journal =
            Journal::open(keys(), {.directory = scratch.path(), .durability = storage::Durability::process_only}, now);
        EXPECT_TRUE(journal) << journal.error().what;
        return std::move(*journal);
    }
    void fill() {
        auto journal = open();
        for (std::size_t i = 0; i < long_log; ++i) {
            EXPECT_TRUE(
                journal.note(storage::make_event(storage::EventId::data_read, now.seconds, "link",
                                                 storage::Outcome::done, {std::string{"log"}, std::int64_t{7}})));
            if (i % 100 == 99) {
                EXPECT_TRUE(journal.commit());
            }
        }
        EXPECT_TRUE(journal.commit());
    }
    void change(std::string_view sql) const {
        const std::array<std::string_view, 1> as_it_is{""};
        auto log = storage::Database::open(scratch.path() / "log.db", keys().log, as_it_is);
        ASSERT_TRUE(log) << log.error().what;
        ASSERT_TRUE(log->run(sql));
    }
    /// Slots from a start until a check ends; nothing, when none ended in `slots`.
    std::optional<Verified> found_within(int slots) {
        auto journal = open();
        LogCheck check;
        for (int slot = 0; slot < slots; ++slot, now = now + 300) {
            auto end = check.go_on(journal, now);
            EXPECT_TRUE(end) << end.error().what;
            if (end && *end) return **end;
        }
        return std::nullopt;
    }
};

TEST_F(LogCheckTest, ASlotReadsABoundedNumberOfRecordsHoweverLongTheLogIs) {
    fill();
    auto journal = open();
    EXPECT_LT(journal.records_read(), 2 * 256U + 100U);  // a start catches up with what the tables did not follow yet
    LogCheck check;
    int slots = 0;
    for (bool ended = false; !ended; now = now + 1, ++slots) {
        const auto before = journal.records_read();
        check.want(now);  // asking more often makes it no faster
        const auto end = check.go_on(journal, now);
        ASSERT_TRUE(end);
        ASSERT_TRUE(check.go_on(journal, now));  // once a slot
        EXPECT_LE(journal.records_read() - before, LogCheck::records_a_slot);
        ended = end->has_value();
        ASSERT_LT(slots, 20);
    }
    EXPECT_GE(slots, 10);
    ASSERT_TRUE(check.last());
    EXPECT_FALSE(check.last()->finding) << check.last()->words;
    EXPECT_EQ(check.last()->records, journal.log_head().seq);
}

TEST_F(LogCheckTest, AChangeInAnOldPartIsFoundWithinABoundedNumberOfSlotsAfterTheStart) {
    fill();
    change("UPDATE events SET record = replace(record, '\"done\"', '\"failed\"') WHERE seq = 5000");
    const auto found = found_within(5'000 / static_cast<int>(LogCheck::records_a_slot) + 2);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->finding, hal::Finding::log_broken);
    EXPECT_EQ(found->words.substr(0, 11), "Record 5000");
}

TEST_F(LogCheckTest, AChangeInTheNewestPartIsFoundInTheFirstSlot) {
    fill();
    change(
        "UPDATE events SET record = replace(record, '\"done\"', '\"failed\"') "
        "WHERE seq = (SELECT max(seq) FROM events)");
    const auto found = found_within(1);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->finding, hal::Finding::log_broken);
}

TEST_F(LogCheckTest, ALogThatGrowsWhileItIsCheckedRaisesNoAlarm) {
    fill();
    auto journal = open();
    LogCheck check;
    for (int slot = 0; slot < 30 && check.running(); ++slot, now = now + 300) {
        hal::FirmwareTick tick;
        tick.tick = now;
        tick.motor = tick.target = {1'000 + 10 * slot};  // a dose row and its record in each slot
        ASSERT_TRUE(journal.note_tick(tick));
        ASSERT_TRUE(journal.change_setting(now, "nurse.martin", "n" + std::to_string(slot), "v"));
        ASSERT_TRUE(journal.commit());
        const auto end = check.go_on(journal, now);
        ASSERT_TRUE(end);
    }
    ASSERT_TRUE(check.last());
    EXPECT_FALSE(check.last()->finding) << check.last()->words;
}

TEST_F(LogCheckTest, ItBeginsAgainAfterADayAndForWhoeverAsksAfterAnHour) {
    auto journal = open();
    LogCheck check;
    ASSERT_TRUE(check.go_on(journal, now));
    EXPECT_FALSE(check.running());
    check.want(now + 3'599);
    EXPECT_FALSE(check.running());
    check.want(now + 3'600);
    EXPECT_TRUE(check.running());
    ASSERT_TRUE(check.go_on(journal, now + 3'600));
    EXPECT_EQ(check.ended_at(), now + 3'600);
    ASSERT_TRUE(check.go_on(journal, now + 3'600 + 86'400));
    EXPECT_EQ(check.ended_at(), now + 3'600 + 86'400);
}

}  // namespace
}  // namespace basalt::firmware
