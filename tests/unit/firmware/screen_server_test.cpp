#include "device/firmware/screen_server.h"

#include "tests/support/fake_chip.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <random>

namespace basalt::firmware {
namespace {
using nlohmann::json;

class ScreenEnd : public hal::Port {
  public:
    bool send(ByteView frame) noexcept override {
        if (full) return false;
        const auto decoded = hal::ScreenFrames::decode(frame);
        EXPECT_TRUE(decoded && std::holds_alternative<hal::ScreenReply>(*decoded));
        replies.push_back(std::get<hal::ScreenReply>(*decoded));
        return true;
    }
    bool full = false;
    std::vector<hal::ScreenReply> replies;
};

std::string text_of(const hal::ScreenReply& reply) {
    return {reinterpret_cast<const char*>(reply.body.data.data()), reply.body.size};
}

struct ScreenServerTest : testing::Test {
    test::Scratch scratch;
    ScreenEnd screen;
    LogCheck check;
    ScreenServer server{screen, check};
    std::optional<Journal> journal;
    Configuration configuration{.device_name = "Pump", .glucose_unit = GlucoseUnit::mg_dl, .basal = {}};
    SeenState state{
        .tick = {}, .configuration = &configuration, .configuration_words = {}, .accepted = true, .records_open = true};
    TherapySlot therapy{&configuration};
    std::uint32_t next_id = 1;

    void SetUp() override {
        state.tick.tick = {100'000};
        auto opened = Journal::open(test::keys_for(std::array<std::uint8_t, 32>{}), {.directory = scratch.path()},
                                    state.tick.tick);
        ASSERT_TRUE(opened) << opened.error().what;
        journal.emplace(std::move(*opened));
        ASSERT_TRUE(check.go_on(*journal, state.tick.tick));
    }
    bool ask(hal::ScreenQuestion question, std::uint64_t from = 0) {
        return server.take(
            hal::ScreenFrames::encode(hal::ScreenRequest{.id = next_id++, .question = question, .from = from}).view());
    }
    /// One tick; what came out of it.
    std::vector<hal::ScreenReply> tick(std::uint64_t seconds = 1) {
        state.tick.tick = state.tick.tick + seconds;
        screen.replies.clear();
        therapy.begin(state.tick);
        therapy.ring_read(0);
        state.therapy = &therapy;
        server.serve(state, journal ? &*journal : nullptr);
        const bool on_record = !journal || journal->commit().has_value();
        if (journal) {
            EXPECT_TRUE(check.go_on(*journal, state.tick.tick));
        }
        server.send_answers(on_record);
        return screen.replies;
    }
    std::size_t rows_of_kind(std::string_view what) {
        std::size_t count = 0;
        for (std::uint64_t from = 1;;) {
            const auto events = journal->events(from, 1'000);
            if (!events || events->empty()) return count;
            for (const auto& logged : *events) count += logged.event.what == what ? 1 : 0;
            from = events->back().seq + 1;
        }
    }
};

TEST_F(ScreenServerTest, TheStateIsOneObjectThatNamesItsUnits) {
    state.tick.mode = hal::Mode::normal;
    state.tick.gateway = hal::GatewayState::up;
    state.tick.motor = state.tick.target = {12'345};
    state.tick.second_of_day = {1'800};
    state.tick.sensors = {.glucose_mg_dl = 112, .glucose_age_s = 60, .battery_percent = 90, .reservoir = 187'250_mU};
    state.tick.alarms = 1U << 29;  // reservoir_low
    configuration.basal[1] = {850};
    ask(hal::ScreenQuestion::state);
    const auto replies = tick();
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].status, hal::ScreenStatus::ok);
    const auto seen = json::parse(text_of(replies[0]));
    EXPECT_EQ(seen["schema"], 1);
    EXPECT_EQ(seen["mode"], "normal");
    EXPECT_EQ(seen["network"], "up");
    EXPECT_EQ(seen["device_name"], "Pump");
    EXPECT_EQ(seen["rate_u_per_h"], 0.85);
    EXPECT_EQ(seen["insulin_on_board_u"], 0.0);
    EXPECT_EQ(seen["insulin_on_board_complete"], false);
    EXPECT_FALSE(seen.contains("bolus") || seen.contains("last_bolus") || seen.contains("temporary_rate"));
    EXPECT_EQ(seen["glucose_mg_dl"], 112);
    EXPECT_EQ(seen["insulin_total_u"], 12.345);
    EXPECT_EQ(seen["reservoir_u"], 187.25);
    EXPECT_EQ(seen["alarms"], json::array({"reservoir_low"}));
}

TEST_F(ScreenServerTest, TheStateShowsTheBolusTheTemporaryRateAndWhoOrderedThem) {
    state.tick.mode = hal::Mode::normal;
    state.tick.sensors.reservoir = 100_U;
    configuration.basal.fill({850});
    therapy.set_limits({10_U, 15_U, 10_U, 60_U, 24});
    tick();
    ASSERT_TRUE(therapy.propose({.amount = 1'500_mU, .who = "patient"}, 10_U));
    ASSERT_TRUE(therapy.set_temporary(-40, 3'600, "nurse-2"));
    const std::uint64_t set_at = state.tick.tick.seconds;
    const auto see = [&] {
        ask(hal::ScreenQuestion::state);
        return json::parse(text_of(tick().at(0)));
    };
    const auto proposed = see();
    EXPECT_EQ(proposed["bolus"]["state"], "proposed");
    EXPECT_EQ(proposed["rate_u_per_h"], 0.51);
    EXPECT_EQ(proposed["temporary_rate"], json({{"percent", -40}, {"until_s", set_at + 3'600}, {"who", "nurse-2"}}));
    ASSERT_TRUE(therapy.confirm(1'500_mU, "patient"));
    const auto running = see();
    EXPECT_EQ(running["bolus"], json({{"id", 1},
                                      {"state", "running"},
                                      {"amount_u", 1.5},
                                      {"given_u", 0.0},
                                      {"still_moving_u", 0.0},
                                      {"who", "patient"}}));
    ASSERT_TRUE(therapy.cancel("nurse-2"));
    const auto over = see();
    EXPECT_FALSE(over.contains("bolus"));
    EXPECT_EQ(over["last_bolus"]["state"], "cancelled");
    EXPECT_EQ(over["last_bolus"]["who"], "patient");
    state.tick.mode = hal::Mode::stopped;
    EXPECT_EQ(see()["rate_u_per_h"], 0.0);
}

TEST_F(ScreenServerTest, TheStateFitsItsReplyWithEverythingThatATherapyCanShow) {
    state.tick.mode = hal::Mode::normal;
    configuration.basal.fill({5'000});
    configuration.device_name = std::string(64, '"');
    therapy.set_limits({30_U, 60'000_mU, 60_U, 300_U, 30});
    tick();
    const std::string name(32, 'n');
    ASSERT_TRUE(therapy.propose({.amount = 29'950_mU, .who = name}, 30_U));
    ASSERT_TRUE(therapy.confirm(29'950_mU, name));
    ASSERT_TRUE(therapy.cancel(name));
    ASSERT_TRUE(therapy.propose({.amount = 29'950_mU, .who = name}, 30_U));
    ASSERT_TRUE(therapy.set_temporary(-100, 14'400, name));
    state.tick.alarms = ~std::uint64_t{0};
    state.tick.sensors.glucose_mg_dl = 400;
    ask(hal::ScreenQuestion::state);
    const auto seen = json::parse(text_of(tick().at(0)));
    EXPECT_TRUE(seen.contains("bolus") && seen.contains("last_bolus") && seen.contains("temporary_rate"));
}

TEST_F(ScreenServerTest, TheStateFitsItsReplyWhateverIsWrong) {
    state.tick.alarms = ~std::uint64_t{0};
    const std::string long_words(2'000, 'x');
    state.configuration = nullptr;
    state.configuration_words = long_words;
    ask(hal::ScreenQuestion::state);
    const auto replies = tick();
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(json::parse(text_of(replies[0]))["alarm_bits"], ~std::uint64_t{0});
}

TEST_F(ScreenServerTest, EveryAccessIsOnRecordBeforeItsAnswerLeaves) {
    ask(hal::ScreenQuestion::state);
    ask(hal::ScreenQuestion::log, 1);
    ask(hal::ScreenQuestion::doses, 1);
    ask(hal::ScreenQuestion::log_check);
    state.tick.tick = state.tick.tick + 1;
    server.serve(state, &*journal);
    EXPECT_TRUE(screen.replies.empty());
    ASSERT_TRUE(journal->commit());
    EXPECT_EQ(rows_of_kind("data_read"), 3U);
    EXPECT_EQ(rows_of_kind("log_verified"), 1U);
    server.send_answers(true);
    EXPECT_EQ(screen.replies.size(), 4U);
}

TEST_F(ScreenServerTest, AnAccessThatIsNotOnRecordGetsNoData) {
    ask(hal::ScreenQuestion::log, 1);
    state.tick.tick = state.tick.tick + 1;
    server.serve(state, &*journal);
    server.send_answers(false);
    ASSERT_EQ(screen.replies.size(), 1U);
    EXPECT_EQ(screen.replies[0].status, hal::ScreenStatus::failed);
    EXPECT_EQ(text_of(screen.replies[0]).find("rows"), std::string::npos);
}

TEST_F(ScreenServerTest, TheWholeLogComesInPagesWithoutAGap) {
    for (int i = 0; i < 700; ++i)
        ASSERT_TRUE(
            journal->note(storage::make_event(storage::EventId::frames_dropped, 100'000, "firmware",
                                              storage::Outcome::refused, {std::int64_t{i}, std::string(200, 'x')})));
    ASSERT_TRUE(journal->commit());
    std::uint64_t wanted = 1;
    for (bool more = true; more;) {
        ask(hal::ScreenQuestion::log, wanted);
        const auto replies = tick();
        ASSERT_FALSE(replies.empty());
        ASSERT_LE(replies.size(), static_cast<std::size_t>(hal::max_screen_replies));
        for (std::size_t i = 0; i < replies.size(); ++i) {
            EXPECT_EQ(replies[i].last, i + 1 == replies.size());
            const auto page = json::parse(text_of(replies[i]));
            for (const auto& row : page["rows"]) {
                EXPECT_EQ(row["record"]["seq"], wanted++);
                EXPECT_EQ(row["hash"].get<std::string>().size(), 64U);
            }
            EXPECT_EQ(page["next_seq"], wanted);
            more = page["more"];
        }
    }
    EXPECT_GT(wanted, 700U);
}

TEST_F(ScreenServerTest, ANumberThatNoRowCanHaveIsRefused) {
    ask(hal::ScreenQuestion::log, ~std::uint64_t{0});
    ask(hal::ScreenQuestion::doses, std::uint64_t{1} << 63);
    for (const auto& reply : tick()) EXPECT_EQ(reply.status, hal::ScreenStatus::refused);
    EXPECT_EQ(rows_of_kind("data_read"), 0U);
    ask(hal::ScreenQuestion::doses, (std::uint64_t{1} << 63) - 1);
    EXPECT_EQ(tick()[0].status, hal::ScreenStatus::ok);
}

TEST_F(ScreenServerTest, WithoutRecordsTheStateIsShownAndNothingElse) {
    journal.reset();
    for (const auto question : {hal::ScreenQuestion::state, hal::ScreenQuestion::log, hal::ScreenQuestion::log_check,
                                hal::ScreenQuestion::doses})
        ask(question, 1);
    const auto replies = tick();
    ASSERT_EQ(replies.size(), 4U);
    EXPECT_EQ(replies[0].status, hal::ScreenStatus::ok);
    for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(replies[i].status, hal::ScreenStatus::failed);
}

TEST_F(ScreenServerTest, ADayOfFloodLeavesABoundedLogAndIsToldBusy) {
    std::map<hal::ScreenStatus, int> by_status;
    std::mt19937_64 rng{1};
    std::size_t refused_by_room = 0;
    for (int t = 0; t < 3'600; ++t) {  // an hour, every second
        for (int i = 0; i < 100; ++i) {
            if (i % 3 == 0) {
                std::array<std::uint8_t, 40> noise;
                for (auto& byte : noise) byte = static_cast<std::uint8_t>(rng());
                refused_by_room += server.take(noise) ? 0 : 1;
            } else {
                refused_by_room += ask(hal::ScreenQuestion::state) ? 0 : 1;
            }
        }
        for (const auto& reply : tick()) ++by_status[reply.status];
    }
    EXPECT_GT(refused_by_room, 3'600U * 30);  // what is beyond a tick's room stays outside
    EXPECT_LE(rows_of_kind("data_read"), ReadRecord::an_hour);
    EXPECT_GT(by_status[hal::ScreenStatus::busy], 10'000);
    EXPECT_LE(rows_of_kind("frames_dropped"), 2U * 2U);
    EXPECT_GT(rows_of_kind("frames_dropped"), 0U);
    for (const auto& reply : tick(3'600)) ++by_status[reply.status];
    const auto seen = by_status[hal::ScreenStatus::ok];
    EXPECT_EQ(rows_of_kind("reads_counted"), 1U);
    std::int64_t on_record = static_cast<std::int64_t>(rows_of_kind("data_read"));
    const auto all = journal->events(1, 1'000);
    ASSERT_TRUE(all);
    for (const auto& logged : *all)
        if (logged.event.what == "reads_counted") on_record += *logged.event.number("reads");
    EXPECT_EQ(seen, on_record);  // no more and no fewer on record than were answered
}

TEST_F(ScreenServerTest, AScreenThatSomebodyStandsBeforeIsNeverToldBusy) {
    for (int asked = 0; asked < 1'000; ++asked) {
        ask(hal::ScreenQuestion::state);
        const auto replies = tick(2);
        ASSERT_EQ(replies.size(), 1U);
        ASSERT_EQ(replies[0].status, hal::ScreenStatus::ok) << asked;
    }
    EXPECT_EQ(rows_of_kind("frames_dropped"), 0U);
}

TEST_F(ScreenServerTest, WhoAsksForACheckIsToldTheLastResultOrHowFarTheNextOneIs) {
    ask(hal::ScreenQuestion::log_check);
    ask(hal::ScreenQuestion::log_check);
    for (const auto& reply : tick()) {
        EXPECT_EQ(reply.status, hal::ScreenStatus::ok);
        EXPECT_TRUE(json::parse(text_of(reply))["ok"]);
    }
    EXPECT_EQ(rows_of_kind("log_verified"), 1U);
    ask(hal::ScreenQuestion::log_check);
    const auto replies = tick(3'600);  // that result is too old
    ASSERT_EQ(replies.size(), 1U);
    const auto progress = json::parse(text_of(replies[0]));
    EXPECT_TRUE(progress["checking"]);
    EXPECT_FALSE(progress.contains("ok"));
    ask(hal::ScreenQuestion::log_check);
    EXPECT_TRUE(json::parse(text_of(tick()[0]))["ok"]);
    EXPECT_EQ(rows_of_kind("log_verified"), 2U);
}

TEST_F(ScreenServerTest, ATickTakesAsManyFramesAsTheChannelPromises) {
    int taken = 0;
    while (ask(hal::ScreenQuestion::state)) ++taken;
    EXPECT_EQ(taken, hal::screen_frames_a_tick);
}

TEST_F(ScreenServerTest, AScreenThatTakesNothingCostsNothingAndIsGivenUpAfterAMinute) {
    screen.full = true;
    for (int i = 0; i < 20; ++i) ask(hal::ScreenQuestion::state);
    tick();
    EXPECT_TRUE(server.waiting());
    for (int t = 0; t < ScreenServer::patience_ticks; ++t) tick();
    EXPECT_FALSE(server.waiting());
    screen.full = false;
    ask(hal::ScreenQuestion::state);
    EXPECT_EQ(tick().size(), 1U);
}

TEST_F(ScreenServerTest, AnAnswerThatIsTakenInPartGoesOnWhereItStopped) {
    for (int i = 0; i < 30; ++i) ask(hal::ScreenQuestion::state);
    tick();
    std::size_t answered = screen.replies.size();
    for (int t = 0; t < 20; ++t) answered += tick().size();
    EXPECT_EQ(answered, 30U);
}

TEST_F(ScreenServerTest, WhatWaitedForAScreenThatIsGoneIsForgotten) {
    ask(hal::ScreenQuestion::state);
    server.screen_gone();
    EXPECT_TRUE(tick().empty());
}

}  // namespace
}  // namespace basalt::firmware
