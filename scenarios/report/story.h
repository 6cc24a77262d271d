// scenarios/report/story.h: an outcome as plain words: the patient first, then the pumps, then why. The screen and the
// HTML report tell the same story from here; they differ in how it looks.
#pragma once
#include "scenarios/engine/number.h"
#include "scenarios/engine/outcome.h"

#include <string>
#include <vector>

namespace basalt::scenarios {

/// One thing that a pump did or showed.
struct StoryLine {
    std::string time;  ///< of the day, "23:03"
    std::string words;
};

struct StoryCheck {
    bool met = false;
    std::string words;  ///< what must be shown
    std::string when;   ///< "shown at 23:03", "shown all the time", "NOT SHOWN"
};

struct Story {
    std::string title, setting, background;
    std::vector<StoryLine> what_happened;     ///< the timeline of the file: the same for every run
    std::vector<std::string> patient;         ///< one paragraph for each run that is told
    std::vector<StoryLine> protected_pump;    ///< what it did, from the first attack on
    std::vector<StoryLine> unprotected_pump;  ///< empty without a twin
    std::vector<std::string> why;             ///< harm first; only what the runs really showed
    std::string limits;                       ///< empty without a twin
    std::vector<StoryCheck> checks;
    std::vector<std::string> verdict;  ///< the result, then each lack
    std::vector<Question> questions;
    std::string debrief;  ///< empty where the scenario failed: it would explain what did not happen
    std::string requirements, seed, not_a_device;
};

Story tell(const Scenario& scenario, const Outcome& outcome, Language language);

/// When the attacker first acts on the device; nothing where nobody does.
std::optional<Moment> first_attack(const Scenario& scenario) noexcept;

}  // namespace basalt::scenarios
