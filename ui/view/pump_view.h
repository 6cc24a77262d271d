// ui/view/pump_view.h: everything that the console shows of the pump, as words, numbers and roles of colour. Panels
// draw it and decide nothing; what is not here is not on the screen.
#pragma once
#include "scenarios/engine/text.h"
#include "ui/view/facts.h"
#include "ui/view/history.h"
#include "ui/view/palette.h"

#include <string>
#include <vector>

namespace basalt::view {

using scenarios::Language;

enum class GlucoseUnit : std::uint8_t { mg_dl, mmol_l };

struct Settings {
    Language language = Language::english;
    GlucoseUnit unit = GlucoseUnit::mg_dl;
    Theme theme = Theme::normal;
};

/// Words with what their colour means. The words alone say it all.
struct Line {
    std::string words;
    Role role = Role::text;
};

struct AlarmView {
    hal::Priority priority = hal::Priority::none;
    std::string mark;  ///< "!!!", "!!", "!" (IEC 60601-1-8)
    std::string next;  ///< what to do, with "NOW" or "TODAY": it stands first
    std::string what;  ///< why
};

struct PumpView {
    Line glucose;       ///< "118", "6.6", "LOW", "HIGH" or "- -"
    std::string unit;   ///< "mg/dL", "mmol/L"
    Line level;         ///< "HIGH", "VERY LOW", "in range"; empty: no usable reading
    std::string trend;  ///< in words; empty: not known
    std::optional<Trend> arrow;
    Line age;                  ///< of the reading; an old one says so
    Line mode;                 ///< what the pump does
    Line trust;                ///< whether its programs are verified, and what that means for insulin
    std::vector<Line> advice;  ///< of failsafe and of a stop: what to do first, what is possible, what follows
    std::string rate_label;    ///< "NOW", "IN THE LAST HOUR"; empty: `rate` needs none
    Line rate;   ///< the most important number: "1.25 units/h"; what the firmware says only where it gives it
    Line given;  ///< all insulin that the motor gave in the last hour, or at which rates
    Line reservoir, battery, network;
    Line on_board;                  ///< unknown is said as such, with a sign, and never looks like zero
    Line last_bolus, temporary;     ///< as the firmware tells them; "not known" when it does not
    std::vector<AlarmView> alarms;  ///< the most urgent first; in the order of the guardian's table within a priority
    Line alarm_head;                ///< how many of which priority, or that there is none
    bool failsafe = false;          ///< there is a failsafe to leave
    bool sounding = false;          ///< an alarm sounds, unless a person paused it
    bool stopped = false;           ///< a person stopped the insulin, or nothing may be given
    std::string clock;              ///< "day 2 07:05", or that the time was lost
    bool button_held = false;       ///< the insulin is being stopped or resumed: `mode` says in how many seconds
};

/// What the colour of an alarm of this priority means.
Role role_of(hal::Priority priority) noexcept;

/// Rely on: total: whatever is in `facts` gives a screen; nothing that is old or missing looks new.
PumpView view_of(const PumpFacts& facts, const History& history, const Settings& settings);

/// A glucose value as it is written: "118" or "6.6" ("6,6" in French); LOW below 40, HIGH above 400 (what sensors say).
std::string glucose_in(double mg_dl, const Settings& settings);
inline constexpr int lowest_shown_mg_dl = 40, highest_shown_mg_dl = 400;
/// The bounds of the target range in the same unit, for the chart: 70 and 180 mg/dL.
inline constexpr int target_low_mg_dl = 70, target_high_mg_dl = 180, serious_low_mg_dl = 54, very_high_mg_dl = 250;

}  // namespace basalt::view
