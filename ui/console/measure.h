// ui/console/measure.h: what the window costs: frames a second in software rendering, and the share of a processor core
// while nobody touches it, each beside an empty window of the same size.
#pragma once
#include "scenarios/measure/figure.h"
#include "scenarios/measure/scratch_device.h"

namespace basalt::console {

/// Makes a device and lives with it at real time for some seconds in each round. From the main thread only.
/// Without a display: one line that says so, and no figure. Errors: those of making a device, and of the window.
Result<measure::Figures> measure_console(int rounds, const bench::BuiltThings& built);

}  // namespace basalt::console
