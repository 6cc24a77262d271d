#include "scenarios/engine/expectations.h"

#include <gtest/gtest.h>

namespace basalt::scenarios {
namespace {

/// One hour, a patient who stays at 120 mg/dL.
Recording quiet() {
    Recording seen;
    for (int m = 0; m < 60; ++m) seen.hear(Sample{{m * 60}, 120, 120, 0});
    return seen;
}
std::optional<Moment> met(const Sight& sight, const Recording& seen, std::int32_t basal = 1450) {
    Scenario scenario;
    scenario.setting.hours = 1;
    scenario.setting.basal = {basal};
    scenario.expectations.push_back({"x", {"x", "x"}, sight});
    const auto judged = judge(scenario, seen);
    EXPECT_EQ(judged.at(0).met, judged.at(0).at.has_value());
    return judged.at(0).at;
}

TEST(Expectations, AnEventCountsUpToItsMomentAndNotAfter) {
    Recording seen;
    seen.hear(Event{{300}, "image_refused", ""});
    seen.hear(Event{{900}, "image_refused", ""});
    EXPECT_EQ(met(ShowsEvent{"image_refused", {300}}, seen), Moment{300});
    EXPECT_FALSE(met(ShowsEvent{"image_refused", {299}}, seen));
    EXPECT_FALSE(met(ShowsEvent{"reset", {300}}, seen));
}

TEST(Expectations, AModeMustBeReachedInTimeAndHold) {
    Recording seen;
    EXPECT_FALSE(met(ShowsMode{hal::Mode::start_up, {300}}, seen));  // nothing was said: nothing was shown
    seen.hear(ModeChange{{10}, hal::Mode::normal});
    seen.hear(ModeChange{{100}, hal::Mode::failsafe});
    EXPECT_EQ(met(ShowsMode{hal::Mode::failsafe, {100}}, seen), Moment{100});
    EXPECT_FALSE(met(ShowsMode{hal::Mode::failsafe, {99}}, seen));
    EXPECT_FALSE(met(ShowsMode{hal::Mode::normal, {99}}, seen));
    seen.hear(ModeChange{{200}, hal::Mode::normal});
    EXPECT_FALSE(met(ShowsMode{hal::Mode::failsafe, {300}}, seen));
    seen.hear(ModeChange{{250}, hal::Mode::failsafe});
    EXPECT_EQ(met(ShowsMode{hal::Mode::failsafe, {300}}, seen), Moment{250});  // the stretch that holds, not the first
    seen.hear(ModeChange{{260}, hal::Mode::failsafe});
    EXPECT_EQ(met(ShowsMode{hal::Mode::failsafe, {300}}, seen), Moment{250});
}

TEST(Expectations, AnAlarmMustStillBeOnAtTheEnd) {
    Recording seen;
    seen.hear(Alarm{{100}, "tpm_gone", hal::Priority::high});
    EXPECT_EQ(met(ShowsAlarm{"tpm_gone", {100}}, seen), Moment{100});
    EXPECT_FALSE(met(ShowsAlarm{"tpm_gone", {99}}, seen));
    EXPECT_FALSE(met(ShowsAlarm{"log_broken", {100}}, seen));
    seen.hear(Alarm{{200}, "tpm_gone", hal::Priority::none, false});
    EXPECT_FALSE(met(ShowsAlarm{"tpm_gone", {100}}, seen));
}

TEST(Expectations, TimeInRangeIsPlasmaOverTheWholeRun) {
    auto seen = quiet();
    EXPECT_EQ(met(StaysInRange{100}, seen), Moment{3600});
    seen.samples[30].plasma_mg_dl = 69.9;
    EXPECT_FALSE(met(StaysInRange{100}, seen));
    EXPECT_TRUE(met(StaysInRange{98}, seen));
}

TEST(Expectations, NoDoseMayPassTheProfileInSlotHourOrMotor) {
    // 1450 mU/h is 120.83 mU a slot: 120 or 121, twelve of them 1450.
    const auto with = [](std::vector<std::pair<int, int>> doses, std::int64_t moved) {
        auto seen = quiet();
        for (const auto& [at, amount] : doses) seen.doses.push_back({{at}, {amount}});
        seen.samples.back().delivered_mu = moved;
        return met(GivesNoMoreThanProfile{}, seen).has_value();
    };
    std::vector<std::pair<int, int>> hour;
    for (int i = 0; i < 12; ++i) hour.emplace_back(i * 300, i % 6 == 0 ? 120 : 121);
    EXPECT_TRUE(with(hour, 1450));
    EXPECT_TRUE(with({}, 0));
    auto larger = hour;
    larger[5].second = 122;
    EXPECT_FALSE(with(larger, 1450));
    auto all_rounded_up = hour;
    for (auto& dose : all_rounded_up) dose.second = 121;
    EXPECT_TRUE(with(all_rounded_up, 1450));  // 1452: fractions carried by two who count on their own
    // At a low rate each slot may be rounded up and still the hour may not: 50 mU/h is 4.17 mU a slot, 5 each are 60.
    auto low = quiet();
    for (int i = 0; i < 12; ++i) low.doses.push_back({{i * 300}, {5}});
    EXPECT_FALSE(met(GivesNoMoreThanProfile{}, low, 50));
    EXPECT_FALSE(with({{0, 121}, {299, 121}}, 242));  // two in one slot
    EXPECT_TRUE(with({{0, 121}, {300, 121}}, 242));
    EXPECT_FALSE(with({{0, 121}}, 122));  // the motor moved more than was asked
}

TEST(Harm, BeginsWhenTheLowHasLastedFifteenMinutes) {
    Scenario scenario;
    auto seen = quiet();
    EXPECT_FALSE(harmed_at(scenario, seen));
    for (int m = 20; m <= 34; ++m) seen.samples[static_cast<std::size_t>(m)].plasma_mg_dl = 53;
    EXPECT_FALSE(harmed_at(scenario, seen));
    seen.samples[35].plasma_mg_dl = 53;
    EXPECT_EQ(harmed_at(scenario, seen), Moment{35 * 60});
    for (auto& sample : seen.samples) sample.plasma_mg_dl = 53;
    EXPECT_EQ(harmed_at(scenario, seen), Moment{15 * 60});
}

TEST(Difference, IsTheFirstOfGlucoseDosesAndModes) {
    auto one = quiet();
    one.doses = {{{0}, {121}}, {{300}, {121}}};
    one.modes = {{{5}, hal::Mode::normal}};
    EXPECT_FALSE(first_difference(one, one));
    auto other = one;
    other.samples[40].cgm_mg_dl += 1e-12;
    EXPECT_EQ(first_difference(one, other)->at, Moment{40 * 60});
    EXPECT_EQ(first_difference(one, other)->in, "glucose");
    other.doses.pop_back();
    EXPECT_EQ(first_difference(one, other)->at, Moment{300});
    EXPECT_EQ(first_difference(one, other)->in, "doses");
    other.modes[0].mode = hal::Mode::failsafe;
    EXPECT_EQ(first_difference(other, one)->in, "modes");
}

}  // namespace
}  // namespace basalt::scenarios
