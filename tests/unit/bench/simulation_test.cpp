#include "scenarios/bench/simulation.h"

#include "tests/unit/bench/stand_ins.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace basalt::bench {
namespace {

using test::start;

struct Heard final : scenarios::Observer {
    void hear(const scenarios::Sample& sample) override { samples.push_back(sample); }
    void hear(const scenarios::Dose& dose) override { doses.push_back(dose); }
    void hear(const scenarios::ModeChange& change) override { modes.push_back(change); }
    void hear(const scenarios::Alarm& alarm) override { alarms.push_back(alarm); }
    void hear(const scenarios::Event& event) override { events.push_back(event); }
    std::vector<scenarios::Sample> samples;
    std::vector<scenarios::Dose> doses;
    std::vector<scenarios::ModeChange> modes;
    std::vector<scenarios::Alarm> alarms;
    std::vector<scenarios::Event> events;
};

struct KeptInMemory final : Keeper {
    bool keep(const BoardRecord& board, const PatientRecord& record) override {
        if (full) return false;
        kept_board = board;
        kept_patient = record;
        ++times;
        return true;
    }
    BoardRecord kept_board;
    std::optional<PatientRecord> kept_patient;
    int times = 0;
    bool full = false;
};

PatientRecord adult(Tick minute = {}, std::int64_t motor_mu = 0) {
    return {pump_model::Patient{pump_model::all_people().front()}, minute, motor_mu, 0};
}

// A stand-in guardian that gives 50 mU in each tick, every 60 s.
struct World {
    explicit World(const BoardRecord& begin = {}, const PatientRecord& patient = adult())
        : board{memory, begin}, simulation{board, memory, device, patient, 1, heard, keeper} {}
    test::ArrayMemory memory;
    Board board;
    test::StandInTpm tpm;
    DeviceProcesses device{board,
                           {[](int hal, int) { return start("guardian", {hal}); },
                            [](int boot, int, int, int, int) { return start("boot", {boot}); }},
                           tpm};
    Heard heard;
    KeptInMemory keeper;
    Simulation simulation;
};

TEST(Simulation, EveryWholeMinuteIsSeenOnceTheFirstAtTheBeginning) {
    World world;
    ASSERT_TRUE(world.simulation.run_until({150}));
    ASSERT_TRUE(world.simulation.run_until({180}));
    ASSERT_EQ(world.heard.samples.size(), 3U) << "nothing at 180 has happened yet";
    for (std::int64_t minute = 0; minute < 3; ++minute)
        EXPECT_EQ(world.heard.samples[static_cast<std::size_t>(minute)].at, Moment{60 * minute});
    ASSERT_TRUE(world.simulation.run_until({181}));
    EXPECT_EQ(world.heard.samples.size(), 4U);
}

TEST(Simulation, ThePatientGetsWhatTheMotorMovedAndNothingElse) {
    World with;
    World without;
    ASSERT_TRUE(with.simulation.power_on());
    ASSERT_TRUE(with.simulation.run_until({3 * 3'600}));
    ASSERT_TRUE(without.simulation.run_until({3 * 3'600}));
    EXPECT_EQ(with.heard.samples.back().delivered_mu, 50 * (3 * 60 - 1))
        << "the last minute's dose comes after its sample";
    EXPECT_EQ(without.heard.samples.back().delivered_mu, 0);
    EXPECT_LT(with.heard.samples.back().plasma_mg_dl, without.heard.samples.back().plasma_mg_dl);
    EXPECT_EQ(with.simulation.ticks(), 180U);
    EXPECT_EQ(without.simulation.ticks(), 0U);
}

TEST(Simulation, ARunThatWasKilledBetweenTwoRecordsLosesNoInsulinOnTheWayToThePatient) {
    // The motor's record is 200 s younger than the patient's, and 300 mU further.
    World late{{{1'000}, {1'000}, true, 300, 100'000}, adult({780}, 0)};
    EXPECT_EQ(late.simulation.patient().minute(), 3) << "three whole minutes were lived at once";
    ASSERT_TRUE(late.simulation.run_until({3'600}));
    pump_model::Patient same{pump_model::all_people().front()};
    ASSERT_TRUE(same.advance_minute(0.3, 0));
    while (same.minute() < late.simulation.patient().minute()) ASSERT_TRUE(same.advance_minute(0, 0));
    EXPECT_EQ(late.simulation.patient(), same);
}

TEST(Simulation, WhatIsEatenBetweenTwoMinutesIsEaten) {
    World hungry;
    World fed;
    ASSERT_TRUE(fed.simulation.run_until({30}));
    ASSERT_TRUE(fed.simulation.eat(20));
    ASSERT_TRUE(fed.simulation.eat(20));
    ASSERT_TRUE(fed.simulation.run_until({2 * 3'600}));
    ASSERT_TRUE(hungry.simulation.run_until({2 * 3'600}));
    EXPECT_GT(fed.heard.samples.back().plasma_mg_dl, hungry.heard.samples.back().plasma_mg_dl + 30);
    EXPECT_EQ(fed.simulation.eat(501).error().code, ErrorCode::usage);
    EXPECT_EQ(fed.simulation.eat(std::numeric_limits<double>::quiet_NaN()).error().code, ErrorCode::usage);
}

TEST(Simulation, TheBoardIsOnRecordBeforeEachTickSoThatTimeNeverGoesBack) {
    World world;
    ASSERT_TRUE(world.simulation.power_on());
    ASSERT_TRUE(world.simulation.run_until({61}));
    EXPECT_EQ(world.keeper.times, 2);
    EXPECT_EQ(world.keeper.kept_board.tick, Tick{60});
    world.keeper.full = true;
    const auto full = world.simulation.run_until({600});
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, ErrorCode::io);
    EXPECT_EQ(world.simulation.ticks(), 2U) << "no tick is played that could be forgotten";
}

TEST(Simulation, TheFirstModeIsToldAndTheSwitch) {
    World world;
    ASSERT_TRUE(world.simulation.power_on());
    ASSERT_TRUE(world.simulation.run_until({1}));
    world.simulation.power_off();
    ASSERT_EQ(world.heard.modes.size(), 1U);
    EXPECT_EQ(world.heard.modes[0].mode, hal::Mode::start_up);
    ASSERT_EQ(world.heard.events.size(), 2U);
    EXPECT_EQ(world.heard.events[0].id, "powered_on");
    EXPECT_EQ(world.heard.events[1].id, "powered_off");
    EXPECT_FALSE(world.device.process_of(Part::guardian));
}

TEST(Simulation, AKilledGuardianIsToldOnceAndBackInTheSameSecond) {
    World world;
    ASSERT_TRUE(world.simulation.power_on());
    ASSERT_TRUE(world.simulation.run_until({90}));
    ASSERT_TRUE(world.simulation.kill(Part::guardian));
    ASSERT_TRUE(world.simulation.run_until({91}));
    EXPECT_TRUE(world.device.process_of(Part::guardian));
    const auto ends = std::ranges::count(world.heard.events, "program_ended", &scenarios::Event::id);
    EXPECT_EQ(ends, 1);
}

TEST(Simulation, AReplayTellsAndKeepsTheSlotsThatItsTraceClosed) {
    World world;
    const std::vector<Overrun> trace{{{60}, hal::Side::boot}, {{180}, hal::Side::boot}};
    world.simulation.replay(trace);
    ASSERT_TRUE(world.simulation.power_on());
    ASSERT_TRUE(world.simulation.run_until({240}));
    EXPECT_EQ(world.simulation.overruns(), trace) << "the trace of a replay is a trace of the same run";
    std::vector<Moment> told;
    for (const auto& event : world.heard.events)
        if (event.id == "slot_budget" && event.detail == "boot") told.push_back(event.at);
    EXPECT_EQ(told, (std::vector<Moment>{{60}, {180}}));
}

TEST(Simulation, AHeldButtonIsSeenInEverySecondOfIt) {
    World world;
    ASSERT_TRUE(world.simulation.power_on());
    ASSERT_TRUE(world.simulation.run_until({10}));
    const auto before = world.simulation.ticks();
    world.simulation.hold_button(3);
    ASSERT_TRUE(world.simulation.run_until({20}));
    EXPECT_EQ(world.simulation.ticks() - before, 4U) << "three seconds down, one to see it up again";
}

TEST(GlucoseSensor, TheSameSeedErrsTheSameWayAndWithinWhatSensorsDo) {
    GlucoseSensor one{5}, same{5}, other{6};
    std::vector<double> errors;
    bool differs = false;
    for (int i = 0; i < 2'000; ++i) {
        const auto reading = one.read(150);
        EXPECT_EQ(reading, same.read(150));
        differs = differs || reading != other.read(150);
        errors.push_back(reading - 150.0);
    }
    EXPECT_TRUE(differs);
    const double mean = std::accumulate(errors.begin(), errors.end(), 0.0) / 2'000;
    double square = 0;
    for (const double error : errors) square += (error - mean) * (error - mean) / 2'000;
    EXPECT_NEAR(mean, 0, 2);
    EXPECT_NEAR(std::sqrt(square), 8, 2);
}

TEST(GlucoseSensor, ShowsNothingBeyondWhatAMeterShows) {
    GlucoseSensor sensor{1};
    EXPECT_EQ(sensor.read(3), 40);
    EXPECT_EQ(sensor.read(2'000), 400);
}

}  // namespace
}  // namespace basalt::bench
