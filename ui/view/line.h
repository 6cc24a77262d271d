// ui/view/line.h: what comes over the console's line to the pump.
#pragma once
#include "device/common/result.h"
#include "device/link/command_state.h"

#include <array>
#include <optional>
#include <string>

namespace basalt::view {

struct LineNews {
    enum class Kind : std::uint8_t {
        connected,  ///< a session stands, and nobody is logged in it
        lost,       ///< there is none, or none any more; it is tried again by itself
        said,       ///< one part of an answer: `body`
        ended,      ///< the command that was under way: `state`
    };
    Kind kind = Kind::lost;
    std::string body{};
    link::CommandState state = link::CommandState::unknown;
    std::optional<Error> why{};  ///< of `lost`, and of a command that was never sent
    /// Of `connected`: the pump that this console is enrolled with, by its certificate.
    std::array<std::uint8_t, 16> device{};
};

}  // namespace basalt::view
