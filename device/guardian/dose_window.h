// device/guardian/dose_window.h: how much insulin any 60 minutes, 4 hours and 24 hours hold, from the ring alone: so a
// restart, or a thousand, gives no limit a second time.
#pragma once
#include "device/guardian/memory.h"

namespace basalt::guardian {

inline constexpr std::uint64_t an_hour_s = 3600, four_hours_s = 4 * an_hour_s, a_day_s = 24 * an_hour_s;

/// What counts as given in the windows that end now; a dose leaves a window of N seconds N seconds after it was written
/// down. A dose counts in full from then on, moved or not. A correction counts only as long as the oldest dose that it
/// may belong to, so it never makes room that was not there. An entry from the future (the clock of the board went
/// back) counts. Rely on: exact; sums saturate at the top, and are never below 0. Looks at each of the 1024 entries
/// once. `not_on_record` (>= 0) counts as given now.
Delivered delivered(const Ring& ring, Tick now, MilliUnits not_on_record) noexcept;

/// How much further than it was sent the motor went in the last 24 hours, each time by itself: by the corrections
/// upwards. Of one that comes right after a correction downwards only what is beyond that counts: a motor that is
/// halted goes on for a moment, but not further than it was sent before.
MilliUnits crept(const Ring& ring, Tick now) noexcept;

/// True when the last four hours, three of them with basal slots on record, hold less than a quarter of what the
/// profile gives in those slots. `target`: where the motor is sent by now. Boluses count as given, but not what was
/// taken back of them, on record or not; what a stalled motor did not give counts. The longest suspend that closed
/// loops make by themselves is two hours.
bool withheld(const Ring& ring, MotorCount target, Tick now) noexcept;

/// True when a bolus by the pump's button was given in the last failsafe_bolus_every_s seconds.
bool had_failsafe_bolus(const Ring& ring, Tick now) noexcept;
inline constexpr std::uint64_t failsafe_bolus_every_s = four_hours_s;

/// The newest dose that could be read; nullptr: none.
const hal::RingEntry* newest_dose(const Ring& ring) noexcept;

/// The moment at which the oldest dose was written down that the motor has not finished; `now` when it has finished
/// all. A bolus that was taken back counts as one that it has not.
Tick oldest_unfinished(const Ring& ring, MotorCount motor, Tick now) noexcept;

/// How many entries of the last 24 hours are not doses. They are bounded, so that the ring never forgets a dose of
/// these 24 hours: 30 doses an hour are 720 entries a day, and 720 + 300 < 1024. An entry that finds no room is not
/// written; the latched ones have room of their own, and corrections by the motor and releases once more.
std::uint32_t events_of_the_day(const Ring& ring, Tick now) noexcept;
inline constexpr std::uint32_t events_a_day = 230, latched_events_a_day = 250, corrections_a_day = 300;

}  // namespace basalt::guardian
