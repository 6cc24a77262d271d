// tests/unit/records/fake_guardian.h: a small guardian and motor that behave: ring before motor, absolute targets, a
// ring that forgets its oldest entries. It keeps everything over a crash of the firmware, as the real one does.
#pragma once
#include "device/hal/dose_frames.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace basalt::test {

class FakeGuardian {
  public:
    explicit FakeGuardian(std::size_t ring_size = 1024, MotorCount motor = {})
        : ring_size_(ring_size), motor_(motor), target_(motor) {}

    Tick now;
    static constexpr MilliUnits per_dose_max{5000};

    hal::DoseAnswer ask(const hal::DoseRequest& request) {
        if (request.amount.count == 0) return {request.request_id, hal::DoseVerdict::accepted, 0};
        if (request.amount > per_dose_max) return {request.request_id, hal::DoseVerdict::over_dose, 0};
        write_dose(request.amount, request.kind == hal::DoseKind::bolus ? hal::DoseSource::firmware_bolus
                                                                        : hal::DoseSource::firmware_basal);
        return {request.request_id, hal::DoseVerdict::accepted, newest()};
    }
    void give_profile_dose(MilliUnits amount) { write_dose(amount, hal::DoseSource::profile); }
    void enter(hal::Mode mode) { write({0, now, hal::RingKind::mode, static_cast<std::uint8_t>(mode), {}, {}, {}}); }
    void raise(std::uint8_t trigger) { write({0, now, hal::RingKind::trigger, trigger, {}, {}, {}}); }
    void boot(const hal::BootReport& report) {
        hal::RingEntry entry{0, now, hal::RingKind::boot, 0, {}, {}, {}};
        codec::Writer writer{entry.detail};
        writer(report);
        write(entry);
    }
    void move(std::int64_t milli_units) {
        motor_.milli_units =
            std::max(motor_.milli_units, std::min(target_.milli_units, motor_.milli_units + milli_units));
    }
    /// The motor comes no further: what it did not move is taken back.
    void give_up() {
        if (motor_ >= target_) return;
        const MilliUnits missing{static_cast<std::int32_t>(motor_.milli_units - target_.milli_units)};
        target_ = motor_;
        write({0, now, hal::RingKind::correction, 0, missing, target_, {}});
    }
    /// A person cancels the newest dose: what has not moved of it is not given.
    void take_back(MilliUnits amount) {
        target_ = std::max(motor_, target_ + MilliUnits{-amount.count});
        write({0,
               now,
               hal::RingKind::correction,
               static_cast<std::uint8_t>(hal::CorrectionCause::taken_back),
               {-amount.count},
               target_,
               {}});
    }
    void release(const hal::ReleaseDetail& what) {
        hal::RingEntry entry{0, now, hal::RingKind::release, 0, {}, {}, {}};
        codec::Writer writer{entry.detail};
        writer(what);
        write(entry);
    }
    void give(MilliUnits amount, hal::DoseSource source) { write_dose(amount, source); }
    /// An attacker's older copy of the memory: the ring ends earlier, the target is an earlier one. The motor stays.
    void put_back(std::size_t entries) {
        ring_.resize(entries);
        for (auto i = ring_.rbegin(); i != ring_.rend(); ++i)
            if (i->kind == hal::RingKind::dose || i->kind == hal::RingKind::correction) {
                target_ = std::max(i->target, motor_);
                break;
            }
    }
    void damage(std::uint32_t seq) { ring_.at(seq - 1).seq = 0; }

    hal::FirmwareTick tick() const {
        hal::FirmwareTick frame;
        frame.tick = now;
        frame.mode = hal::Mode::normal;
        frame.motor = motor_;
        frame.target = target_;
        frame.ring_last = newest();
        return frame;
    }
    hal::RingEntries entries(std::uint32_t from) const {
        hal::RingEntries frame;
        frame.newest = newest();
        frame.oldest = oldest();
        for (std::uint32_t seq = std::max(from, oldest());
             seq != 0 && seq <= newest() && frame.count < hal::ring_entries_a_frame; ++seq)
            if (ring_[seq - 1].seq == seq) frame.entries[frame.count++] = ring_[seq - 1];
        return frame;
    }

    MotorCount motor() const { return motor_; }
    std::uint32_t newest() const { return static_cast<std::uint32_t>(ring_.size()); }
    std::uint32_t oldest() const {
        return ring_.size() <= ring_size_ ? 1 : newest() - static_cast<std::uint32_t>(ring_size_) + 1;
    }
    const std::vector<hal::RingEntry>& all_entries() const { return ring_; }

  private:
    void write(hal::RingEntry entry) {
        entry.seq = newest() + 1;
        ring_.push_back(entry);
    }
    void write_dose(MilliUnits amount, hal::DoseSource source) {
        const MotorCount to = target_ + amount;
        write({0, now, hal::RingKind::dose, static_cast<std::uint8_t>(source), amount, to, {}});
        target_ = to;  // only now may the motor go there
    }

    std::size_t ring_size_;
    MotorCount motor_, target_;
    std::vector<hal::RingEntry> ring_;  ///< all that was ever written; entries() forgets as the real ring does
};

}  // namespace basalt::test
