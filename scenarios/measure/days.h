// scenarios/measure/days.h: how many simulated days pass in a second: with the device as processes, as `run` and
// scenarios have it, and joined in one process, as long campaigns have it.
#pragma once
#include "scenarios/bench/device_under_test.h"
#include "scenarios/measure/figure.h"

namespace basalt::measure {

struct DaysOptions {
    int rounds = 5;  ///< >= 1
    int hours = 6;   ///< simulated in each round, >= 1; at most 10 days of insulin are in the reservoir
};

/// Errors: those of making a device; check_failed when device and peer did not move the same insulin, because then they
/// did not do the same work.
Result<Figures> measure_days(const bench::BuiltThings& built, const DaysOptions& options);
/// The part of it that needs no process and no TPM.
Result<Figures> measure_joined_days(const DaysOptions& options);

}  // namespace basalt::measure
