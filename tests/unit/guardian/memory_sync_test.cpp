// What the guardian tells boot and firmware rests on nothing that its memory could still lose.
#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

namespace basalt::guardian {
namespace {
using test::World;

// The world's board is slower than every other channel (World::settle), and each answer that its firmware hears is held
// against the memory as it is then (World::hear_answer).
TEST(MemorySync, TheFirmwareHearsOfADoseOnlyWhenTheNextGuardianWouldKnowOfIt) {
    World world;
    world.become_normal();
    int heard = 0;
    world.firmware = [&](World& w, const hal::FirmwareTick& tick) {
        test::good_firmware()(w, tick);
        heard += w.ask(100_mU, hal::DoseKind::bolus) == hal::DoseVerdict::accepted;
    };
    world.run_for(3'000);
    EXPECT_GE(heard, 5);
}

TEST(MemorySync, FromABoardThatNeverSyncsTheFirmwareHearsNothingAndTheGuardianReadsNothingElse) {
    World world;
    world.become_normal();
    world.firmware = [&](World& w, const hal::FirmwareTick&) {
        w.syncs = false;
        w.ask(100_mU, hal::DoseKind::bolus);
        EXPECT_FALSE(w.answer);
    };
    world.play(world.next);
    EXPECT_FALSE(world.syncs);
    EXPECT_EQ(world.guardian->waiting(), Waiting::board);
    for (int i = 0; i < 100 && !world.guardian->board_lost(); ++i)
        world.guardian->on_board(hal::BoardFrames::encode(hal::SlotClosed{hal::Side::firmware}).view());
    EXPECT_FALSE(world.answer);
}

TEST(MemorySync, AnAnswerThatNobodyAskedForChangesNothing) {
    World world;
    world.become_normal();
    const auto before = world.frames_obeyed;
    for (int i = 0; i < 3; ++i) world.guardian->on_board(hal::BoardFrames::encode(hal::MemorySynced{}).view());
    world.run_for(0);
    EXPECT_EQ(world.frames_obeyed, before);
    EXPECT_EQ(world.mode(), hal::Mode::normal);
}

}  // namespace
}  // namespace basalt::guardian
