#include "scenarios/bench/device_processes.h"

#include "tests/unit/bench/stand_ins.h"

#include <gtest/gtest.h>

#include <poll.h>

namespace basalt::bench {
namespace {

using test::start;

struct Device {
    explicit Device(const char* guardian = "guardian", HostBudget budget = {}, const char* boot_role = "boot")
        : processes{board,
                    {[this, guardian](int hal, int) {
                         memory_at_start.push_back(memory.bytes[0]);
                         return start(guardian, {hal});
                     },
                     [this, boot_role](int boot, int, int, int, int words) {
                         ++boots;
                         boots_words = hal::Descriptor{::fcntl(words, F_DUPFD_CLOEXEC, 64)};
                         return start(boot_role, {boot}, words);
                     }},
                    tpm,
                    budget,
                    [this](std::string_view line) {
                        heard += line;
                        (void)::poll(nullptr, 0, terminal_stands_still_ms);
                    }} {}
    test::ArrayMemory memory;
    Board board{memory, {{600}, {600}, true, 0, 100'000}};
    test::StandInTpm tpm;
    int boots = 0;
    hal::Descriptor boots_words;  // what boot has as its standard error
    int terminal_stands_still_ms = 0;
    std::string heard;
    std::vector<int> memory_at_start;  // its first byte, which the stand-in writes in each tick
    DeviceProcesses processes;
};

TEST(DeviceProcesses, PowerOnStartsTheTpmTheGuardianAndByItsResetLineBoot) {
    Device device;
    ASSERT_TRUE(device.processes.power_on());
    EXPECT_EQ(device.boots, 1);
    EXPECT_TRUE(device.processes.process_of(Part::guardian));
    EXPECT_TRUE(device.processes.process_of(Part::boot));
    EXPECT_EQ(device.tpm.times_on, 2) << "the reset line cuts the TPM's power too";
}

TEST(DeviceProcesses, ATickIsServedUntilTheGuardianSaysDone) {
    Device device;
    ASSERT_TRUE(device.processes.power_on());
    const auto report = device.processes.play_tick();
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->done);
    EXPECT_EQ(device.board.next(), Tick{660});
    EXPECT_EQ(device.board.motor().target_mu(), 50);
    EXPECT_EQ(device.memory.bytes[0], 600 % 256);
}

TEST(DeviceProcesses, ADeadGuardianIsBackInTheSameTickWithEverythingResetAndTheMotorStopped) {
    Device device;
    ASSERT_TRUE(device.processes.power_on());
    ASSERT_TRUE(device.processes.play_tick());
    device.board.advance(1);
    ASSERT_GT(device.board.motor().target_mu(), device.board.motor().count_mu());
    ASSERT_TRUE(device.processes.kill(Part::guardian));
    const auto report = device.processes.play_tick();
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->done);
    EXPECT_EQ(report->guardian_restarts, 1);
    EXPECT_EQ(device.boots, 2);
}

TEST(DeviceProcesses, AGuardianThatHangsIsFoundAtOnce) {
    Device device;
    ASSERT_TRUE(device.processes.power_on());
    ASSERT_TRUE(device.processes.hang(Part::guardian));
    const auto report = device.processes.play_tick();
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->done);
    EXPECT_EQ(report->guardian_restarts, 1);
    EXPECT_TRUE(report->overruns.empty());
}

TEST(DeviceProcesses, AGuardianKilledBeforeAFrameHasSaidWhatCameBeforeAndNothingAfter) {
    for (int frame = 1; frame <= 3; ++frame) {  // its frames in a tick: MemoryWrite, MotorMove, Done
        Device device;
        ASSERT_TRUE(device.processes.power_on());
        device.processes.kill_guardian_at_frame(frame);
        const auto report = device.processes.play_tick();
        ASSERT_TRUE(report) << frame;
        EXPECT_TRUE(report->done) << frame;
        EXPECT_EQ(report->guardian_restarts, 1) << frame;
        EXPECT_EQ(device.memory_at_start, (std::vector{0, frame == 1 ? 0 : 600 % 256}));
        EXPECT_EQ(device.board.motor().target_mu(), 50)
            << "said again after the restart, from the same count: given once";
    }
}

TEST(DeviceProcesses, AMemoryThatFailsOnceCostsTheGuardianALifeAndThePatientNoDose) {
    Device device;
    device.memory.fails_for = 1;
    ASSERT_TRUE(device.processes.power_on());
    const auto report = device.processes.play_tick();
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->done);
    EXPECT_EQ(report->guardian_restarts, 1);
    EXPECT_EQ(device.memory_at_start, (std::vector{0, 0}));
    EXPECT_EQ(device.memory.bytes[0], 600 % 256);
    EXPECT_EQ(device.board.motor().target_mu(), 50) << "written down in its second life, and given once";
}

TEST(DeviceProcesses, AMemoryThatStaysBrokenMeansThatNothingMoves) {
    Device device;
    device.memory.fails_for = 1'000;
    ASSERT_TRUE(device.processes.power_on());
    for (int tick = 0; tick < 2; ++tick) {
        const auto report = device.processes.play_tick();
        ASSERT_TRUE(report);
        EXPECT_FALSE(report->done);
        EXPECT_EQ(device.board.motor().target_mu(), 0);
        device.board.advance(60);
    }
}

TEST(DeviceProcesses, AGuardianThatCannotWriteItsFirstRecordEndsTheRunInASentence) {
    Device device{"writes-first"};
    device.memory.fails_for = 1'000;
    const auto on = device.processes.power_on();
    ASSERT_FALSE(on);
    EXPECT_EQ(on.error().code, ErrorCode::io);
    EXPECT_NE(on.error().what.find("memory cannot be written"), std::string::npos) << on.error().what;
    EXPECT_EQ(device.boots, 0);
    EXPECT_FALSE(device.processes.process_of(Part::guardian)) << "it lives, and is not left behind";
}

TEST(DeviceProcesses, AGuardianThatCannotStartEndsTheRunInASentence) {
    Device device{"frantic"};
    const auto on = device.processes.power_on();
    ASSERT_FALSE(on);
    EXPECT_EQ(on.error().code, ErrorCode::check_failed);
    EXPECT_EQ(device.boots, 0);
}

TEST(DeviceProcesses, ASlotThatOutlivesTheHostBudgetIsClosedAndWrittenDown) {
    for (const auto& [guardian, side] :
         {std::pair{"waits-firmware", hal::Side::firmware}, {"waits-boot", hal::Side::boot}}) {
        // Boot is named only when the firmware was in vain: a slow answer of the guardian is none.
        Device device{guardian, {1, 1, 20'000, side == hal::Side::boot ? 1 : 20'000}};
        ASSERT_TRUE(device.processes.power_on());
        const auto report = device.processes.play_tick();
        ASSERT_TRUE(report);
        EXPECT_TRUE(report->done);
        EXPECT_EQ(report->guardian_restarts, 0);
        ASSERT_EQ(report->overruns.size(), 1U);
        EXPECT_EQ(report->overruns[0].tick, Tick{600});
        EXPECT_EQ(report->overruns[0].side, side);
    }
}

TEST(DeviceProcesses, AGuardianThatAnswersNothingIsReplacedWhenBothSidesWereNamedInVain) {
    Device device{"deaf", {1, 1, 1, 1}};
    ASSERT_TRUE(device.processes.power_on());
    const auto report = device.processes.play_tick();
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->done);
    EXPECT_GT(report->guardian_restarts, 1);
}

TEST(DeviceProcesses, AProgramThatShoutsForEverNeitherHoldsUpTheBoardNorReachesTheTerminal) {
    Device device{"waits-boot", {100, 100, 20'000, 100}, "shouts-for-ever"};
    ASSERT_TRUE(device.processes.power_on());
    for (int tick = 0; tick < 3; ++tick) {
        const auto report = device.processes.play_tick();
        ASSERT_TRUE(report);
        EXPECT_TRUE(report->done);
        EXPECT_EQ(report->guardian_restarts, 0);
        ASSERT_EQ(report->overruns.size(), 1U) << "its slot is closed in time, however much it says";
        device.board.advance(60);
    }
    device.processes.power_off();
    EXPECT_GT(device.heard.size(), 1'000U);
    EXPECT_LT(device.heard.size(), ProgramWords::most_bytes + 1'000);
    EXPECT_EQ(device.heard.find('\x1b'), std::string::npos);
}

TEST(DeviceProcesses, WhatTheGuardianSaidWhileTheUsersTerminalStoodStillCameInTime) {
    // A line is handed on for longer than the slot lasts; the guardian answers meanwhile.
    Device device{"ponders", {1'000, 1'000, 20'000, 20'000}};
    ASSERT_TRUE(device.processes.power_on());
    device.terminal_stands_still_ms = 1'200;
    ASSERT_EQ(::write(device.boots_words.get(), "Look!\n", 6), 6);
    const auto report = device.processes.play_tick();
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->done);
    EXPECT_TRUE(report->overruns.empty());
    EXPECT_EQ(device.heard, "boot: Look!\n");
}

TEST(DeviceProcesses, AnInjectedHangClosesItsSlotWithoutWaitingForTheBudget) {
    Device device{"waits-boot"};
    ASSERT_TRUE(device.processes.power_on());
    ASSERT_TRUE(device.processes.hang(Part::boot));
    const auto report = device.processes.play_tick();
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->done);
    EXPECT_TRUE(report->overruns.empty()) << "it is in the plan of the run, not a matter of this computer's speed";
}

TEST(DeviceProcesses, ADeadTpmStaysDeadOverAReset) {
    Device device;
    ASSERT_TRUE(device.processes.power_on());
    ASSERT_TRUE(device.processes.kill(Part::tpm));
    EXPECT_FALSE(device.processes.process_of(Part::tpm));
    ASSERT_TRUE(device.processes.kill(Part::guardian));
    ASSERT_TRUE(device.processes.play_tick());
    EXPECT_EQ(device.boots, 2);
    EXPECT_FALSE(device.processes.process_of(Part::tpm));
}

TEST(DeviceProcesses, PowerOffLeavesNoProcess) {
    Device device;
    ASSERT_TRUE(device.processes.power_on());
    std::vector<Process> all;
    for (const Part part : {Part::guardian, Part::boot, Part::tpm})
        all.push_back(*Process::hold(*device.processes.process_of(part)));
    device.processes.power_off();
    for (const Process& process : all) EXPECT_FALSE(process.alive());
}

TEST(DeviceProcesses, EveryPartHasItsNameAndIsFoundByIt) {
    for (const Part part : all_parts) EXPECT_EQ(part_named(name_of(part)), part);
    EXPECT_FALSE(part_named("gaurdian"));
}

}  // namespace
}  // namespace basalt::bench
