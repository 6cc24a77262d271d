#include "scenarios/bench/board.h"

#include <algorithm>
#include <limits>
#include <variant>

namespace basalt::bench {
static_assert(pump_model::motor_mu_per_s == hal::motor_mu_per_s, "the device would take this motor for a fault");

namespace {

constexpr std::uint64_t seconds_a_day = 86'400;

bool inside_memory(std::uint64_t offset, std::uint64_t size) noexcept {
    return size > 0 && offset + size <= hal::memory_size;
}

}  // namespace

Board::Board(MemoryStore& memory, const BoardRecord& record) noexcept
    : memory_(&memory),
      motor_(record.motor_mu, record.reservoir_mu),
      now_(record.tick),
      second_of_day_(record.second_of_day.seconds % seconds_a_day),
      clock_ok_(record.clock_ok),
      next_(record.tick + 1) {
    sensors_.supply_mv = 3'700;
    sensors_.battery_percent = 100;
}

std::int64_t Board::advance(std::uint64_t seconds) noexcept {
    now_ = now_ + seconds;
    second_of_day_ = static_cast<std::uint32_t>((second_of_day_ + seconds) % seconds_a_day);
    return motor_.advance(
        static_cast<std::int64_t>(std::min<std::uint64_t>(seconds, std::numeric_limits<std::int32_t>::max())));
}

BoardRecord Board::record() const noexcept {
    return {now_, {second_of_day_}, clock_ok_, motor_.count_mu(), motor_.reservoir_mu()};
}

hal::TickFrame Board::begin_tick() noexcept {
    in_tick_ = true;
    sensors_.reservoir = {static_cast<std::int32_t>(
        std::min<std::int64_t>(motor_.reservoir_mu(), std::numeric_limits<std::int32_t>::max()))};
    return {now_, {second_of_day_}, clock_ok_, button_down_, {motor_.count_mu()}, sensors_};
}

Asked Board::serve(ByteView frame, hal::Port& guardian) noexcept {
    if (memory_lost_) return lose_memory();
    const auto any = hal::BoardFrames::decode(frame);
    if (!any) return refuse();
    if (const auto* read = std::get_if<hal::MemoryRead>(&*any)) return obey(*read, guardian);
    if (const auto* write = std::get_if<hal::MemoryWrite>(&*any)) return obey(*write);
    if (const auto* move = std::get_if<hal::MotorMove>(&*any)) return obey(*move);
    if (const auto* done = std::get_if<hal::Done>(&*any)) return obey(*done);
    if (std::holds_alternative<hal::PullReset>(*any)) return Asked::reset;
    if (std::holds_alternative<hal::MemorySync>(*any)) {  // every write before it was done when it was served
        (void)guardian.send(hal::BoardFrames::encode(hal::MemorySynced{}).view());
        return Asked::nothing;
    }
    if (const auto* signals = std::get_if<hal::Signals>(&*any)) {
        signals_ = *signals;
        return Asked::signals;
    }
    if (const auto* challenge = std::get_if<hal::ReleaseChallenge>(&*any)) {
        release_terms_ = challenge->terms;
        return Asked::release_said;
    }
    if (const auto* answer = std::get_if<hal::ReleaseAnswer>(&*any)) {
        release_verdict_ = answer->verdict;
        return Asked::release_said;
    }
    return refuse();  // a frame that only the board itself sends
}

Asked Board::obey(const hal::MemoryRead& frame, hal::Port& guardian) noexcept {
    hal::MemoryData answer;
    if (frame.size > hal::memory_chunk || !inside_memory(frame.offset, frame.size)) return refuse();
    answer.offset = frame.offset;
    answer.data.size = frame.size;
    if (!memory_->read(frame.offset, std::span{answer.data.data}.first(frame.size))) return refuse();
    (void)guardian.send(hal::BoardFrames::encode(answer).view());  // its end is an event of its own
    return Asked::nothing;
}

Asked Board::obey(const hal::MemoryWrite& frame) noexcept {
    const bool done = inside_memory(frame.offset, frame.data.size) && memory_->write(frame.offset, frame.data.view());
    return done ? Asked::nothing : lose_memory();
}

Asked Board::obey(const hal::MotorMove& frame) noexcept {
    motor_.move_to(frame.target.milli_units);
    return Asked::nothing;
}

Asked Board::obey(const hal::Done& frame) noexcept {
    if (!in_tick_ || frame.tick != now_ || frame.next <= now_) return refuse();
    in_tick_ = false;
    next_ = frame.next;
    return Asked::done;
}

}  // namespace basalt::bench
