#include "scenarios/campaign/witness.h"

#include <algorithm>

namespace basalt::campaign {

bool Witness::became(hal::Mode mode, Moment from, Moment until) const {
    return std::ranges::any_of(modes, [&](const scenarios::ModeChange& change) {
        return change.mode == mode && change.at >= from && change.at <= until;
    });
}

bool Witness::shows(std::string_view alarm) const {
    bool on = false;
    for (const scenarios::Alarm& heard : alarms)
        if (heard.id == alarm) on = heard.on;
    return on;
}

bool Witness::heard(std::string_view event) const {
    return std::ranges::any_of(events, [&](const scenarios::Event& each) { return each.id == event; });
}

}  // namespace basalt::campaign
