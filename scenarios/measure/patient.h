// scenarios/measure/patient.h: how fast the virtual patient lives, without heap, on one processor.
#pragma once
#include "scenarios/measure/figure.h"

namespace basalt::measure {

/// The peer is the fasting patient: the same model with an empty stomach. So the ratio says what food costs, whose
/// hyperbolic tangents are the model's one expensive part. How fast the model should be at all is the days' ratio.
Figures measure_patient(int rounds);

}  // namespace basalt::measure
