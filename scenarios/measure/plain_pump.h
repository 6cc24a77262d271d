// scenarios/measure/plain_pump.h: a pump without any security, to hold the real one against: the same basal doses at
// the same ticks, and no guardian, TPM, database, signature or limit. It is what a day costs that nobody protects.
#pragma once
#include "device/firmware/therapy/basal.h"
#include "device/hal/board_frames.h"
#include "scenarios/bench/device_processes.h"

namespace basalt::measure {

class PlainPump {
  public:
    explicit PlainPump(const firmware::BasalRates& rates) : rates_(rates) {}

    struct Answer {
        MotorCount target;
        Tick next;
    };
    /// The dose of the slot that begins at this tick, beyond what was told before.
    Answer step(const hal::TickFrame& frame) noexcept;

  private:
    firmware::BasalRates rates_;
    MotorCount told_;
    bool knows_motor_ = false;
};

/// The plain pump as the one program of a device: a child process on the same channel to the board as a guardian has.
/// It never pulls the reset line, so no other program is ever started.
bench::Programs plain_programs(const firmware::BasalRates& rates);

/// Where a TPM would be.
class NoTpm final : public bench::TpmPower {
  public:
    Result<void> on() override { return {}; }
    void off() noexcept override {}
    pid_t pid() const noexcept override { return -1; }
};

/// The guardian's memory of a pump that has none: all zeros, so its ring is empty.
class NoMemory final : public bench::MemoryStore {
  public:
    bool read(std::uint32_t, std::span<std::uint8_t> into) noexcept override {
        for (auto& byte : into) byte = 0;
        return true;
    }
    bool write(std::uint32_t, ByteView) noexcept override { return true; }
};

}  // namespace basalt::measure
