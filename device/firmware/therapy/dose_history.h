// device/firmware/therapy/dose_history.h: the guardian's ring as the therapy needs it: the doses of the last day, what
// of them moved, and since when every dose is known. It is read anew after each start: nothing of it is kept.
#pragma once
#include "device/firmware/therapy/past_dose.h"
#include "device/hal/dose_frames.h"

#include <optional>
#include <vector>

namespace basalt::firmware {

/// Rely on:  what counts against the guardian's windows is never less here than there: a correction downwards lowers
///           what moved, and not what was written down; one upwards counts from when it was found.
/// Source:   docs/formats/therapy.md, "Insulin on board".
class DoseHistory {
  public:
    /// The entry to ask for next; 1 before anything was read.
    std::uint32_t next() const noexcept { return next_; }
    /// Every entry up to `ring_newest` was read, or is known to be lost.
    bool knows_all(std::uint32_t ring_newest) const noexcept { return next_ > ring_newest; }
    std::uint32_t newest() const noexcept { return next_ - 1; }
    /// From then on every dose stands here; nullopt: nothing was read yet.
    std::optional<Tick> known_since() const noexcept { return known_since_; }

    /// The next entry, or a later one when some are lost. Older ones change nothing. False: it was known.
    /// `planned`: what the patient's plan gives in the slot of a basal dose; `hour`: of the day, when the clock was
    /// right.
    bool note(const hal::RingEntry& entry, MilliUnits planned, std::optional<std::uint8_t> hour);
    /// Nothing between next() and `newest` can be read.
    void lose(std::uint32_t newest, Tick now) noexcept;
    /// Forgets what no window and no insulin on board needs any more.
    void forget_before(Tick tick);

    /// In the order of the ring; at the end, as a dose of `now`, what the motor stands ahead of its target.
    std::vector<PastDose> doses(Tick now, MotorCount motor, MotorCount target) const;
    /// The last slot with a basal dose; nullopt: none.
    std::optional<std::uint64_t> last_basal_slot() const noexcept { return last_basal_slot_; }
    /// What the profile gives at least in a slot of this hour of the day: as its doses of the last day say.
    std::optional<MilliUnits> profile_at_least(std::uint8_t hour) const noexcept;
    /// The most by which the plan was above the profile in a slot of the last day. >= 0.
    MilliUnits plan_above_profile() const noexcept;

  private:
    struct Entry {
        PastDose dose;
        std::optional<std::uint8_t> hour;
        bool basal = false;
    };
    void take_off(MilliUnits amount) noexcept;

    std::vector<Entry> entries_;
    std::uint32_t next_ = 1;
    std::optional<Tick> known_since_;
    std::optional<std::uint64_t> last_basal_slot_;
};

}  // namespace basalt::firmware
