// scenarios/report/screen.h: the end of a scenario on one screen: the curves, then what happened and why, in plain
// words.
#pragma once
#include "scenarios/report/story.h"
#include "scenarios/report/terminal_plot.h"

namespace basalt::scenarios {

/// The whole screen. The same outcome, language and terminal give the same bytes.
std::string screen(const Scenario& scenario, const Outcome& outcome, Language language, const Terminal& terminal);

}  // namespace basalt::scenarios
