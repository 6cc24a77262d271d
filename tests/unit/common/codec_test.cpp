#include "device/common/codec.h"

#include "device/hal/board_frames.h"
#include "device/hal/dose_frames.h"

#include <gtest/gtest.h>

namespace basalt {
namespace {

hal::TickFrame some_tick() {
    hal::TickFrame tick;
    tick.tick = {1'000'000'000'007};
    tick.motor = {-3};
    tick.clock_ok = false;
    tick.sensors.temperature_dc = -55;
    tick.sensors.reservoir = 187'250_mU;
    return tick;
}

TEST(Codec, AFrameComesBackAsItWas) {
    const auto bytes = hal::BoardFrames::encode(some_tick());
    const auto back = hal::BoardFrames::decode(bytes.view());
    ASSERT_TRUE(back);
    const auto* tick = std::get_if<hal::TickFrame>(&*back);
    ASSERT_NE(tick, nullptr);
    EXPECT_EQ(tick->tick, Tick{1'000'000'000'007});
    EXPECT_EQ(tick->motor, MotorCount{-3});
    EXPECT_FALSE(tick->clock_ok);
    EXPECT_EQ(tick->sensors.temperature_dc, -55);
    EXPECT_EQ(tick->sensors.reservoir, 187'250_mU);
}

TEST(Codec, AFrameCutAnywhereOrGrownIsRefused) {
    const auto bytes = hal::BoardFrames::encode(some_tick());
    for (std::size_t length = 0; length < bytes.size; ++length)
        EXPECT_FALSE(hal::BoardFrames::decode(bytes.view().first(length))) << length;
    auto longer = bytes;
    longer.size += 1;
    EXPECT_EQ(hal::BoardFrames::decode(longer.view()).error(), FrameError::too_long);
}

TEST(Codec, AFrameOfAnotherChannelOrWithAnUnknownNumberIsRefused) {
    auto bytes = hal::BoardFrames::encode(some_tick());
    EXPECT_EQ(hal::DoseFrames::decode(bytes.view()).error(), FrameError::wrong_channel);
    bytes.data[1] = 200;
    EXPECT_EQ(hal::BoardFrames::decode(bytes.view()).error(), FrameError::unknown_number);
}

TEST(Codec, AnEnumOrBoolOutsideItsValuesIsRefused) {
    auto bytes = hal::DoseFrames::encode(hal::Welcome{true, hal::Mode::normal, {}});
    bytes.data[3] = 9;
    EXPECT_EQ(hal::DoseFrames::decode(bytes.view()).error(), FrameError::bad_value);
    bytes.data[3] = 1;
    bytes.data[2] = 2;
    EXPECT_EQ(hal::DoseFrames::decode(bytes.view()).error(), FrameError::bad_value);
}

TEST(Codec, EveryFrameFitsItsBuffer) {
    EXPECT_GT(hal::DoseFrames::encode(hal::RingEntries{}).size, 0U);
    hal::MemoryWrite write;
    write.data.size = hal::memory_chunk;
    EXPECT_GT(hal::BoardFrames::encode(write).size, hal::memory_chunk);
}

}  // namespace
}  // namespace basalt
