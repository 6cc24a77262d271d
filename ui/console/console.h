// ui/console/console.h: a person in front of a pump: one window, until it is closed.
#pragma once
#include "device/common/result.h"
#include "ui/console/live_pump.h"
#include "ui/console/pump_line.h"
#include "ui/view/pump_view.h"

#include <filesystem>
#include <functional>

namespace basalt::console {

struct ConsoleOptions {
    view::Settings settings;
    int speed = 60;                       ///< simulated seconds in a second
    double hours = 0;                     ///< 0: until the window is closed
    bool about = true;                    ///< begins with what this is and three things to try
    std::filesystem::path screenshot;     ///< not empty: lives for `hours` unseen, writes this picture, ends
    std::function<bool()> interrupted;    ///< Ctrl-C; asked often
    std::optional<PumpLine::Place> line;  ///< nothing: the pump has no network, and takes no command from here
    std::filesystem::path badges;         ///< folder of token files, NAME.pem
    /// Shows two badges at the pump's own reader; says what came of it.
    std::function<Result<scenarios::Text>(const std::array<std::filesystem::path, 2>&)> release;
};

/// `pump` watches a simulation that is switched on. Returns when the window was closed, the hours are over, or it was
/// interrupted. Errors: missing (no window), io (the picture); those of the simulation.
Result<void> run_console(LivePump& pump, const ConsoleOptions& options);

}  // namespace basalt::console
