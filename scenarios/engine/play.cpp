#include "scenarios/engine/play.h"

#include <fmt/format.h>

namespace basalt::scenarios {
namespace {

class Player {
  public:
    explicit Player(DeviceUnderTest& device) : device_(device) {}

    Result<void> step(const Step& step) {
        // Whoever acts on a running pump acts on one that was switched on before.
        if (!std::holds_alternative<ReplaceImage>(step.deed) || step.at > Moment{}) {
            if (auto on = switch_on(); !on) return on;
        }
        if (auto there = device_.run_until(step.at); !there) return there;
        at_ = step.at;
        return std::visit([this](const auto& deed) { return this->act(deed); }, step.deed);
    }
    Result<void> finish(Moment end) {
        if (auto on = switch_on(); !on) return on;
        return device_.run_until(end);
    }

  private:
    Result<void> act(const Meal& meal) { return device_.eat(meal.carbs_g); }
    Result<void> act(const PowerCycle& cycle) {
        return without_power(cycle.off_s, [] { return Result<void>{}; });
    }
    Result<void> act(const ReplaceImage& attack) {
        return without_power(attack.off_s, [&]() -> Result<void> {
            for (const auto slot : attack.slots)
                if (auto done = device_.replace_image(slot, attack.attacker); !done) return done;
            return {};
        });
    }

    template <class Act>
    Result<void> without_power(std::int64_t seconds, Act act) {
        if (auto off = switch_off(); !off) return off;
        if (auto done = act(); !done) return done;
        if (auto waited = device_.run_until(at_ + seconds); !waited) return waited;
        return switch_on();
    }
    Result<void> switch_on() {
        if (on_) return {};
        on_ = true;
        return device_.power_on();
    }
    Result<void> switch_off() {
        if (!on_) return {};
        on_ = false;
        return device_.power_off();
    }

    DeviceUnderTest& device_;
    Moment at_;
    bool on_ = false;
};

/// Nothing is judged by a recording with holes.
Result<void> is_whole(const Recording& seen, const Scenario& scenario) {
    constexpr std::string_view next = "This is a fault of the simulator, not of the device. Please report it.";
    if (!seen.in_order())
        return fail(ErrorCode::check_failed, "The run was recorded out of the order of time.", std::string{next});
    const auto minutes = static_cast<std::size_t>(scenario.setting.hours * 60);
    for (std::size_t m = 0; m < std::max(minutes, seen.samples.size()); ++m)
        if (m >= minutes || m >= seen.samples.size() || seen.samples[m].at.seconds != static_cast<std::int64_t>(m) * 60)
            return fail(ErrorCode::check_failed,
                        fmt::format("The run has {} glucose samples and not one for each of its {} minutes: the first "
                                    "difference is at minute {}.",
                                    seen.samples.size(), minutes, m),
                        std::string{next});
    return {};
}

}  // namespace

Result<Recording> play(const Scenario& scenario, const Build& build, DeviceMaker& maker, Observer* live) {
    Recording seen{live};
    const auto device = maker.make(scenario.setting, build, seen);
    if (!device) return std::unexpected{device.error()};
    Player player{**device};
    for (const auto& step : scenario.timeline)
        if (auto done = player.step(step); !done) return std::unexpected{done.error()};
    if (auto done = player.finish(scenario.end()); !done) return std::unexpected{done.error()};
    if (auto whole = is_whole(seen, scenario); !whole) return std::unexpected{whole.error()};
    return seen;
}

}  // namespace basalt::scenarios
