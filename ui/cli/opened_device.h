// ui/cli/opened_device.h: the user's own device for a command that switches it on for a moment.
#pragma once
#include "scenarios/bench/living_device.h"

#include <memory>
#include <string>

namespace basalt::cli {

class NobodyListens final : public scenarios::Observer {
    void hear(const scenarios::Sample&) override {}
    void hear(const scenarios::Dose&) override {}
    void hear(const scenarios::ModeChange&) override {}
    void hear(const scenarios::Alarm&) override {}
    void hear(const scenarios::Event&) override {}
};

/// Not yet switched on.
struct OpenedDevice {
    bench::RunDirectory run;
    bench::StateDirectory state;
    std::unique_ptr<bench::LivingDevice> device;
};

/// `state`: what --state said; empty: the default place. Errors: those of StateDirectory, RunDirectory, LivingDevice.
Result<OpenedDevice> open_device(const std::string& state, scenarios::Observer& observer);

}  // namespace basalt::cli
