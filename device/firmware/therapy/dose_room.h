// device/firmware/therapy/dose_room.h: what the guardian's limits leave for a bolus, now and later. The limits
// themselves are the guardian's and hold whatever this says; this is so that people hear it before they ask, and that a
// verified firmware never asks for what would be taken as an attack: a request over a hard limit puts the pump into
// failsafe.
#pragma once
#include "device/firmware/therapy/past_dose.h"
#include "device/hal/dose_frames.h"

#include <optional>
#include <span>
#include <vector>

namespace basalt::firmware {

/// The limits of the signed profile, as the guardian's Welcome brings them; all 0 where they are not known.
using KnownLimits = hal::DoseLimits;

/// What one tick leaves. Each is >= 0.
struct Room {
    MilliUnits dose{}, hour{}, beyond{}, day{};
    int boluses = 0;  ///< requests that are still accepted in this hour, portions each
};
/// The largest bolus that breaks none of them; 0 when no request is accepted.
MilliUnits most(const Room& room) noexcept;
/// The first limit that a bolus of `amount` breaks, in the guardian's order; `accepted`: none.
hal::DoseVerdict verdict_for(MilliUnits amount, const Room& room) noexcept;

/// What the basal slots to come may get. None of it is known better than this: rates change at half hours, and a slot
/// is served at any tick of it.
struct BasalToCome {
    MilliUnits most{};  ///< in one slot: most_basal_slot() of temporary_basal.h
    bool due = false;   ///< the slot of this tick has not had its dose
    MilliUnits
        beyond{};  ///< what a slot may get beyond the profile, until `beyond_until`: by a temporary rate, or where the
    Tick beyond_until{};  ///< plan is above the profile. The two round differently: 1 mU in each slot is kept free
                          ///< anyhow.
};

/// Rely on:  whatever room() leaves is accepted by the guardian's allow() at that tick, and no basal request within
///           BasalToCome is refused afterwards because of it: the insulin of the slots to come is kept free. The
///           guardian may have more room than this says (it forgets what a halted motor did not move), never less.
class DoseRoom {
  public:
    /// `given`: the doses of the last 24 hours, in any order.
    DoseRoom(const KnownLimits& limits, std::span<const PastDose> given, Tick now, const BasalToCome& basal);

    /// At `when`, which is `now` or later, if nothing but the basal doses is given until then.
    Room room(Tick when) const noexcept;
    Room room() const noexcept { return room(now_); }

    /// Seconds from now until a bolus of `amount` fits, to the next five minutes; nullopt: not within 24 hours.
    std::optional<std::uint64_t> fits_in(MilliUnits amount) const noexcept;

    const KnownLimits& limits() const noexcept { return limits_; }

  private:
    struct Point {
        std::uint64_t at_s;
        std::int64_t amount, beyond;  ///< sums of all points up to this one
        int boluses;
    };
    Point given_in(std::uint64_t window_s, std::uint64_t end_s) const noexcept;
    Point basal_in(std::uint64_t window_s, std::uint64_t end_s) const noexcept;
    MilliUnits left(MilliUnits limit, std::int64_t Point::* sum, std::uint64_t window_s,
                    std::uint64_t when_s) const noexcept;

    KnownLimits limits_;
    Tick now_;
    BasalToCome basal_;
    std::uint64_t first_slot_;  ///< the first basal slot without its dose
    std::vector<Point> points_;
};

}  // namespace basalt::firmware
