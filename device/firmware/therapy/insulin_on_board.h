// device/firmware/therapy/insulin_on_board.h: how much insulin from past doses has not yet acted.
#pragma once
#include "device/firmware/therapy/insulin_curve.h"
#include "device/firmware/therapy/past_dose.h"

#include <span>

namespace basalt::firmware {

/// What counts of a dose: a bolus whole; of a basal dose only what was above the plan.
/// Rely on:  the plan itself never counts: carb ratio and correction factor are set on top of it (so does every pump
///           that counts boluses alone). A temporary rate above it does, because that insulin lowers the glucose beyond
///           what the plan holds. One below it, and a stop, count nothing rather than less: oref0 lets them make the
///           sum smaller, even negative, which asks for more insulin; here less basal earns no credit, as the guardian
///           has it.
constexpr MilliUnits counted(const PastDose& dose) noexcept {
    const MilliUnits planned = dose.planned > MilliUnits{} ? dose.planned : MilliUnits{};
    return dose.moved > planned ? dose.moved - planned : MilliUnits{};
}

struct InsulinOnBoard {
    MilliUnits amount{};    ///< never negative
    bool complete = false;  ///< the doses of the whole duration of action are known; else there may be more
};

/// Units:    mU, rounded up once, at the end: insulin that still works is never made smaller.
/// Rely on:  falls or stays between doses; a dose adds what it counts, at once; the order of doses and how one is cut
///           do not matter beyond the rounding. A dose of a later tick than `now` counts whole. Saturates at the top.
///           `known_since`: from then on every dose stands in `doses`.
InsulinOnBoard insulin_on_board(std::span<const PastDose> doses, const InsulinCurve& curve, Tick now,
                                Tick known_since) noexcept;

}  // namespace basalt::firmware
