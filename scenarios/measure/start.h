// scenarios/measure/start.h: where the time goes between a typed command and the first dose.
#pragma once
#include "scenarios/bench/device_under_test.h"
#include "scenarios/measure/figure.h"

namespace basalt::measure {

struct StartOptions {
    int rounds = 5;                  ///< >= 1
    std::filesystem::path launcher;  ///< ./basalt; empty: its part is left out
    std::filesystem::path program;   ///< what the launcher starts
};

/// Errors: those of making a device.
Result<Figures> measure_start(const bench::BuiltThings& built, const StartOptions& options);

}  // namespace basalt::measure
