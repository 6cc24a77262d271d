// scenarios/engine/play.h: one scenario on one device, from Moment 0 to its end.
#pragma once
#include "scenarios/engine/recording.h"
#include "scenarios/engine/scenario.h"

namespace basalt::scenarios {

/// Makes a device of this build, plays the whole timeline on it, and returns what was seen.
/// live: hears the same while it happens; may be null.
/// Errors: those of the simulator; and check_failed where what was seen cannot be a whole run (a minute is missing, or
/// time
///         went back), because every judgement after it would be worth nothing.
Result<Recording> play(const Scenario& scenario, const Build& build, DeviceMaker& maker, Observer* live);

}  // namespace basalt::scenarios
