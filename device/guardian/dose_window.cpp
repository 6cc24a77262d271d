#include "device/guardian/dose_window.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace basalt::guardian {
namespace {
bool within(Tick when, Tick now, std::uint64_t window_s) noexcept { return when + window_s > now; }

MilliUnits amount_of(std::int64_t sum) noexcept {
    return {static_cast<std::int32_t>(std::clamp<std::int64_t>(sum, 0, std::numeric_limits<std::int32_t>::max()))};
}
}  // namespace

Delivered delivered(const Ring& ring, Tick now, MilliUnits not_on_record) noexcept {
    std::int64_t hour = not_on_record.count, day = not_on_record.count, beyond_profile = 0;
    int boluses = 0;
    for (const hal::RingEntry& entry : ring.entries) {
        const bool dose = entry.kind == hal::RingKind::dose;
        if (entry.seq == 0 || !(dose || entry.kind == hal::RingKind::correction)) continue;
        const Tick when = dose ? entry.tick : from_detail<CorrectionDetail>(entry).dose;
        if (within(when, now, an_hour_s)) hour += entry.amount.count;
        if (within(when, now, a_day_s)) day += entry.amount.count;
        if (!dose) continue;
        const auto detail = from_detail<SlotDetail>(entry);
        if (within(when, now, four_hours_s)) beyond_profile += beyond(entry.amount, detail.of_profile).count;
        if (within(when, now, an_hour_s) && detail.slot == SlotDetail::no_slot) ++boluses;
    }
    return {amount_of(hour), amount_of(day), amount_of(beyond_profile),
            static_cast<std::uint8_t>(std::min(boluses, 255))};
}

MilliUnits crept(const Ring& ring, Tick now) noexcept {
    std::int64_t sum = 0, taken_back = 0;
    for (std::uint32_t back = 0; back < ring.entries.size(); ++back) {
        const hal::RingEntry& entry = ring.at(ring.oldest() + back);
        const bool correction = entry.kind == hal::RingKind::correction;
        if (entry.seq == 0 || !(correction || entry.kind == hal::RingKind::dose)) continue;
        if (correction && within(entry.tick, now, a_day_s))
            sum += std::max<std::int64_t>(0, entry.amount.count - taken_back);
        taken_back = std::max<std::int64_t>(0, -std::int64_t{entry.amount.count});
    }
    return amount_of(sum);
}

// Each entry's target begins where the one before ended, so the way from the first one's beginning to the present
// target is all that was given, also where the ring had no room to say that something was taken back.
bool withheld(const Ring& ring, MotorCount target, Tick now) noexcept {
    constexpr int slots_of_three_hours = 36;
    std::int64_t begin = target.milli_units, stalled = 0, of_profile = 0;
    int slots = 0;
    for (std::size_t back = 0; back < ring.entries.size(); ++back) {  // newest first
        const hal::RingEntry& entry = ring.at(ring.newest - static_cast<std::uint32_t>(back));
        const bool dose = entry.kind == hal::RingKind::dose, correction = entry.kind == hal::RingKind::correction;
        if (entry.seq == 0 || !(dose || correction) || !within(entry.tick, now, four_hours_s)) continue;
        begin = entry.target.milli_units - entry.amount.count;
        if (correction && entry.code == std::to_underlying(hal::CorrectionCause::motor)) stalled -= entry.amount.count;
        if (!dose) continue;
        const auto detail = from_detail<SlotDetail>(entry);
        of_profile += detail.of_profile.count;
        if (detail.slot != SlotDetail::no_slot) ++slots;
    }
    return slots >= slots_of_three_hours && 4 * (target.milli_units - begin + stalled) < of_profile;
}

bool had_failsafe_bolus(const Ring& ring, Tick now) noexcept {
    return std::ranges::any_of(ring.entries, [&](const hal::RingEntry& entry) {
        return entry.seq != 0 && entry.kind == hal::RingKind::dose &&
               entry.code == std::to_underlying(hal::DoseSource::failsafe_bolus) &&
               within(entry.tick, now, failsafe_bolus_every_s);
    });
}

const hal::RingEntry* newest_dose(const Ring& ring) noexcept {
    for (std::uint32_t seq = ring.newest; seq != 0 && seq >= ring.oldest(); --seq)
        if (ring.at(seq).seq == seq && ring.at(seq).kind == hal::RingKind::dose) return &ring.at(seq);
    return nullptr;
}

Tick oldest_unfinished(const Ring& ring, MotorCount motor, Tick now) noexcept {
    Tick oldest = now;
    for (std::uint32_t seq = ring.newest; seq != 0 && seq >= ring.oldest(); --seq) {
        const hal::RingEntry& entry = ring.at(seq);
        const bool dose = entry.kind == hal::RingKind::dose;
        if ((dose || entry.kind == hal::RingKind::correction) && entry.target <= motor) break;
        if (dose) oldest = entry.tick;
    }
    return oldest;
}

std::uint32_t events_of_the_day(const Ring& ring, Tick now) noexcept {
    return static_cast<std::uint32_t>(std::ranges::count_if(ring.entries, [&](const hal::RingEntry& entry) {
        return entry.seq != 0 && entry.kind != hal::RingKind::dose && within(entry.tick, now, a_day_s);
    }));
}

}  // namespace basalt::guardian
