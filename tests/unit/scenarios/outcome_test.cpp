#include "scenarios/engine/outcome.h"

#include "scenarios/engine/words.h"
#include "tests/unit/scenarios/fake_device.h"
#include "tests/unit/scenarios/shipped.h"

namespace basalt::scenarios {
namespace {

using test::FakeMaker;

Outcome played(test::Faults faults, bool twin = true, const Scenario& scenario = test::shipped("tampered-firmware")) {
    FakeMaker maker{faults};
    auto outcome = run_scenario(scenario, {.twin = twin, .seed = 7}, maker, nullptr);
    EXPECT_TRUE(outcome) << (outcome ? "" : outcome.error().what);
    return outcome ? std::move(*outcome) : Outcome{};
}
std::vector<Shortfall> shortfalls(const Outcome& outcome) {
    std::vector<Shortfall> out;
    for (const auto& lack : outcome.lacks) out.push_back(lack.shortfall);
    return out;
}

TEST(Twin, TheAttackHarmsTheUnprotectedPatientAndNotTheProtectedOne) {
    const auto outcome = played({});
    EXPECT_TRUE(outcome.passed()) << in_words(outcome.lacks.at(0), Language::english);
    const auto& shielded = *outcome.run(RunKind::protected_device);
    const auto& bare = *outcome.run(RunKind::unprotected_device);
    EXPECT_FALSE(shielded.harmed);
    EXPECT_EQ(shielded.plasma.tir_percent, 100);
    EXPECT_EQ(shielded.seen.mode_at_end(), hal::Mode::failsafe);
    for (const auto& judged : shielded.expectations) EXPECT_TRUE(judged.met) << judged.id;
    ASSERT_TRUE(bare.harmed);
    EXPECT_GT(*bare.harmed, Moment{3660});
    EXPECT_LT(bare.plasma.min_mg_dl, 54);
    EXPECT_FALSE(first_difference(shielded.seen, outcome.run(RunKind::training_device)->seen));
}

TEST(Twin, ThreeDevicesDifferInTheirBuildAndInNothingElse) {
    FakeMaker maker;
    ASSERT_TRUE(run_scenario(test::shipped("tampered-firmware"), {.twin = true, .seed = 99}, maker, nullptr));
    ASSERT_EQ(maker.builds.size(), 3U);
    EXPECT_EQ(maker.builds[0].variant, Variant::production);
    EXPECT_EQ(maker.builds[0].switched_off, 0U);
    EXPECT_EQ(maker.builds[1].variant, Variant::training);
    EXPECT_EQ(maker.builds[1].switched_off,
              std::to_underlying(Defence::image_check) | std::to_underlying(Defence::sealing));
    EXPECT_EQ(maker.builds[2].variant, Variant::training);
    EXPECT_EQ(maker.builds[2].switched_off, 0U);
    EXPECT_EQ(maker.seeds, (std::vector<std::uint64_t>{99, 99, 99}));
}

TEST(Twin, WithoutHarmToTheUnprotectedPatientFails) {
    EXPECT_EQ(shortfalls(played({.attacker_is_tame = true})), std::vector{Shortfall::no_harm});
}

TEST(Twin, FailsWhenTheTrainingBuildIsAnotherDevice) {
    const auto outcome = played({.training_gives_more = true});
    // Still within the profile: nobody would be harmed, and yet it is not the device that the production build is.
    ASSERT_EQ(shortfalls(outcome), std::vector{Shortfall::training_differs});
    EXPECT_EQ(outcome.lacks[0].detail, "doses, minute 120");
    const auto silent = played({.training_is_silent = true});
    ASSERT_EQ(shortfalls(silent), std::vector{Shortfall::training_differs});
    EXPECT_EQ(silent.lacks[0].detail, "alarm");
}

TEST(Twin, FailsWhenTheProtectedDeviceRunsTheStrangeProgramToo) {
    const auto outcome = played({.production_runs_all = true}, false);
    EXPECT_FALSE(outcome.passed());
    const auto found = shortfalls(outcome);
    EXPECT_EQ(std::ranges::count(found, Shortfall::expectation_missed), 5);
    EXPECT_EQ(std::ranges::count(found, Shortfall::protected_harmed), 1);
}

TEST(Twin, AnAlarmThatGoesOffByItselfIsNotShown) {
    const auto outcome = played({.alarm_goes_off = true}, false);
    ASSERT_EQ(outcome.lacks.size(), 1U);
    EXPECT_EQ(outcome.lacks[0].detail, "alarm");
}

TEST(Play, ARunWithAHoleOrOutOfOrderIsJudgedByNobody) {
    for (const auto faults : {test::Faults{.forgets_a_minute = true}, test::Faults{.goes_back = true}}) {
        FakeMaker maker{faults};
        const auto outcome = run_scenario(test::shipped("tampered-firmware"), {}, maker, nullptr);
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().code, ErrorCode::check_failed);
    }
}

TEST(Play, AFaultOfTheMachineIsReturnedAsItIs) {
    FakeMaker maker{{.machine_is_broken = true}};
    const auto outcome = run_scenario(test::shipped("tampered-firmware"), {}, maker, nullptr);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::missing);
}

TEST(Play, TheAttackerActsOnlyWhileThePumpHasNoPower) {
    auto scenario = test::shipped("tampered-firmware");
    const auto seen = played({}, false, scenario).run(RunKind::protected_device)->seen;
    std::vector<std::pair<std::int64_t, std::string>> got;
    for (const auto& event : seen.events) got.emplace_back(event.at.seconds, event.id);
    using Line = std::pair<std::int64_t, std::string>;
    EXPECT_EQ(got, (std::vector<Line>{{0, "powered_on"},
                                      {0, "image_started"},
                                      {3660, "powered_off"},
                                      {3660, "image_replaced"},
                                      {3660, "image_replaced"},
                                      {3780, "powered_on"},
                                      {3780, "image_refused"},
                                      {3780, "image_refused"}}));
    // At moment 0 the pump was never switched on before: the first power on meets the attacker's program.
    scenario.timeline[0].at = {};
    const auto early = played({}, false, scenario).run(RunKind::protected_device)->seen;
    EXPECT_EQ(early.events.at(0).id, "image_replaced");
    EXPECT_EQ(early.events.at(2).id, "powered_on");
    EXPECT_EQ(early.events.at(2).at, Moment{120});
}

TEST(Play, AMealReachesThePatientAndAPowerCycleOnlyThePump) {
    auto scenario = test::shipped("tampered-firmware");
    scenario.timeline = {{Moment{3600}, Meal{60}, {}}, {Moment{7200}, PowerCycle{300}, {}}};
    const auto outcome = played({}, false, scenario);
    const auto& run = *outcome.run(RunKind::protected_device);
    EXPECT_GT(run.plasma.max_mg_dl, 180);
    const auto doses = std::ranges::count_if(run.seen.doses,
                                             [](const Dose& d) { return d.at >= Moment{7200} && d.at < Moment{7500}; });
    EXPECT_EQ(doses, 0);
    EXPECT_EQ(run.seen.doses.size(), 24U * 12 - 1);
}

TEST(Play, TheSameSeedGivesTheSameRunAndTheLiveObserverHearsIt) {
    FakeMaker maker;
    Recording live;
    const auto one = run_scenario(test::shipped("tampered-firmware"), {}, maker, &live);
    const auto other = run_scenario(test::shipped("tampered-firmware"), {}, maker, nullptr);
    ASSERT_TRUE(one && other);
    EXPECT_FALSE(first_difference(one->runs[0].seen, other->runs[0].seen));
    EXPECT_FALSE(first_difference(one->runs[0].seen, live));
    EXPECT_EQ(live.events, one->runs[0].seen.events);
}

}  // namespace
}  // namespace basalt::scenarios
