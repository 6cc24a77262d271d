// ui/cli/release_command.h: basalt device release: two people at the device's own badge reader.
#pragma once
#include "scenarios/engine/text.h"

#include <string>
#include <vector>

namespace basalt::cli {

struct ReleaseOptions {
    std::string state;
    std::vector<std::string> badges;  ///< two files
    bool json = false;
};

/// Switches the device on, releases failsafe, waits for the mode that follows, switches it off. Returns the exit
/// status: 3 when the guardian refused, 1 when it released and the pump is in failsafe again.
int release(const ReleaseOptions& options, scenarios::Language language);

}  // namespace basalt::cli
