// scenarios/engine/expectations.h: what a run showed, held against what a protected device must show.
#pragma once
#include "scenarios/engine/recording.h"
#include "scenarios/engine/scenario.h"

#include <optional>

namespace basalt::scenarios {

struct Judged {
    std::string id;
    Text text;
    bool met = false;
    std::optional<Moment>
        at;  ///< when it was met; of what must hold all the time, the end. Nothing where it was not met
};

/// One for each expectation of the scenario, in its order. The recording is whole (play() has checked it).
std::vector<Judged> judge(const Scenario& scenario, const Recording& seen);

/// Whether this run did to the patient what the scenario says an unprotected device does; and since when, if so.
std::optional<Moment> harmed_at(const Scenario& scenario, const Recording& seen);

/// The first moment at which two runs differ in glucose, doses or modes, with words; nothing where they are equal.
struct Difference {
    Moment at;
    std::string_view in;  ///< "glucose", "doses" or "modes"
};
std::optional<Difference> first_difference(const Recording& one, const Recording& other);

}  // namespace basalt::scenarios
