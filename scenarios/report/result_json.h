// scenarios/report/result_json.h: the outcome for programs. Keys are those of the command line's contract.
#pragma once
#include "scenarios/engine/outcome.h"

namespace basalt::scenarios {

/// One JSON object with a line break at its end; the same bytes for the same outcome. Glucose is plasma, in mg/dL with
/// one decimal; moments are minutes since the scenario began with two decimals at most, null where there was none.
/// Each run has its glucose every five minutes, the first at the beginning; `story` is what the report tells, as words.
std::string to_json(const Scenario& scenario, const Outcome& outcome, Language language);

}  // namespace basalt::scenarios
