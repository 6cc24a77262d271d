#include "device/firmware/therapy/dose_history.h"

#include <algorithm>

namespace basalt::firmware {
namespace {
MilliUnits of_profile(const hal::RingEntry& entry) noexcept {
    std::uint32_t count = 0;
    for (int byte = 7; byte >= 4; --byte) count = count << 8 | entry.detail[static_cast<std::size_t>(byte)];
    return {std::max(0, static_cast<std::int32_t>(count))};
}
}  // namespace

bool DoseHistory::note(const hal::RingEntry& entry, MilliUnits planned, std::optional<std::uint8_t> hour) {
    if (entry.seq < next_) return false;
    if (!known_since_ || entry.seq != next_) known_since_ = entry.tick;
    next_ = entry.seq + 1;
    if (entry.kind == hal::RingKind::dose) {
        const auto source = static_cast<hal::DoseSource>(entry.code);
        const bool bolus = source == hal::DoseSource::firmware_bolus || source == hal::DoseSource::failsafe_bolus;
        PastDose dose{.at = entry.tick, .amount = entry.amount, .moved = entry.amount, .bolus = bolus};
        if (!bolus) {
            dose.planned = planned;
            dose.of_profile = of_profile(entry);
            last_basal_slot_ = entry.tick.seconds / hal::basal_slot_s;
        }
        entries_.push_back({dose, hour, !bolus});
    } else if (entry.kind == hal::RingKind::correction && entry.amount < MilliUnits{}) {
        take_off({entry.amount.count == INT32_MIN ? INT32_MAX : -entry.amount.count});
    } else if (entry.kind == hal::RingKind::correction) {
        entries_.push_back(
            {{.at = entry.tick, .amount = entry.amount, .moved = entry.amount, .of_profile = entry.amount},
             std::nullopt,
             false});
    }
    return true;
}

/// The motor did not do the last doses to their end.
void DoseHistory::take_off(MilliUnits amount) noexcept {
    for (auto entry = entries_.rbegin(); entry != entries_.rend() && amount > MilliUnits{}; ++entry) {
        const MilliUnits part = std::clamp(amount, MilliUnits{}, std::max(entry->dose.moved, MilliUnits{}));
        entry->dose.moved = entry->dose.moved - part;
        amount = amount - part;
    }
}

void DoseHistory::lose(std::uint32_t newest, Tick now) noexcept {
    if (newest < next_) return;
    next_ = newest + 1;
    known_since_ = now;
}

void DoseHistory::forget_before(Tick tick) {
    std::erase_if(entries_, [tick](const Entry& entry) { return entry.dose.at < tick; });
}

std::vector<PastDose> DoseHistory::doses(Tick now, MotorCount motor, MotorCount target) const {
    std::vector<PastDose> out;
    out.reserve(entries_.size() + 1);
    for (const Entry& entry : entries_) out.push_back(entry.dose);
    if (motor > target) {
        const MilliUnits ahead{
            static_cast<std::int32_t>(std::min<std::int64_t>(motor.milli_units - target.milli_units, INT32_MAX))};
        out.push_back({.at = now, .amount = ahead, .moved = ahead, .of_profile = ahead});
    }
    return out;
}

std::optional<MilliUnits> DoseHistory::profile_at_least(std::uint8_t hour) const noexcept {
    std::optional<MilliUnits> least;
    for (const Entry& entry : entries_)
        if (entry.basal && entry.hour == hour)
            least = least ? std::min(*least, entry.dose.of_profile) : entry.dose.of_profile;
    // The guardian carries a remainder from slot to slot, so one gets a mU less than another.
    if (least) least = std::max(*least - MilliUnits{1}, MilliUnits{});
    return least;
}

MilliUnits DoseHistory::plan_above_profile() const noexcept {
    MilliUnits most{};
    for (const Entry& entry : entries_)
        if (entry.basal && entry.hour) most = std::max(most, entry.dose.planned - entry.dose.of_profile);
    return most;
}

}  // namespace basalt::firmware
