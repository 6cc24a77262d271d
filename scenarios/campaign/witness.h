// scenarios/campaign/witness.h: hears a run and keeps what it is judged by.
#pragma once
#include "scenarios/engine/device_under_test.h"

#include <vector>

namespace basalt::campaign {

using scenarios::Moment;

class Witness final : public scenarios::Observer {
  public:
    void hear(const scenarios::Sample& sample) override { samples.push_back(sample); }
    void hear(const scenarios::Dose& dose) override { doses.push_back(dose); }
    void hear(const scenarios::ModeChange& change) override { modes.push_back(change); }
    void hear(const scenarios::Alarm& alarm) override { alarms.push_back(alarm); }
    void hear(const scenarios::Event& event) override { events.push_back(event); }

    /// The mode became `mode` in [from, until].
    bool became(hal::Mode mode, Moment from, Moment until) const;
    /// The alarm is on, as far as it was heard.
    bool shows(std::string_view alarm) const;
    bool heard(std::string_view event) const;

    std::vector<scenarios::Sample> samples;
    std::vector<scenarios::Dose> doses;
    std::vector<scenarios::ModeChange> modes;
    std::vector<scenarios::Alarm> alarms;
    std::vector<scenarios::Event> events;
};

}  // namespace basalt::campaign
