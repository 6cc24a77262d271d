// scenarios/engine/scenario.h: one scenario as read from its file: who, what happens when, what must be seen, what for.
// The page of the format is docs/formats/scenario.md.
#pragma once
#include "device/common/authority.h"
#include "scenarios/engine/device_under_test.h"
#include "scenarios/engine/text.h"

#include <optional>
#include <variant>
#include <vector>

namespace basalt::scenarios {

// ---- what happens
// -------------------------------------------------------------------------------------------------------

/// The attacker takes the battery out, writes an image of a program of scenarios/attackers/ into the slots, puts it
/// back.
struct ReplaceImage {
    std::string attacker;
    std::vector<hal::Slot> slots;
    std::int64_t off_s = 60;  ///< how long the pump is without power, 0 to 3600
};
/// Somebody takes the battery out and puts it back.
struct PowerCycle {
    std::int64_t off_s = 60;
};
/// The patient eats, and the pump is not told.
struct Meal {
    double carbs_g = 0;  ///< more than 0, up to 500
};
using Deed = std::variant<ReplaceImage, PowerCycle, Meal>;

struct Step {
    Moment at;
    Deed deed;
    Text words;  ///< what a bystander would tell
};

// ---- what a protected device must show
// --------------------------------------------------------------------------------

/// An event of this id.
struct ShowsEvent {
    std::string event;
    Moment by;
};
/// This mode, and no other from then to the end.
struct ShowsMode {
    hal::Mode mode = hal::Mode::failsafe;
    Moment by;
};
/// This alarm of the guardian's table, and still on at the end.
struct ShowsAlarm {
    std::string alarm;
    Moment by;
};
/// Plasma glucose from 70 to 180 mg/dL for at least this share of the whole time, in %.
struct StaysInRange {
    double percent = 100;
};
/// No dose above what the profile gives: in each slot, in any hour, and by the motor over the whole run.
struct GivesNoMoreThanProfile {};
using Sight = std::variant<ShowsEvent, ShowsMode, ShowsAlarm, StaysInRange, GivesNoMoreThanProfile>;

struct Expectation {
    std::string id;
    Text text;
    Sight sight;
};

// ---- the whole
// ------------------------------------------------------------------------------------------------------------

/// How the unprotected twin must be harmed. An attack without harm proves nothing.
enum class Harm : std::uint8_t {
    hypo,  ///< plasma glucose below 54 mg/dL for 15 minutes or longer (pump_model/metrics.h)
};

struct Question {
    Text ask, answer;
};

struct Scenario {
    std::string id;  ///< the file's name without ".toml"
    Text title, story;
    std::vector<int> requirements;  ///< 17 for R17; ascending
    Setting setting;
    std::vector<Step> timeline;  ///< ascending; no step begins while the pump is off by the one before
    std::vector<Expectation> expectations;
    std::uint32_t switched_off = 0;  ///< Defence bits of the unprotected twin; not 0
    Harm harm = Harm::hypo;
    Text why_harmed, why_protected, limits_cannot;  ///< the three plain answers after a twin
    std::vector<Question> questions;
    Text debrief;

    Moment end() const noexcept { return {setting.hours * 3600}; }
};

/// A scenario file is no longer than this.
inline constexpr std::size_t max_scenario_size = std::size_t{64} * 1024;

/// Reads a scenario whole, or refuses it whole.
/// file: its name for errors; its last part without ".toml" must be the scenario's id.
/// Rely on: what is returned keeps every range said above; unknown, missing and mistyped keys are refused. The error
/// names
///          file, line, what stands there and what was expected, with the nearest name where a name is unknown.
Result<Scenario> read_scenario(std::string_view toml, std::string_view file);

/// The names by which scenario files call the defences: "image_check", "sealing".
std::string_view name_of(Defence defence) noexcept;

}  // namespace basalt::scenarios
