// ui/view/facts.h: what is known of the pump at a moment: what its own panel shows, and what it told on its screen's
// channel.
#pragma once
#include "device/common/units.h"
#include "device/hal/board_frames.h"

#include <cstdint>
#include <optional>
#include <string>

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

/// The last answer of the firmware on that channel. What it says of itself may be an attacker's: only the panel decides
/// what the console calls verified.
struct Told {
    struct Temporary {
        int percent = 0;  ///< more or less than the plan
        std::uint64_t until_s = 0;
        std::string who;
    };
    struct Bolus {
        double amount_u = 0, given_u = 0;
        std::string state;  ///< "proposed", "running", "done", "cancelled", "refused", "interrupted", "expired"
        std::string who;
        std::uint64_t at_s = 0;  ///< of the last one: when it was confirmed
        bool exact = false;      ///< of the last one: what was given is known to the milliunit
    };
    std::uint64_t at_s = 0;  ///< when it came, device time
    std::optional<double> rate_u_per_h{};
    std::optional<double> on_board_u{};
    bool on_board_complete = false;
    std::optional<Temporary> temporary{};
    std::optional<Bolus> bolus{};  ///< read back, or running
    std::optional<Bolus> last_bolus{};
};

/// What the firmware told last before a person stopped the insulin.
struct BeforeStop {
    Told told;
    std::uint32_t second_of_day = 0;  ///< when it told it
};

struct PumpFacts {
    Panel panel;
    std::optional<Told> told;                   ///< nothing: no answer yet, or none since the last start
    std::optional<BeforeStop> before_stop{};    ///< only while stopped
    std::optional<std::uint32_t> stopped_at{};  ///< second of the day; nothing: not stopped, or before this run
};

}  // namespace basalt::view
