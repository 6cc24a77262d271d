// tests/unit/therapy/bolus_rig.h: a guardian and a motor for one bolus: limits, ring, 25 mU a second, a halt.
#pragma once
#include "device/firmware/therapy/bolus.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace basalt::firmware::test {

class BolusRig {
  public:
    static constexpr KnownLimits limits{10_U, 15_U, 12_U, 60_U, 24};
    static constexpr std::int32_t motor_mu_per_s = 25;

    Tick now{300'000};
    hal::Mode mode = hal::Mode::normal;
    MotorCount motor{5'000'000}, target{5'000'000};
    std::vector<hal::RingEntry> ring;
    std::vector<PastDose> doses;

    DoseRoom dose_room() const { return DoseRoom{limits, doses, now, {}}; }
    Moment moment() const {
        return {.now = now,
                .mode = mode,
                .motor = motor,
                .target = target,
                .ring_newest = static_cast<std::uint32_t>(ring.size()),
                .room = dose_room().room()};
    }
    Bolus running(MilliUnits amount) const {
        const auto proposed = propose({}, {.amount = amount, .who = "patient"}, 10_U, moment());
        EXPECT_TRUE(proposed);
        const auto confirmed = confirm(proposed.value_or(Bolus{}), amount, "patient", moment());
        EXPECT_TRUE(confirmed);
        return confirmed.value_or(Bolus{});
    }

    void give(MilliUnits amount, hal::DoseSource source) {
        parts_.push_back({target.milli_units, target.milli_units + amount.count, source});
        target = target + amount;
        append(hal::RingKind::dose, amount, static_cast<std::uint8_t>(source));
        doses.push_back(
            {.at = now, .amount = amount, .moved = amount, .bolus = source == hal::DoseSource::firmware_bolus});
    }
    /// As a stop does: the motor stands where it is, and that is written down.
    void halt() {
        const MilliUnits off{static_cast<std::int32_t>(motor.milli_units - target.milli_units)};
        target = motor;
        if (off > 0_mU && !parts_.empty()) parts_.back().to += off.count;  // it went on for a moment after a halt
        for (Part& part : parts_) {
            part.from = std::min(part.from, motor.milli_units);
            part.to = std::min(part.to, motor.milli_units);
        }
        if (off != 0_mU) append(hal::RingKind::correction, off, 0);
    }
    void move_for_a_second() {
        motor.milli_units = std::min(target.milli_units, motor.milli_units + motor_mu_per_s);
        now = now + 1;
    }
    /// What the motor moved, or will, for boluses: reckoned from its own stretches, not from the ring.
    std::int64_t bolus_insulin() const {
        std::int64_t sum = 0;
        for (const Part& part : parts_)
            if (part.source == hal::DoseSource::firmware_bolus) sum += part.to - part.from;
        return sum;
    }
    /// What is new in the ring reaches the bolus.
    void read_ring(Bolus& bolus) const {
        for (const auto& entry : ring) bolus = note_ring(bolus, entry);
    }
    /// One slot of the firmware. What it asked for.
    std::optional<PortionRequest> slot(Bolus& bolus) {
        read_ring(bolus);
        const Step step = advance(bolus, moment());
        bolus = step.bolus;
        return step.ask;
    }
    void accept(Bolus& bolus, const PortionRequest& request) {
        give(request.amount, hal::DoseSource::firmware_bolus);
        bolus = note_answer(bolus, request.request_id, hal::DoseVerdict::accepted, now);
        read_ring(bolus);
    }

  private:
    struct Part {
        std::int64_t from, to;
        hal::DoseSource source;
    };
    void append(hal::RingKind kind, MilliUnits amount, std::uint8_t code) {
        hal::RingEntry entry;
        entry.seq = static_cast<std::uint32_t>(ring.size()) + 1;
        entry.tick = now;
        entry.kind = kind;
        entry.code = code;
        entry.amount = amount;
        entry.target = target;
        ring.push_back(entry);
    }
    std::vector<Part> parts_;
};

}  // namespace basalt::firmware::test
