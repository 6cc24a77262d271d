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

/// The limits of the signed profile: docs/formats/profile.md.
struct KnownLimits {
    MilliUnits per_dose{}, per_hour{}, beyond_profile_in_4_h{}, per_day{};
    std::uint8_t doses_per_hour = 0;  ///< twelve of them are basal
};

/// What one tick leaves. Each is >= 0.
struct Room {
    MilliUnits dose{}, hour{}, beyond{}, day{};
    int boluses = 0;  ///< requests that are still accepted in this hour, portions each
};
/// The largest bolus that breaks none of them; 0 when no request is accepted.
MilliUnits most(const Room& room) noexcept;
/// The first limit that a bolus of `amount` breaks, in the guardian's order; `accepted`: none.
hal::DoseVerdict verdict_for(MilliUnits amount, const Room& room) noexcept;

/// Rely on:  whatever room() leaves is accepted by the guardian's allow() at that tick, and afterwards no basal request
/// of at
///           most `basal_slot` breaks a hard limit because of it: the insulin of the basal slots to come is kept free.
///           The guardian may have more room than this says (it forgets what a halted motor did not move), never less.
class DoseRoom {
  public:
    /// `given`: the doses of the last 24 hours, in any order. `basal_slot`: the most that a basal slot may get;
    /// `basal_due`: the slot of `now` has not had its dose.
    DoseRoom(const KnownLimits& limits, std::span<const PastDose> given, Tick now, MilliUnits basal_slot,
             bool basal_due);

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
    std::int64_t basal_in(std::uint64_t window_s, std::uint64_t end_s) const noexcept;
    MilliUnits left(std::int64_t limit, std::uint64_t window_s, std::uint64_t when_s) const noexcept;

    KnownLimits limits_;
    Tick now_;
    std::int64_t basal_slot_;
    std::uint64_t first_slot_;  ///< the first basal slot without its dose
    std::vector<Point> points_;
};

}  // namespace basalt::firmware
