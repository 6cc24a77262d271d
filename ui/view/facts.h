// ui/view/facts.h: what is known of the pump at a moment: what its own panel shows, and what it told over the radio.
#pragma once
#include "device/common/units.h"
#include "device/hal/board_frames.h"

#include <cstdint>
#include <optional>

namespace basalt::view {

/// What the pump shows itself: light, sound, mode, alarms, and the values on its panel. It needs no firmware for that.
struct Panel {
    std::uint64_t now_s = 0;  ///< seconds of device time: never goes back
    std::uint32_t second_of_day = 0;
    bool clock_ok = true;
    bool powered = false;
    hal::Signals signals;
    std::uint16_t glucose_mg_dl = 0;  ///< 0: there is none
    std::uint32_t glucose_age_s = 0;
    MilliUnits reservoir;
    std::uint8_t battery_percent = 0;
    std::int64_t button_held_s = 0;  ///< for so many seconds it has been held by now; 0: it is up
};

/// The last answer of the firmware over the radio. What it says of itself may be an attacker's: only the panel decides
/// what the console calls verified.
struct Told {
    std::uint64_t at_s = 0;  ///< when it came, device time
    std::optional<double> rate_u_per_h;
};

struct PumpFacts {
    Panel panel;
    std::optional<Told> told;  ///< nothing: no answer yet, or none since the last start
};

}  // namespace basalt::view
