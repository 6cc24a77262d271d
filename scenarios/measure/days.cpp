#include "scenarios/measure/days.h"

#include "pump_model/patients.h"
#include "scenarios/bench/glucose_sensor.h"
#include "scenarios/engine/recording.h"
#include "scenarios/joined/joined_device.h"
#include "scenarios/measure/plain_device.h"
#include "scenarios/measure/scratch_device.h"

#include <cstdlib>

namespace basalt::measure {
namespace {

using bench::Moment;

// The goals are about one and a half times what two busy processors gave (319, 9606 and 373): what a change must not
// pass unnoticed. The disk's three syncs in each basal slot are most of the first two; the third is the device's own
// work.

constexpr std::int64_t hour_s = 3'600;
constexpr double hours_a_day = 24;
constexpr std::uint64_t minute_s = 60;
/// What one slot gives more or less in one of them is a remainder of where it began, not other work.
constexpr std::int64_t one_slot_mu = bench_rate.count / 12 + 1;

Result<void> same_insulin(std::int64_t own_mu, std::int64_t peer_mu) {
    if (std::abs(own_mu - peer_mu) <= one_slot_mu) return {};
    return fail(ErrorCode::check_failed,
                "The device moved " + std::to_string(own_mu) + " mU and its peer " + std::to_string(peer_mu) +
                    " mU: they did not do the same work, so there is no ratio.",
                "Look for an alarm in a plain run: basalt run --headless --hours 24");
}

// ---- processes ----

/// Lives `hours` more of it, and says how long that took.
Result<double> live(bench::Simulation& simulation, int hours) {
    Result<void> lived;
    const double seconds = seconds_of([&] { lived = simulation.run_until(simulation.now() + hours * hour_s); });
    if (!lived) return std::unexpected{lived.error()};
    return seconds;
}

Result<Figures> measure_processes(const bench::BuiltThings& built, const DaysOptions& options) {
    scenarios::Recording seen, peer_seen;
    auto device = ScratchDevice::make(built, seen);
    if (!device) return std::unexpected{device.error()};
    if (auto alive = (*device)->come_alive(); !alive) return std::unexpected{alive.error()};
    auto plain = PlainDevice::make(peer_seen);
    if (!plain) return std::unexpected{plain.error()};

    bench::Simulation& own = (*device)->living().simulation();
    bench::Simulation& peer = (*plain)->simulation();
    for (bench::Simulation* simulation : {&own, &peer}) {  // the first hour holds the start: that is `bench start`
        if (auto on = simulation->power_on(); !on) return std::unexpected{on.error()};
        if (auto lived = live(*simulation, 1); !lived) return std::unexpected{lived.error()};
    }
    Rounds rounds;
    for (int round = 0; round < options.rounds; ++round) {
        const auto own_s = live(own, options.hours);
        const auto peer_s = live(peer, options.hours);
        if (!own_s || !peer_s) return std::unexpected{(own_s ? peer_s : own_s).error()};
        rounds.own_s.push_back(*own_s);
        rounds.peer_s.push_back(*peer_s);
    }
    if (own.mode() != hal::Mode::normal)
        return fail(ErrorCode::check_failed, "The device was not in normal mode, so its days say nothing.",
                    "Look for an alarm in a plain run: basalt run --headless --hours 24");
    if (auto same = same_insulin(own.board().motor().count_mu(), peer.board().motor().count_mu()); !same)
        return std::unexpected{same.error()};
    own.power_off();
    peer.power_off();
    return Figures{{speed_figure({"days_in_processes", "a day, device as processes / one plain process", 200}, rounds,
                                 options.hours / hours_a_day)},
                   {}};
}

// ---- one process ----

/// A patient on a pump that is told the time and says how far its motor is.
class World {
  public:
    World() : patient_(pump_model::all_people().front()), sensor_(1) {}
    template <class RunTo, class Count>
    void live_minute(Tick ends, RunTo&& run_to, Count&& count_mu) {
        run_to(ends);
        const std::int64_t count = count_mu();
        (void)patient_.advance_minute(static_cast<double>(count - before_mu_) / 1000, 0);  // within the model's range
        before_mu_ = count;
        if (ends.seconds % hal::basal_slot_s == 0) glucose_ = sensor_.read(patient_.cgm_mg_dl());
    }
    void begin(std::int64_t count_mu) { before_mu_ = count_mu; }
    std::uint16_t glucose() const noexcept { return glucose_; }

  private:
    pump_model::Patient patient_;
    bench::GlucoseSensor sensor_;
    std::int64_t before_mu_ = 0;
    std::uint16_t glucose_ = 120;
};

class JoinedWorld {
  public:
    JoinedWorld(const std::filesystem::path& records, storage::Durability durability)
        : device_({.records = records, .durability = durability, .basal = flat_rates(), .profile = profile()}),
          now_(device_.now()) {
        world_.begin(device_.motor().milli_units);
    }
    void live(std::int64_t seconds) {
        for (const Tick end = now_ + static_cast<std::uint64_t>(seconds); now_ < end;) {
            now_ = now_ + minute_s;
            world_.live_minute(
                now_, [this](Tick to) { device_.run_to(to); }, [this] { return device_.motor().milli_units; });
            device_.sensors().glucose_mg_dl = world_.glucose();
        }
    }
    std::int64_t count_mu() const noexcept { return device_.motor().milli_units; }
    hal::Mode mode() const noexcept { return device_.signals().mode; }

  private:
    static guardian::Profile profile() {
        auto profile = joined::some_profile();
        profile.rates.fill(bench_rate);
        return profile;
    }
    joined::JoinedDevice device_;
    Tick now_;
    World world_;
};

class PlainWorld {
  public:
    PlainWorld(Tick begin, std::int64_t count_mu)
        : now_(begin), next_(begin), motor_(count_mu, 300'000), pump_(flat_rates()) {
        world_.begin(count_mu);
    }
    void live(std::int64_t seconds) {
        for (const Tick end = now_ + static_cast<std::uint64_t>(seconds); now_ < end;)
            world_.live_minute(now_ + minute_s, [this](Tick to) { run_to(to); }, [this] { return motor_.count_mu(); });
    }
    std::int64_t count_mu() const noexcept { return motor_.count_mu(); }

  private:
    void run_to(Tick to) {
        while (next_ <= to) {
            advance(next_);
            const auto answer = pump_.step({.tick = now_,
                                            .second_of_day = {static_cast<std::uint32_t>(now_.seconds % 86'400)},
                                            .motor = {motor_.count_mu()},
                                            .sensors = {}});
            motor_.move_to(answer.target.milli_units);
            next_ = answer.next;
        }
        advance(to);
    }
    void advance(Tick to) {
        motor_.advance(static_cast<std::int64_t>(to.seconds - now_.seconds));
        now_ = to;
    }
    Tick now_, next_;
    pump_model::Motor motor_;
    PlainPump pump_;
    World world_;
};

Result<Figure> measure_joined(const Label& label, storage::Durability durability, const DaysOptions& options) {
    auto files = bench::RunDirectory::make(bench::RunDirectory::Use::files);
    if (!files) return std::unexpected{files.error()};
    const std::filesystem::path records = std::filesystem::path{files->path()} / "records";
    std::error_code unmade;
    if (!std::filesystem::create_directory(records, unmade))
        return fail(ErrorCode::io, "The folder for the benchmark's records cannot be made.",
                    "Make room in $TMPDIR or /tmp.");
    JoinedWorld own{records, durability};
    PlainWorld peer{Tick{86'400}, own.count_mu()};
    own.live(hour_s);
    peer.live(hour_s);
    Rounds rounds;
    for (int round = 0; round < options.rounds; ++round) {
        rounds.own_s.push_back(seconds_of([&] { own.live(options.hours * hour_s); }));
        rounds.peer_s.push_back(seconds_of([&] { peer.live(options.hours * hour_s); }));
    }
    if (own.mode() != hal::Mode::normal)
        return fail(ErrorCode::check_failed, "The joined device was not in normal mode, so its days say nothing.",
                    "Run its tests: ./basalt test firmware");
    if (auto same = same_insulin(own.count_mu(), peer.count_mu()); !same) return std::unexpected{same.error()};
    return speed_figure(label, rounds, options.hours / hours_a_day);
}

}  // namespace

Result<Figures> measure_joined_days(const DaysOptions& options) {
    Figures all;
    for (const auto& [label, durability] :
         {std::pair{Label{"days_in_one_process", "a day, device joined in one process / plain loop", 2000},
                    storage::Durability::power_cut},
          std::pair{Label{"days_in_one_process_unsynced", "the same, records kept from a killed process alone", 300},
                    storage::Durability::process_only}}) {
        auto figure = measure_joined(label, durability, options);
        if (!figure) return std::unexpected{figure.error()};
        all.figures.push_back(std::move(*figure));
    }
    return all;
}

Result<Figures> measure_days(const bench::BuiltThings& built, const DaysOptions& options) {
    auto all = measure_processes(built, options);
    if (!all) return all;
    auto joined = measure_joined_days(options);
    if (!joined) return joined;
    all->figures.insert(all->figures.end(), joined->figures.begin(), joined->figures.end());
    return all;
}

}  // namespace basalt::measure
