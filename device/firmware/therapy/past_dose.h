// device/firmware/therapy/past_dose.h: a dose of the record, as the therapy needs it: what it does to the body, and
// what it takes from the limits.
#pragma once
#include "device/common/units.h"

namespace basalt::firmware {

/// One entry of the guardian's ring, with what the firmware knows of it. How to fill it: docs/formats/therapy.md.
struct PastDose {
    Tick at{};                ///< when the guardian wrote it down
    MilliUnits amount{};      ///< as it was written down: what counts against the limits
    MilliUnits moved{};       ///< what of it moved, or may still move: what acts
    MilliUnits planned{};     ///< of a basal dose: what the patient's plan gives in that slot; 0 for a bolus
    MilliUnits of_profile{};  ///< of a basal dose: what the failsafe profile gives in that slot; 0 for a bolus
    bool bolus = false;
};

}  // namespace basalt::firmware
