// scenarios/report/svg.h: the two plots of the report, as inline SVG without scripts.
#pragma once
#include "scenarios/engine/outcome.h"

#include <string>

namespace basalt::scenarios {

/// Glucose of the protected and the unprotected run over time, with the target band, the dangerous range and the
/// attack.
std::string glucose_svg(const Scenario& scenario, const Outcome& outcome, Language language);

/// Insulin that each of them gave, in half hours.
std::string insulin_svg(const Scenario& scenario, const Outcome& outcome, Language language);

}  // namespace basalt::scenarios
