// docs/formats/hal-frames.md and dose-frames.md say the numbers, sizes and bytes that the codec has.
#include "device/hal/board_frames.h"
#include "device/hal/boot_frames.h"
#include "device/hal/dose_frames.h"
#include "tests/support/page.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace basalt::hal {
namespace {

/// The page has a row for this frame, with its number and the size of one whose `bytes` are empty.
template <class Frames, class Frame>
void expect_row(const std::string& page, const std::string& name) {
    const std::string row = "\n| " + name + " | " + std::to_string(Frame::number) + " | " +
                            std::to_string(Frames::encode(Frame{}).size) + " | ";
    EXPECT_NE(page.find(row), std::string::npos) << row;
}

/// The block is what the codec writes for `frame`, and reads back as a frame of that kind.
template <class Frames, class Frame>
void expect_is(const std::vector<std::uint8_t>& block, const Frame& frame) {
    EXPECT_TRUE(std::ranges::equal(block, Frames::encode(frame).view())) << int{Frame::number};
    const auto read = Frames::decode(block);
    EXPECT_TRUE(read && std::holds_alternative<Frame>(*read)) << int{Frame::number};
}

const Sensors sensors{.glucose_mg_dl = 118,
                      .glucose_age_s = 60,
                      .pressure_kpa = 2,
                      .light_lux = 0,
                      .temperature_dc = 305,
                      .supply_mv = 3700,
                      .battery_percent = 88,
                      .reservoir = 187'250_mU,
                      .case_open = false};

std::size_t rows_of(const std::string& page) {
    std::size_t rows = 0;
    for (std::size_t at = page.find(" | to "); at != std::string::npos; at = page.find(" | to ", at + 1)) ++rows;
    return rows;
}

TEST(FramePages, EveryFrameHasARowWithItsNumberAndSize) {
    const std::string hal = test::text_of_page("hal-frames.md");
    expect_row<BoardFrames, MemoryData>(hal, "MemoryData");
    expect_row<BoardFrames, TickFrame>(hal, "TickFrame");
    expect_row<BoardFrames, SlotClosed>(hal, "SlotClosed");
    expect_row<BoardFrames, ResetDone>(hal, "ResetDone");
    expect_row<BoardFrames, MemorySynced>(hal, "MemorySynced");
    expect_row<BoardFrames, ReleaseAsk>(hal, "ReleaseAsk");
    expect_row<BoardFrames, Release>(hal, "Release");
    expect_row<BoardFrames, MemoryRead>(hal, "MemoryRead");
    expect_row<BoardFrames, MemoryWrite>(hal, "MemoryWrite");
    expect_row<BoardFrames, MotorMove>(hal, "MotorMove");
    expect_row<BoardFrames, PullReset>(hal, "PullReset");
    expect_row<BoardFrames, Signals>(hal, "Signals");
    expect_row<BoardFrames, Done>(hal, "Done");
    expect_row<BoardFrames, MemorySync>(hal, "MemorySync");
    expect_row<BoardFrames, ReleaseChallenge>(hal, "ReleaseChallenge");
    expect_row<BoardFrames, ReleaseAnswer>(hal, "ReleaseAnswer");
    EXPECT_EQ(rows_of(hal), std::variant_size_v<BoardFrames::Any>);

    const std::string dose = test::text_of_page("dose-frames.md");
    expect_row<BootFrames, BootStart>(dose, "BootStart");
    expect_row<BootFrames, BootTick>(dose, "BootTick");
    expect_row<BootFrames, BootReport>(dose, "BootReport");
    expect_row<BootFrames, BootDone>(dose, "BootDone");
    expect_row<DoseFrames, Challenge>(dose, "Challenge");
    expect_row<DoseFrames, Share>(dose, "Share");
    expect_row<DoseFrames, Welcome>(dose, "Welcome");
    expect_row<DoseFrames, FirmwareTick>(dose, "FirmwareTick");
    expect_row<DoseFrames, DoseAnswer>(dose, "DoseAnswer");
    expect_row<DoseFrames, RingEntries>(dose, "RingEntries");
    expect_row<DoseFrames, TakenBack>(dose, "TakenBack");
    expect_row<DoseFrames, ModeAnswer>(dose, "ModeAnswer");
    expect_row<DoseFrames, Proof>(dose, "Proof");
    expect_row<DoseFrames, ShareRequest>(dose, "ShareRequest");
    expect_row<DoseFrames, DoseRequest>(dose, "DoseRequest");
    expect_row<DoseFrames, RingRequest>(dose, "RingRequest");
    expect_row<DoseFrames, FindingReport>(dose, "FindingReport");
    expect_row<DoseFrames, SlotEnd>(dose, "SlotEnd");
    expect_row<DoseFrames, TakeBack>(dose, "TakeBack");
    expect_row<DoseFrames, StopRequest>(dose, "StopRequest");
    expect_row<DoseFrames, ResumeRequest>(dose, "ResumeRequest");
    EXPECT_EQ(rows_of(dose), std::variant_size_v<BootFrames::Any> + std::variant_size_v<DoseFrames::Any>);
}

TEST(FramePages, TheHalExamplesAreWhatTheCodecReadsAndWrites) {
    const auto blocks = test::example_bytes("hal-frames.md");
    ASSERT_EQ(blocks.size(), 9U);
    expect_is<BoardFrames>(blocks[0], TickFrame{{86'400}, {21'600}, true, false, {24'000}, sensors});
    MemoryWrite write{.offset = 16 * 1024, .data = {}};
    ASSERT_TRUE(write.data.assign(std::array<std::uint8_t, 4>{0x29, 0, 0, 0}));
    expect_is<BoardFrames>(blocks[1], write);
    expect_is<BoardFrames>(blocks[2], MotorMove{{24'100}});
    expect_is<BoardFrames>(blocks[3], Signals{Mode::normal, Priority::medium, Priority::medium, false, 1U << 3});
    expect_is<BoardFrames>(blocks[4], Done{{86'400}, {86'700}});
    ReleaseTerms terms{.nonce = {}, .device = {1, 2, 3}, .triggers = std::uint64_t{1} << 25};
    for (std::uint8_t i = 0; i < terms.nonce.size(); ++i) terms.nonce[i] = i;
    Release release{.terms = terms, .day = 20'000, .by = {}};
    release.by[1].key = 1;
    release.by[0].signature.fill(0x11);
    release.by[1].signature.fill(0x22);
    expect_is<BoardFrames>(blocks[5], ReleaseAsk{});
    expect_is<BoardFrames>(blocks[6], ReleaseChallenge{terms});
    expect_is<BoardFrames>(blocks[7], release);
    expect_is<BoardFrames>(blocks[8], ReleaseAnswer{ReleaseVerdict::released});
}

TEST(FramePages, TheBootAndDoseExamplesAreWhatTheCodecReadsAndWrites) {
    const auto blocks = test::example_bytes("dose-frames.md");
    ASSERT_EQ(blocks.size(), 13U);
    BootStart start;
    ASSERT_EQ(blocks[0].size(), 63U);
    start.generation = 7;
    start.configuration_version = 3;
    std::ranges::copy(std::span{blocks[0]}.subspan(10, 32), start.profile_digest.begin());
    std::ranges::copy(std::span{blocks[0]}.subspan(42, 16), start.device.begin());
    expect_is<BootFrames>(blocks[0], start);
    using enum ImageVerdict;
    expect_is<BootFrames>(
        blocks[1], BootReport{true, true, Slot::b, Anchor::fresh, bad_signature, accepted, accepted, accepted, 3});
    expect_is<BootFrames>(blocks[2], BootTick{{86'400}, false});
    expect_is<BootFrames>(blocks[3], BootDone{{86'400}, GatewayState::up, true});
    expect_is<DoseFrames>(blocks[4], FirmwareTick{.tick = {86'400},
                                                  .second_of_day = {21'600},
                                                  .clock_ok = true,
                                                  .mode = Mode::normal,
                                                  .gateway = GatewayState::up,
                                                  .basal_due = true,
                                                  .motor = {24'000},
                                                  .target = {24'000},
                                                  .ring_last = 40,
                                                  .alarms = 0,
                                                  .presses = 0,
                                                  .sensors = sensors});
    expect_is<DoseFrames>(blocks[5], DoseRequest{9, 100_mU, DoseKind::basal});
    expect_is<DoseFrames>(blocks[6], DoseAnswer{9, DoseVerdict::accepted, 41});
    expect_is<DoseFrames>(blocks[7], SlotEnd{{86'400}, {86'700}, false});
    expect_is<DoseFrames>(blocks[8], Welcome{true, Mode::normal, {5_U, 8_U, 6_U, 60_U, 30}});
    expect_is<DoseFrames>(blocks[9], TakeBack{12});
    expect_is<DoseFrames>(blocks[10], TakenBack{12, 1'500_mU, 43});
    expect_is<DoseFrames>(blocks[11], StopRequest{});
    expect_is<DoseFrames>(blocks[12], ModeAnswer{true, Mode::stopped});
}

}  // namespace
}  // namespace basalt::hal
