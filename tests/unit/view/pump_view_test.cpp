// What a person reads. Never a thing that is old or missing as if it were new, never a meaning by colour alone.
#include "ui/view/pump_view.h"

#include "device/guardian/alarms.h"

#include <gtest/gtest.h>

#include <set>

namespace basalt::view {
namespace {
using guardian::Trigger;

PumpFacts well() {
    PumpFacts facts;
    facts.panel.now_s = 90'000;
    facts.panel.second_of_day = 25'500;
    facts.panel.powered = true;
    facts.panel.signals.mode = hal::Mode::normal;
    facts.panel.glucose_mg_dl = 118;
    facts.panel.glucose_age_s = 130;
    facts.panel.reservoir = 187250_mU;
    facts.panel.battery_percent = 90;
    facts.told = Told{90'000, 1.25};
    return facts;
}
PumpFacts with(Trigger trigger, hal::Mode mode) {
    PumpFacts facts = well();
    facts.panel.signals.mode = mode;
    facts.panel.signals.alarms = guardian::bit_of(trigger);
    return facts;
}
PumpView seen(const PumpFacts& facts, Settings settings = {}) { return view_of(facts, {}, settings); }

TEST(PumpView, AWellPumpSaysSoInWords) {
    const auto view = seen(well());
    EXPECT_EQ(view.glucose.words, "118");
    EXPECT_EQ(view.unit, "mg/dL");
    EXPECT_EQ(view.age.words, "2 min ago");
    EXPECT_EQ(view.mode.words, "Normal delivery");
    EXPECT_EQ(view.trust.words, "Firmware verified. Normal delivery.");
    EXPECT_EQ(view.reservoir.words, "187 U left");
    EXPECT_EQ(view.alarm_head.words, "No alarm");
    EXPECT_EQ(view.clock, "07:05");
    EXPECT_FALSE(view.stopped);
}

TEST(PumpView, GlucoseIsInTheUnitAndLanguageThatWereChosen) {
    EXPECT_EQ(seen(well(), {Language::english, GlucoseUnit::mmol_l}).glucose.words, "6.5");
    EXPECT_EQ(seen(well(), {Language::french, GlucoseUnit::mmol_l}).glucose.words, "6,5");
    EXPECT_EQ(glucose_in(39, {}), "LOW");
    EXPECT_EQ(glucose_in(40, {}), "40");
    EXPECT_EQ(glucose_in(401, {Language::french}), "HAUT");
}

TEST(PumpView, AnOldReadingIsNeverShownAsTheGlucoseOfNow) {
    PumpFacts facts = well();
    facts.panel.glucose_age_s = 14 * 60;
    EXPECT_EQ(seen(facts).glucose.words, "118");
    EXPECT_NE(seen(facts).age.words.find("late"), std::string::npos);
    facts.panel.glucose_age_s = 15 * 60;
    EXPECT_EQ(seen(facts).glucose.words, "- -");
    EXPECT_EQ(seen(facts).age.words, "The last reading (118) is 15 min old. Measure with a meter.");
    EXPECT_TRUE(seen(facts).trend.empty());
    facts.panel.glucose_mg_dl = 0;
    EXPECT_EQ(seen(facts).age.words, "No glucose reading. Measure with a meter.");
}

TEST(PumpView, EachModeSaysWhetherInsulinFlows) {
    EXPECT_NE(
        seen(with(Trigger::both_slots_refused, hal::Mode::failsafe)).trust.words.find("Insulin flows at the rates"),
        std::string::npos);
    EXPECT_NE(seen(with(Trigger::bad_frames, hal::Mode::start_up)).trust.words.find("Insulin flows"),
              std::string::npos);
    const auto stopped = seen(with(Trigger::delivery_stopped, hal::Mode::stopped));
    EXPECT_TRUE(stopped.stopped);
    EXPECT_EQ(stopped.basal.words, "NO insulin flows; last hour: 0.00 U; after resuming: 1.25 U/h");
    EXPECT_NE(stopped.trust.words.find("Stopped by hand"), std::string::npos);
    EXPECT_NE(seen(with(Trigger::profile_refused, hal::Mode::stopped)).trust.words.find("the alarm says why"),
              std::string::npos);
    PumpFacts off = well();
    off.panel.powered = false;
    EXPECT_EQ(seen(off).mode.words, "The pump is OFF");
    EXPECT_EQ(seen(off).glucose.words, "- -") << "a dead panel shows nothing";
    EXPECT_EQ(seen(off).network.words, "off");
}

TEST(PumpView, AFirmwareThatIsNotTrustedIsNotQuoted) {
    PumpFacts facts = with(Trigger::both_slots_refused, hal::Mode::failsafe);
    facts.told = Told{90'000, 14.5};
    EXPECT_EQ(seen(facts).basal.words.find("14.5"), std::string::npos);
}

TEST(PumpView, TheMostUrgentAlarmComesFirstWithItsMarkAndWhatToDo) {
    PumpFacts facts = well();
    facts.panel.signals.alarms = guardian::bit_of(Trigger::reservoir_low) |
                                 guardian::bit_of(Trigger::both_slots_refused) |
                                 guardian::bit_of(Trigger::guardian_restarted);
    const auto view = seen(facts);
    ASSERT_EQ(view.alarms.size(), 3U);
    EXPECT_EQ(view.alarms[0].mark, "!!!");
    EXPECT_GE(view.alarms[0].priority, view.alarms[1].priority);
    EXPECT_GE(view.alarms[1].priority, view.alarms[2].priority);
    EXPECT_FALSE(view.alarms[0].next.empty());
    EXPECT_EQ(view.alarm_head.words, "3 alarms, the highest of high priority");
}

TEST(PumpView, NoTwoModesAreToldApartByColourAlone) {
    std::set<std::string> words;
    for (const auto mode : {hal::Mode::start_up, hal::Mode::normal, hal::Mode::failsafe, hal::Mode::stopped})
        words.insert(seen(with(Trigger::bad_frames, mode)).mode.words);
    EXPECT_EQ(words.size(), 4U);
    for (const auto& row : guardian::alarm_rows) {
        const auto view = seen(with(row.trigger, hal::Mode::normal));
        ASSERT_EQ(view.alarms.size(), 1U);
        EXPECT_FALSE(view.alarms[0].mark.empty()) << row.id;
    }
}

TEST(PumpView, FrenchIsNowhereEnglish) {
    for (const auto& row : guardian::alarm_rows)
        for (const auto mode : {hal::Mode::start_up, hal::Mode::normal, hal::Mode::failsafe, hal::Mode::stopped}) {
            const auto english = seen(with(row.trigger, mode)),
                       french = seen(with(row.trigger, mode), {Language::french});
            EXPECT_NE(english.mode.words, french.mode.words);
            EXPECT_NE(english.trust.words, french.trust.words);
            EXPECT_NE(english.alarms[0].what, french.alarms[0].what) << row.id;
            EXPECT_NE(english.age.words, french.age.words);
            EXPECT_NE(english.basal.words, french.basal.words);
        }
}

TEST(PumpView, AHeldButtonCountsDown) {
    PumpFacts facts = well();
    facts.panel.button_held_s = 1;
    EXPECT_EQ(seen(facts).mode.words, "STOPPING in 2 s: insulin still flows");
    EXPECT_TRUE(seen(facts).button_held);
    facts.panel.signals.mode = hal::Mode::stopped;
    EXPECT_EQ(seen(facts).mode.words, "RESUMING in 9 s: still stopped");
    facts.panel.button_held_s = 11;
    EXPECT_FALSE(seen(facts).button_held);
    EXPECT_EQ(seen(facts).mode.words, "INSULIN STOPPED");
}

}  // namespace
}  // namespace basalt::view
