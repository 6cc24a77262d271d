#include "scenarios/bench/board.h"

#include "device/common/digest.h"
#include "tests/unit/bench/stand_ins.h"

#include <gtest/gtest.h>

#include <limits>

namespace basalt::bench {
namespace {

using hal::BoardFrames;

struct Heard final : hal::Port {
    bool send(ByteView frame) noexcept override {
        frames.emplace_back(frame.begin(), frame.end());
        return true;
    }
    std::vector<std::vector<std::uint8_t>> frames;
};

struct BoardTest : ::testing::Test {
    test::ArrayMemory memory;
    Board board{memory, {{1'000}, {3'600}, true, 5'000, 10'000}};
    Heard guardian;
    template <class Frame>
    Asked serve(const Frame& frame) {
        return board.serve(BoardFrames::encode(frame).view(), guardian);
    }
};

TEST_F(BoardTest, TellsTheTimeTheMotorsPlaceAndWhatIsLeft) {
    const auto tick = board.begin_tick();
    EXPECT_EQ(tick.tick, Tick{1'000});
    EXPECT_EQ(tick.second_of_day, SecondOfDay{3'600});
    EXPECT_EQ(tick.motor, MotorCount{5'000});
    EXPECT_EQ(tick.sensors.reservoir, MilliUnits{10'000});
    EXPECT_TRUE(tick.clock_ok);
}

TEST_F(BoardTest, TheDayEndsAtMidnightAndTheTickGoesOn) {
    board.advance(86'400 - 3'600);
    EXPECT_EQ(board.begin_tick().second_of_day, SecondOfDay{0});
    EXPECT_EQ(board.now(), Tick{1'000 + 86'400 - 3'600});
}

TEST_F(BoardTest, MemoryIsWrittenBeforeTheMotorMovesAndReadsBack) {
    hal::MemoryWrite write;
    write.offset = hal::memory_size - 3;
    const std::array<std::uint8_t, 3> bytes{1, 2, 3};
    ASSERT_TRUE(write.data.assign(bytes));
    EXPECT_EQ(serve(write), Asked::nothing);
    EXPECT_EQ(serve(hal::MemoryRead{hal::memory_size - 3, 3}), Asked::nothing);
    ASSERT_EQ(guardian.frames.size(), 1U);
    const auto answer = BoardFrames::decode(guardian.frames[0]);
    ASSERT_TRUE(answer);
    const auto& data = std::get<hal::MemoryData>(*answer);
    EXPECT_EQ(data.offset, hal::memory_size - 3);
    EXPECT_TRUE(same_bytes(data.data.view(), bytes));
}

TEST_F(BoardTest, SaysOfASyncedMemoryThatItIsSynced) {
    EXPECT_EQ(serve(hal::MemorySync{}), Asked::nothing);
    ASSERT_EQ(guardian.frames.size(), 1U);
    const auto answer = BoardFrames::decode(guardian.frames[0]);
    EXPECT_TRUE(answer && std::holds_alternative<hal::MemorySynced>(*answer));
    EXPECT_EQ(serve(hal::MemorySynced{}), Asked::refused) << "the board alone sends it";
}

TEST_F(BoardTest, ReachesNothingOutsideTheMemory) {
    hal::MemoryWrite write;
    const std::array<std::uint8_t, 2> bytes{1, 2};
    ASSERT_TRUE(write.data.assign(bytes));
    for (const std::uint32_t offset :
         {hal::memory_size - 1, hal::memory_size, std::numeric_limits<std::uint32_t>::max()}) {
        write.offset = offset;
        EXPECT_EQ(serve(write), Asked::memory_lost) << offset;
        board.guardian_died();
        EXPECT_EQ(serve(hal::MemoryRead{offset, 2}), Asked::refused) << offset;
    }
    EXPECT_EQ(serve(hal::MemoryRead{0, 0}), Asked::refused);
    EXPECT_EQ(serve(hal::MemoryRead{0, hal::memory_chunk + 1}), Asked::refused);
    EXPECT_TRUE(guardian.frames.empty());
    EXPECT_EQ(board.frames_refused(), 8U);
    EXPECT_EQ(memory.writes, 0);
}

TEST_F(BoardTest, AfterAWriteThatWasNotDoneNothingMovesUntilAnotherGuardianBegins) {
    const std::uint8_t byte = 1;
    hal::MemoryWrite write;
    ASSERT_TRUE(write.data.assign(ByteView{&byte, 1}));
    hal::MemoryWrite outside = write;
    outside.offset = hal::memory_size;
    memory.fails_for = 1;
    for (const auto& lost : {write, outside}) {
        (void)board.begin_tick();
        EXPECT_EQ(serve(lost), Asked::memory_lost);
        EXPECT_EQ(serve(hal::MotorMove{{5'050}}), Asked::memory_lost);
        EXPECT_EQ(serve(hal::MemorySync{}), Asked::memory_lost);
        EXPECT_TRUE(guardian.frames.empty()) << "nothing was synced";
        EXPECT_EQ(serve(write), Asked::memory_lost) << "a later record does not mend the one before it";
        EXPECT_EQ(serve(hal::Signals{hal::Mode::normal}), Asked::memory_lost);
        EXPECT_EQ(serve(hal::Done{{1'000}, {1'300}}), Asked::memory_lost);
        (void)board.begin_tick();
        EXPECT_EQ(serve(hal::MotorMove{{5'050}}), Asked::memory_lost) << "time mends it no more";
        EXPECT_EQ(board.motor().target_mu(), 5'000);
        EXPECT_EQ(board.signals().mode, hal::Signals{}.mode);
        board.guardian_died();
        EXPECT_FALSE(board.memory_lost());
    }
    EXPECT_EQ(serve(write), Asked::nothing);
    EXPECT_EQ(serve(hal::MotorMove{{5'050}}), Asked::nothing);
    EXPECT_EQ(board.motor().target_mu(), 5'050);
}

TEST_F(BoardTest, TheMotorGoesToItsTargetOnceHoweverOftenItIsTold) {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(serve(hal::MotorMove{{5'050}}), Asked::nothing);
    EXPECT_EQ(board.advance(1) + board.advance(1) + board.advance(100), 50);
    EXPECT_EQ(serve(hal::MotorMove{{4'000}}), Asked::nothing) << "behind: it never pulls back";
    EXPECT_EQ(board.advance(100), 0);
    EXPECT_EQ(board.begin_tick().motor, MotorCount{5'050});
}

TEST_F(BoardTest, ANearerTargetHaltsAMotionThatIsUnderWay) {
    const auto began = board.motor().count_mu();
    EXPECT_EQ(serve(hal::MotorMove{{began + 4'000}}), Asked::nothing);
    board.advance(10);
    ASSERT_EQ(board.motor().count_mu(), began + 250);
    EXPECT_EQ(serve(hal::MotorMove{{began + 300}}), Asked::nothing);
    board.advance(60);
    EXPECT_EQ(board.motor().count_mu(), began + 300);
    EXPECT_EQ(serve(hal::MotorMove{{began + 4'000}}), Asked::nothing);
    board.advance(10);
    EXPECT_EQ(serve(hal::MotorMove{{began}}), Asked::nothing) << "behind: it stands where it is";
    board.advance(60);
    EXPECT_EQ(board.motor().count_mu(), began + 550);
}

TEST_F(BoardTest, HandsOnWhatTheGuardianAnswersToTheBadgeReader) {
    const hal::ReleaseTerms terms{.nonce = {7}, .device = {1}, .triggers = 9};
    EXPECT_EQ(serve(hal::ReleaseChallenge{terms}), Asked::release_said);
    EXPECT_EQ(board.release_terms().triggers, 9U);
    EXPECT_EQ(serve(hal::ReleaseAnswer{hal::ReleaseVerdict::expired}), Asked::release_said);
    EXPECT_EQ(board.release_verdict(), hal::ReleaseVerdict::expired);
    EXPECT_EQ(serve(hal::Release{}), Asked::refused) << "what only the board says";
}

TEST_F(BoardTest, ADeadGuardianMeansAMotorThatStandsStill) {
    EXPECT_EQ(serve(hal::MotorMove{{6'000}}), Asked::nothing);
    const auto moved = board.advance(1);
    EXPECT_GT(moved, 0);
    board.guardian_died();
    EXPECT_EQ(board.advance(1'000), 0);
    EXPECT_EQ(board.record().motor_mu, 5'000 + moved);
}

TEST_F(BoardTest, ATickEndsOnceAndOnlyByItsOwnDone) {
    EXPECT_EQ(serve(hal::Done{{1'000}, {1'001}}), Asked::refused) << "no tick has begun";
    (void)board.begin_tick();
    EXPECT_EQ(serve(hal::Done{{999}, {2'000}}), Asked::refused) << "another tick's";
    EXPECT_EQ(serve(hal::Done{{1'000}, {1'000}}), Asked::refused) << "time would stand still";
    EXPECT_EQ(serve(hal::Done{{1'000}, {1'300}}), Asked::done);
    EXPECT_EQ(board.next(), Tick{1'300});
    EXPECT_EQ(serve(hal::Done{{1'000}, {1'500}}), Asked::refused) << "it is over";
}

TEST_F(BoardTest, ShowsTheNewestSignals) {
    EXPECT_EQ(serve(hal::Signals{hal::Mode::failsafe, hal::Priority::high, hal::Priority::medium, true, 5}),
              Asked::signals);
    EXPECT_EQ(board.signals().mode, hal::Mode::failsafe);
    EXPECT_EQ(board.signals().alarms, 5U);
}

TEST_F(BoardTest, DropsAndCountsWhatNoGuardianSays) {
    EXPECT_EQ(serve(hal::TickFrame{}), Asked::refused);
    EXPECT_EQ(board.serve({}, guardian), Asked::refused);
    const std::array<std::uint8_t, 3> odd{'H', 255, 0};
    EXPECT_EQ(board.serve(odd, guardian), Asked::refused);
    EXPECT_EQ(board.frames_refused(), 3U);
}

TEST_F(BoardTest, ARunThatGoesOnBeginsWhereTheRecordSays) {
    (void)serve(hal::MotorMove{{5'100}});
    board.advance(200);
    board.lose_clock();
    const Board later{memory, board.record()};
    EXPECT_EQ(later.record(), board.record());
    EXPECT_FALSE(later.record().clock_ok);
}

}  // namespace
}  // namespace basalt::bench
