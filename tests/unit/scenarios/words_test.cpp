#include "scenarios/engine/words.h"

#include "device/guardian/alarms.h"

#include <gtest/gtest.h>

namespace basalt::scenarios {
namespace {

constexpr std::array languages{Language::english, Language::french};

bool is_a_sentence(const std::string& words) {
    return words.size() > 10 && words.back() == '.' && words.find('{') == std::string::npos;
}

TEST(Words, EveryEventThatTheSeamNamesHasItsSentence) {
    for (const auto* id : {"powered_on", "powered_off", "image_replaced", "image_refused", "gateway_refused",
                           "configuration_refused", "image_started", "reset", "program_ended", "slot_budget"})
        for (const auto language : languages) {
            const auto words = in_words(Event{{}, id, "gateway", hal::Slot::b, ImageVerdict::bad_signature}, language);
            EXPECT_TRUE(is_a_sentence(words)) << words;
            EXPECT_EQ(words.find(id), std::string::npos) << words;
        }
    EXPECT_EQ(in_words(Event{{}, "image_refused", "", hal::Slot::b, ImageVerdict::wrong_hardware}, Language::english),
              "The program in slot B was refused before it ran: it was made for another model.");
    EXPECT_EQ(in_words(Event{{}, "image_refused", "", hal::Slot::a, ImageVerdict::missing}, Language::french),
              "Le programme de l'emplacement A a été refusé avant de s'exécuter : il n'y en a pas.");
}

TEST(Words, AnEventThatNobodyKnowsIsToldByItsIdAndNeverReadAsAFormat) {
    EXPECT_EQ(in_words(Event{{}, "odd", "{why} %s {}"}, Language::english), "odd: {why} %s {}.");
    EXPECT_EQ(in_words(Event{{}, "odd", ""}, Language::french), "odd.");
}

TEST(Words, EveryVerdictModeAlarmAndShortfallSpeaksBothLanguages) {
    for (const auto language : languages) {
        for (int v = 0; is_known(static_cast<ImageVerdict>(v)); ++v)
            EXPECT_TRUE(is_a_sentence(
                in_words(Event{{}, "image_refused", "", hal::Slot::a, static_cast<ImageVerdict>(v)}, language)));
        for (int m = 0; is_known(static_cast<hal::Mode>(m)); ++m)
            EXPECT_TRUE(is_a_sentence(in_words(ModeChange{{}, static_cast<hal::Mode>(m)}, language)));
        for (const auto& row : guardian::alarm_rows)
            EXPECT_TRUE(is_a_sentence(in_words(Alarm{{}, std::string{row.id}, row.priority}, language))) << row.id;
        for (const auto shortfall : {Shortfall::expectation_missed, Shortfall::protected_harmed, Shortfall::no_harm,
                                     Shortfall::training_differs})
            EXPECT_TRUE(is_a_sentence(in_words(Lack{shortfall, "x"}, language)));
    }
    EXPECT_NE(in_words(ModeChange{{}, hal::Mode::failsafe}, Language::english),
              in_words(ModeChange{{}, hal::Mode::failsafe}, Language::french));
}

TEST(Words, TimesAreThoseOfThePeopleInTheStory) {
    Setting setting;
    setting.start = {22 * 3600};
    EXPECT_EQ(time_of_day(setting, {}), "22:00");
    EXPECT_EQ(time_of_day(setting, {2 * 3600 + 59}), "00:00");
    EXPECT_EQ(time_of_day(setting, {26 * 3600 + 119}), "00:01");  // the day after; cut, not rounded
    EXPECT_EQ(clock_of({26 * 3600 + 119}), "26:01");
}

TEST(Words, OutsideTheModelsValidityAMeterShowsNoNumber) {
    EXPECT_EQ(reading(39.9, Language::english), "LOW");
    EXPECT_EQ(reading(0, Language::french), "BAS");
    EXPECT_EQ(reading(40, Language::english), "40");
    EXPECT_EQ(reading(600, Language::english), "600");
    EXPECT_EQ(reading(600.1, Language::english), "HIGH");
}

}  // namespace
}  // namespace basalt::scenarios
