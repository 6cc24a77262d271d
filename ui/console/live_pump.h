// ui/console/live_pump.h: the pump that the console stands in front of: its panel and button, what its own screen is
// told, the patient who wears it, and their simulated time.
#pragma once
#include "scenarios/bench/simulation.h"
#include "ui/view/facts.h"
#include "ui/view/history.h"

#include <optional>
#include <string>

namespace basalt::console {

class LivePump final : public scenarios::Observer {
  public:
    LivePump() = default;
    /// Before anything else: `simulation` is switched on, and outlives this. It hears what happens in it from its
    /// making on.
    void watch(bench::Simulation& simulation) noexcept;

    /// Lets the pump live so long, and asks it, as its own screen, every five minutes of its time.
    Result<void> live(std::int64_t seconds);
    /// Somebody works with the pump through a session: it gets a tick every second, so that it answers in time, and is
    /// asked for its state every few seconds. To be used at real time alone.
    void attend(bool attended) noexcept { attended_ = attended; }
    std::uint64_t now_s() const noexcept;
    /// A person holds the pump's own button for so long: from now on, or, while it is held already, anew after letting
    /// go.
    void hold_button(std::int64_t seconds);
    Result<void> eat(int carbs_g);

    view::PumpFacts facts() const;
    const view::History& history() const noexcept { return history_; }
    /// A high-priority alarm came on since the last call.
    bool take_urgent() noexcept { return std::exchange(urgent_, false); }

  private:
    void hear(const scenarios::Sample&) override {}
    void hear(const scenarios::Dose& dose) override;
    void hear(const scenarios::ModeChange& change) override;
    void hear(const scenarios::Alarm& alarm) override;
    void hear(const scenarios::Event& event) override;
    Result<void> live_for(std::int64_t seconds);
    void ask();
    void read_answers();

    bench::Simulation* simulation_ = nullptr;
    std::uint64_t began_s_ = 0;
    view::History history_;
    std::optional<view::Told> told_;
    std::uint32_t told_at_ = 0;  // second of the day
    std::optional<view::BeforeStop> before_stop_;
    std::uint64_t ask_at_s_ = 0;
    std::uint32_t asked_id_ = 0;
    std::uint64_t button_from_s_ = 0, button_until_s_ = 0;
    std::int64_t hold_next_s_ = 0;
    std::uint64_t last_reading_s_ = 0;
    std::optional<std::uint32_t> stopped_at_;
    bool powered_ = false, urgent_ = false, heard_mode_ = false, attended_ = false;
};

}  // namespace basalt::console
