// scenarios/report/html.h: the report of a scenario as one file that needs nothing else.
#pragma once
#include "scenarios/engine/outcome.h"

#include <filesystem>
#include <string>

namespace basalt::scenarios {

/// A whole HTML page: no script, nothing from outside (and a policy in it that forbids both), every text escaped. The
/// same outcome and language give the same bytes.
std::string html(const Scenario& scenario, const Outcome& outcome, Language language);

/// Writes it beside the target and renames, so that a report is whole or not there.
Result<void> write_report(const std::filesystem::path& file, const std::string& page);

}  // namespace basalt::scenarios
