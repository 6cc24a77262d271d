#include "scenarios/measure/plain_pump.h"

#include "device/hal/dose_frames.h"

#include <sys/prctl.h>

#include <array>
#include <csignal>
#include <unistd.h>
#include <utility>

namespace basalt::measure {
namespace {

constexpr int channel = 3;

/// The child: nothing but the loop.
[[noreturn]] void live_as_pump(int hal_channel, PlainPump pump) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::dup2(hal_channel, channel) != channel || ::close_range(channel + 1, ~0U, 0) != 0) ::_exit(1);
    hal::Seqpacket board{hal::Descriptor{channel}};
    board.send(hal::BoardFrames::encode(hal::Signals{.mode = hal::Mode::normal}).view());
    for (;;) {
        std::array<std::uint8_t, max_frame_size> buffer;
        const auto received = board.receive(buffer);
        if (received.arrival != hal::Arrival::frame) ::_exit(0);
        const auto frame = hal::BoardFrames::decode(ByteView{buffer}.first(received.size));
        const auto* tick = frame ? std::get_if<hal::TickFrame>(&*frame) : nullptr;
        if (tick == nullptr) continue;
        const auto answer = pump.step(*tick);
        board.send(hal::BoardFrames::encode(hal::MotorMove{answer.target}).view());
        board.send(hal::BoardFrames::encode(hal::Done{tick->tick, answer.next}).view());
    }
}

}  // namespace

PlainPump::Answer PlainPump::step(const hal::TickFrame& frame) noexcept {
    if (!std::exchange(knows_motor_, true)) told_ = frame.motor;
    if (frame.tick.seconds % hal::basal_slot_s == 0)
        told_.milli_units += firmware::basal_amount(rates_, frame.second_of_day, hal::basal_slot_s).count;
    return {told_, {(frame.tick.seconds / hal::basal_slot_s + 1) * hal::basal_slot_s}};
}

bench::Programs plain_programs(const firmware::BasalRates& rates) {
    bench::Programs programs;
    programs.guardian = [rates](int hal_channel, int) -> Result<pid_t> {
        const pid_t child = ::fork();
        if (child == 0) live_as_pump(hal_channel, PlainPump{rates});
        if (child < 0)
            return fail(ErrorCode::io, "The plain pump could not be started.", "Close other programs and try again.");
        return child;
    };
    programs.boot = [](int, int, int, int, int) -> Result<pid_t> {
        return fail(ErrorCode::check_failed, "The plain pump pulled its reset line.",
                    "This is a fault of the benchmark.");
    };
    return programs;
}

}  // namespace basalt::measure
