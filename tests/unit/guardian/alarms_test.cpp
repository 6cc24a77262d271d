#include "device/guardian/alarms.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace basalt::guardian {
namespace {

TEST(Alarms, EveryRowSaysEverythingInBothLanguages) {
    std::set<std::string_view> ids;
    for (const AlarmRow& row : alarm_rows) {
        SCOPED_TRACE(row.id);
        EXPECT_TRUE(ids.insert(row.id).second);
        EXPECT_FALSE(row.detected.empty());
        for (const auto& words : {row.english, row.french})
            for (const auto sentence : {words.what, words.next}) {
                ASSERT_FALSE(sentence.empty());
                EXPECT_EQ(sentence.back(), '.');
            }
        EXPECT_NE(row.english.what, row.french.what);
    }
}

TEST(Alarms, WhatChangesDeliveryIsHighPriorityAndFailsafeIsLatched) {
    for (const AlarmRow& row : alarm_rows) {
        SCOPED_TRACE(row.id);
        if (row.response >= Response::failsafe) {
            EXPECT_EQ(row.priority, hal::Priority::high);
        }
        if (row.response == Response::failsafe) {
            EXPECT_EQ(row.shown, Shown::latched);
        }
        if (row.response == Response::isolate_network) {
            EXPECT_EQ(row.shown, Shown::latched);
        }
        EXPECT_NE(row.priority, hal::Priority::none);
        EXPECT_LE(row.deadline_ticks, 1);
    }
}

TEST(Alarms, NumbersThatStandInRingsAndDatabasesStayWhatTheyAre) {
    EXPECT_EQ(std::to_underlying(Trigger::both_slots_refused), 0);
    EXPECT_EQ(std::to_underlying(Trigger::tpm_gone), 12);
    EXPECT_EQ(std::to_underlying(Trigger::delivery_stopped), 23);
    EXPECT_EQ(std::to_underlying(Trigger::slot_missed), 33);
    EXPECT_EQ(std::to_underlying(Trigger::motor_ahead), 34);
    EXPECT_EQ(std::to_underlying(Trigger::storage_full), 35);
    EXPECT_EQ(std::to_underlying(Trigger::emergency_access), 44);
}

TEST(Alarms, WhatAPersonReadsFitsAScreen) {
    for (const AlarmRow& row : alarm_rows)
        for (const auto& words : {row.english, row.french}) {
            EXPECT_LE(words.what.size(), 160U) << row.id;
            EXPECT_LE(words.next.size(), 110U) << row.id;
        }
}

}  // namespace
}  // namespace basalt::guardian
