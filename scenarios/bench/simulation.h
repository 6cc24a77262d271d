// scenarios/bench/simulation.h: one device and its patient, living. It owns simulated time: ticks as the guardian asks
// for them, the patient minute by minute from what the motor really moved, the glucose sensor every five minutes.
#pragma once
#include "scenarios/bench/board.h"
#include "scenarios/bench/board_files.h"
#include "scenarios/bench/device_processes.h"
#include "scenarios/bench/glucose_sensor.h"
#include "scenarios/engine/device_under_test.h"

#include <map>
#include <vector>

namespace basalt::bench {

using scenarios::Moment;

/// Makes board and patient outlive the run. False: it could not be written.
class Keeper {
  public:
    virtual ~Keeper() = default;
    virtual bool keep(const BoardRecord& board, const PatientRecord& patient) = 0;

  protected:
    Keeper() = default;
    Keeper(const Keeper&) = default;
    Keeper& operator=(const Keeper&) = default;
};

class Simulation {
  public:
    /// Moment 0 is board.now(). Everything handed in outlives this. `seed`: of the glucose sensor's error.
    Simulation(Board& board, MemoryStore& memory, DeviceProcesses& device, const PatientRecord& patient,
               std::uint64_t seed, scenarios::Observer& observer, Keeper& keeper);

    /// The first tick is played by the next run_until(), at this moment.
    Result<void> power_on();
    void power_off();
    bool on() const noexcept { return on_; }

    /// Everything before `until` has happened, nothing at it. Two calls in a row are the same as one.
    Result<void> run_until(Moment until);
    /// 0 to 500 g of carbohydrate; the patient begins to eat in the minute that this moment is in.
    Result<void> eat(double carbs_g);
    /// The pump's own button is held for this long from this moment on: the device is asked at every second of it.
    void hold_button(std::int64_t seconds);

    /// The board's badge reader, at this moment; the device gets a tick at once. Errors: usage, when it is off or no
    /// tick was played yet.
    Result<hal::ReleaseTerms> ask_release();
    Result<hal::ReleaseVerdict> release(const hal::Release& release);

    /// Something happens outside that the device would hear of at once: it gets a tick at this moment.
    void wake() noexcept { due_ = board_.now(); }

    /// Makes a part die or hang, at this moment.
    Result<void> kill(Part part);
    Result<void> hang(Part part);
    /// In the next tick the guardian dies just before its frame number `frame` reaches the board (1: its first).
    void kill_guardian_at_frame(int frame) noexcept { device_.kill_guardian_at_frame(frame); }
    /// Slots that the host budget closes are closed in this run too, at once: a trace of an earlier run.
    void replay(const std::vector<Overrun>& trace);
    /// What the host budget closed in this run, or in the one that is replayed.
    const std::vector<Overrun>& overruns() const noexcept { return overruns_; }

    Moment now() const noexcept { return {static_cast<std::int64_t>(board_.now().seconds - began_.seconds)}; }
    const pump_model::Patient& patient() const noexcept { return patient_.patient; }
    const Board& board() const noexcept { return board_; }
    /// When the newest glucose reading was taken. The board's sensors say its age as of the last tick.
    Tick glucose_at() const noexcept { return glucose_at_; }
    DeviceProcesses& device() noexcept { return device_; }
    /// The mode and alarms that are shown; start_up and none before the device was switched on.
    hal::Mode mode() const noexcept { return shown_.mode; }
    std::uint64_t ticks() const noexcept { return ticks_; }

  private:
    Result<void> play_tick();
    Result<void> advance_to(Tick to);
    void end_minute();
    void read_glucose();
    void sample();
    void tell_signals();
    void tell_ring();
    void tell(std::string_view id, std::string detail);
    Tick tick_at(Moment moment) const noexcept { return began_ + static_cast<std::uint64_t>(moment.seconds); }

    Board& board_;
    MemoryStore& memory_;
    DeviceProcesses& device_;
    PatientRecord patient_;
    GlucoseSensor sensor_;
    scenarios::Observer& observer_;
    Keeper& keeper_;
    Tick began_;
    std::int64_t motor_began_mu_;
    Tick due_;         // the next tick, when on
    Tick glucose_at_;  // of the newest reading
    Tick button_until_;
    std::optional<Tick> sampled_;
    std::uint32_t ring_seen_ = 0;
    hal::Signals shown_;
    bool on_ = false;
    bool mode_told_ = false;
    bool guardian_end_told_ = false;
    std::uint64_t ticks_ = 0;
    std::vector<Overrun> overruns_;
    std::map<Tick, hal::Side> replay_;
};

}  // namespace basalt::bench
