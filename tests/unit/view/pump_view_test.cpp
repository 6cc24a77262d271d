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
std::string all_words(const PumpView& view) {
    std::string all = view.mode.words + '|' + view.trust.words + '|' + view.rate_label + ' ' + view.rate.words + '|' +
                      view.given.words + '|' + view.on_board.words;
    for (const auto& line : view.advice) all += '|' + line.words;
    return all;
}
bool says(const PumpView& view, std::string_view words) { return all_words(view).find(words) != std::string::npos; }
constexpr Settings in_french{Language::french};

TEST(PumpView, AWellPumpSaysSoInWords) {
    const auto view = seen(well());
    EXPECT_EQ(view.glucose.words, "118");
    EXPECT_EQ(view.unit, "mg/dL");
    EXPECT_EQ(view.age.words, "2 min ago");
    EXPECT_EQ(view.mode.words, "Normal delivery");
    EXPECT_EQ(view.trust.words, "Firmware verified. Normal delivery.");
    EXPECT_EQ(view.reservoir.words, "187 units left");
    EXPECT_EQ(view.level.words, "in range");
    EXPECT_EQ(view.rate_label + " " + view.rate.words, "NOW 1.25 units/h");
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
    EXPECT_EQ(seen(with(Trigger::both_slots_refused, hal::Mode::failsafe)).mode.words, "FAILSAFE - INSULIN IS FLOWING");
    EXPECT_EQ(seen(with(Trigger::both_slots_refused, hal::Mode::failsafe), {Language::french}).mode.words,
              "MODE DE SECOURS - L'INSULINE PASSE");
    EXPECT_NE(seen(with(Trigger::bad_frames, hal::Mode::start_up)).trust.words.find("Insulin flows"),
              std::string::npos);
    const auto stopped = seen(with(Trigger::delivery_stopped, hal::Mode::stopped));
    EXPECT_TRUE(stopped.stopped);
    EXPECT_EQ(stopped.rate.words, "NO INSULIN FLOWS");
    EXPECT_EQ(stopped.given.words, "All insulin given in the last hour: 0 units");
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
    EXPECT_EQ(all_words(seen(facts)).find("14.5"), std::string::npos);
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
            EXPECT_NE(english.rate.words, french.rate.words);
            EXPECT_NE(english.given.words, french.given.words);
            EXPECT_NE(english.alarms[0].next, french.alarms[0].next);
            EXPECT_NE(english.on_board.words, french.on_board.words);
            EXPECT_NE(english.level.words, french.level.words);
            ASSERT_EQ(english.advice.size(), french.advice.size());
            for (std::size_t i = 0; i < english.advice.size(); ++i)
                EXPECT_NE(english.advice[i].words, french.advice[i].words);
        }
}

TEST(PumpView, InFailsafeItSaysFirstThatInsulinFlowsThenWhatToDoAndWhetherABolusIsPossible) {
    History history;
    history.add(GivenDose{89'000, 1250_mU, false});
    const auto facts = with(Trigger::both_slots_refused, hal::Mode::failsafe);
    const auto view = view_of(facts, history, {});
    EXPECT_EQ(view.rate_label + " " + view.rate.words, "IN THE LAST HOUR 1.25 units");
    EXPECT_NE(view.trust.words.find("that the physician signed"), std::string::npos);
    ASSERT_EQ(view.advice.size(), 2U);
    EXPECT_TRUE(view.advice[0].words.starts_with("FIRST: check the glucose; call the physician"));
    EXPECT_TRUE(view.advice[1].words.starts_with("Bolus: only one that the physician signed"));
    EXPECT_TRUE(view.failsafe);
    EXPECT_FALSE(says(view, "no insulin")) << "somebody would give a syringe on top";
    EXPECT_EQ(view_of(facts, history, in_french).rate.words, "1,25 unité");
}

TEST(PumpView, WhereNoInsulinCanFlowNoModeSaysThatItFlows) {
    for (const Trigger trigger : {Trigger::reservoir_empty, Trigger::delivery_limited, Trigger::motor_stalled})
        for (const auto mode : {hal::Mode::start_up, hal::Mode::normal, hal::Mode::failsafe})
            for (const auto& settings : {Settings{}, in_french}) {
                const auto view = seen(with(trigger, mode), settings);
                for (const char* lie :
                     {"FLOWING", "L'INSULINE PASSE", "Normal delivery", "1.25", "1,25", "Insulin flows", "normalement"})
                    EXPECT_FALSE(says(view, lie)) << all_words(view);
                EXPECT_EQ(view.mode.role, Role::high);
                EXPECT_EQ(view.rate.role, Role::high);
            }
}

TEST(PumpView, WhereTheGuardianGivesTheSignedRatesTheFirmwaresRateIsNotTheRateOfNow) {
    for (const Trigger trigger :
         {Trigger::firmware_not_proven, Trigger::memory_damaged, Trigger::clock_lost, Trigger::storage_full}) {
        const auto view = seen(with(trigger, hal::Mode::normal));
        EXPECT_FALSE(says(view, "1.25")) << all_words(view);
        EXPECT_FALSE(says(view, "Firmware verified"));
    }
    PumpFacts facts = well();
    facts.told->at_s = facts.panel.now_s - 901;
    EXPECT_FALSE(says(seen(facts), "1.25")) << "an old answer is no rate of now";
}

TEST(PumpView, InsulinOnBoardThatIsNotKnownNeverLooksLikeZero) {
    PumpFacts facts = well();
    for (const bool told : {true, false}) {
        if (!told) facts.told.reset();
        EXPECT_EQ(seen(facts).on_board.words, "! UNKNOWN, not zero");
        EXPECT_EQ(seen(facts).on_board.role, Role::medium);
        EXPECT_EQ(seen(facts, in_french).on_board.words, "! INCONNUE, pas zéro");
    }
    facts = well();
    facts.told->on_board_u = 0.5;
    EXPECT_EQ(seen(facts).on_board.words, "! at least 0.5 units");
    facts.told->on_board_complete = true;
    EXPECT_EQ(seen(facts).on_board.words, "0.5 units");
    EXPECT_EQ(seen(facts, in_french).on_board.words, "0,5 unité");
}

TEST(PumpView, AfterAStopTheLastKnownInsulinOnBoardStaysWithItsTime) {
    PumpFacts facts = with(Trigger::delivery_stopped, hal::Mode::stopped);
    Told before{89'000, 1.25, 2.4};
    before.on_board_complete = true;
    facts.told.reset();
    facts.before_stop = BeforeStop{before, 22'440};
    EXPECT_EQ(seen(facts).on_board.words, "! UNKNOWN. At 06:14: 2.4 units");
    EXPECT_EQ(seen(facts, in_french).on_board.words, "! INCONNUE. À 06:14 : 2,4 unités");
    facts.before_stop->told.on_board_complete = false;
    EXPECT_EQ(seen(facts).on_board.words, "! UNKNOWN. At 06:14: at least 2.4 units");
    facts.before_stop->told.on_board_u = 0;
    EXPECT_EQ(seen(facts).on_board.words, "! UNKNOWN, not zero");
    EXPECT_TRUE(says(seen(facts), "Before the stop: 1.25 units/h"));
    EXPECT_TRUE(says(seen(facts, in_french), "Avant l'arrêt : 1,25 unité/h"));
}

TEST(PumpView, WhoeverStoppedItReadsWhichKeysResumeItForHowLongAndWhatToCheck) {
    const auto facts = with(Trigger::delivery_stopped, hal::Mode::stopped);
    for (const char* part : {"NOW: ", "glucose and ketones", "tell the physician", "F1, then Enter", "10 s"})
        EXPECT_NE(seen(facts).alarms[0].next.find(part), std::string::npos) << part;
    for (const char* part : {"MAINTENANT : ", "cétones", "le médecin", "F1, puis Entrée", "10 s"})
        EXPECT_NE(seen(facts, in_french).alarms[0].next.find(part), std::string::npos) << part;
}

TEST(PumpView, EachAlarmSaysWhatToDoNowOrToday) {
    for (const auto& row : guardian::alarm_rows) {
        const auto alarm = seen(with(row.trigger, hal::Mode::normal)).alarms[0];
        const bool glucose = row.english.next.find("glucose") != std::string_view::npos;
        const bool now = row.priority == hal::Priority::high || (row.priority == hal::Priority::medium && glucose);
        EXPECT_TRUE(alarm.next.starts_with(now ? "NOW: " : "TODAY: ")) << row.id;
        const auto french = seen(with(row.trigger, hal::Mode::normal), in_french).alarms[0];
        EXPECT_TRUE(french.next.starts_with(now ? "MAINTENANT : " : "AUJOURD'HUI : ")) << row.id;
    }
}

TEST(PumpView, VerifiedNeverStandsBesideAnAlarmThatSaysTheOpposite) {
    for (const Trigger trigger : {Trigger::slot_a_refused, Trigger::slot_b_refused}) {
        const auto view = seen(with(trigger, hal::Mode::normal));
        EXPECT_EQ(view.trust.role, Role::text);
        EXPECT_TRUE(says(view, "The copy of the firmware that runs is verified; another copy is not."));
    }
    for (const auto& row : guardian::alarm_rows) {
        if (row.priority <= hal::Priority::low) continue;
        EXPECT_NE(seen(with(row.trigger, hal::Mode::normal)).trust.role, Role::good) << row.id;
    }
}

TEST(PumpView, TheGlucoseSaysInWordsWhetherItIsHighOrLow) {
    PumpFacts facts = well();
    const auto level = [&](int mg_dl, Settings settings = {}) {
        facts.panel.glucose_mg_dl = static_cast<std::uint16_t>(mg_dl);
        return seen(facts, settings).level.words;
    };
    EXPECT_EQ(level(53), "VERY LOW");
    EXPECT_EQ(level(54), "LOW");
    EXPECT_EQ(level(70), "in range");
    EXPECT_EQ(level(180), "in range");
    EXPECT_EQ(level(181), "HIGH");
    EXPECT_EQ(level(251), "VERY HIGH");
    EXPECT_EQ(level(251, in_french), "TRÈS HAUTE");
    facts.panel.glucose_age_s = 15 * 60;
    EXPECT_EQ(level(251), "") << "of an old reading";
}

TEST(PumpView, ADoseHasNoTrailingNoughtsAndItsUnitAsAWord) {
    PumpFacts facts = well();
    facts.told->rate_u_per_h = 60.0;
    EXPECT_EQ(seen(facts).rate.words, "60 units/h");
    facts.told->rate_u_per_h = 1.0;
    EXPECT_EQ(seen(facts).rate.words, "1 unit/h");
    facts.told->rate_u_per_h = 0.5;
    EXPECT_EQ(seen(facts, in_french).rate.words, "0,5 unité/h");
    facts.told->last_bolus = Told::Bolus{3, 3, "done", "nurse", 86'400, true};
    EXPECT_EQ(seen(facts).last_bolus.words, "3 units, 1 h 0 min ago, by nurse");
    EXPECT_EQ(seen(facts, in_french).reservoir.words, "Il reste 187 unités");
}

TEST(PumpView, OnlyAnAlarmThatSoundsCanBeSilenced) {
    PumpFacts facts = well();
    EXPECT_FALSE(seen(facts).sounding);
    facts.panel.signals.sound = hal::Priority::medium;
    EXPECT_TRUE(seen(facts).sounding);
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
