#include "ui/cli/run_command.h"

#include "scenarios/bench/living_device.h"
#include "scenarios/bench/release.h"
#include "scenarios/bench/run_trace.h"
#include "ui/cli/arguments.h"
#include "ui/cli/device_clock.h"
#include "ui/cli/own_device.h"
#include "ui/cli/run_printer.h"
#include "ui/cli/speak.h"
#include "ui/cli/stop_signal.h"
#include "ui/console/console.h"

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <limits>
#include <memory>

namespace basalt::cli {
namespace {

using bench::Moment;

constexpr double live_speed = 60;  // a minute a second: slow enough to read

bool has_display() {
    const auto set = [](const char* name) { return std::getenv(name) != nullptr && *std::getenv(name) != '\0'; };
    return set("DISPLAY") || set("WAYLAND_DISPLAY");
}

/// The device that was asked for; one that is not there yet is made, when it is the user's default one.
Result<bench::StateDirectory> open_device(const RunOptions& options, const Places& places,
                                          const bench::RunDirectory& run) {
    std::filesystem::path path = options.state;
    if (path.empty()) {
        auto standard = bench::default_state_directory();
        if (!standard) return std::unexpected{standard.error()};
        path = *standard;
        std::error_code unknown;
        if (!std::filesystem::exists(path / "state.toml", unknown)) {
            fmt::print(stderr, "There is no device yet: making one in {}.\n", path.string());
            if (auto made = make_device({path, Variant::production, 1, nullptr}, places, run); !made)
                return std::unexpected{made.error()};
        }
    }
    return bench::StateDirectory::open(path);
}

/// Keeps simulated time at its speed. A speed of 0 never waits.
class Pace {
  public:
    Pace(double speed, StopSignal& stop) : speed_(speed), stop_(stop), began_(Clock::now()) {}
    /// How far to simulate at once: a tenth of a second's worth, at least a second, at most a minute.
    std::int64_t stretch_s() const {
        return speed_ > 0 ? std::clamp<std::int64_t>(std::llround(speed_ / 10), 1, 60) : 60;
    }
    /// Waits until it is time for `moment`. False: the run is to end.
    bool wait_for(Moment moment) {
        if (speed_ <= 0) return !stop_.came(0);
        const auto due = began_ + std::chrono::duration<double>{static_cast<double>(moment.seconds) / speed_};
        const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(due - Clock::now()).count();
        return !stop_.came(static_cast<int>(std::clamp<std::int64_t>(rest, 0, std::numeric_limits<int>::max())));
    }

  private:
    using Clock = std::chrono::steady_clock;
    double speed_;
    StopSignal& stop_;
    Clock::time_point began_;
};

Result<void> live(bench::Simulation& simulation, Moment end, Pace pace) {
    Result<void> lived;
    while (lived && simulation.now() < end && pace.wait_for(simulation.now()))
        lived = simulation.run_until(std::min(end, simulation.now() + pace.stretch_s()));
    simulation.power_off();
    return lived;
}

/// What an earlier run left: its seed, and the slots that its computer was too slow for. Without --replay: a new run.
Result<bench::RunTrace> trace_to_play(const RunOptions& options) {
    if (options.replay.empty()) return bench::RunTrace{options.seed.value_or(standard_seed), {}};
    auto trace = bench::read_trace(options.replay);
    if (trace && options.seed && *options.seed != trace->seed)
        return fail(
            ErrorCode::usage,
            fmt::format("This trace is of a run with seed {}; with seed {} it would be another run, so nothing was "
                        "started.",
                        trace->seed, *options.seed),
            "Leave out --seed: a replay takes the seed of its trace.");
    return trace;
}

/// The clock of the simulated board is this computer's.
std::uint32_t today() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::days>(now).count());
}

/// A person in front of the pump. Returns the exit status.
int in_console(const RunOptions& options, console::LivePump& pump, bench::LivingDevice& device,
               const bench::StateDirectory& state, scenarios::Language language, StopSignal& stop) {
    bench::Simulation& simulation = device.simulation();
    console::ConsoleOptions how;
    how.settings.language = language;
    how.speed = static_cast<int>(std::clamp(options.speed.value_or(live_speed), 1.0, 3600.0));
    how.hours = options.hours;
    how.screenshot = options.screenshot;
    how.about = options.screenshot.empty();
    how.interrupted = [&stop] { return stop.came(0); };
    if (const auto port = device.port()) how.line = {*port, state.host() / "clients"};
    how.badges = state.host() / "badges";
    how.release = [&device](const auto& files) -> Result<scenarios::Text> {
        const auto badges = bench::read_badges(files);
        if (!badges) return std::unexpected{badges.error()};
        const auto tried = bench::release_by_badges(device.simulation(), device.memory(), *badges, today());
        if (!tried) return std::unexpected{tried.error()};
        const auto& words = bench::words_of(tried->verdict);
        return scenarios::Text{fmt::format("{} {}", words.what.english, words.next.english),
                               fmt::format("{} {}", words.what.french, words.next.french)};
    };
    const auto seen = console::run_console(pump, how);
    simulation.power_off();
    return seen ? 0 : say(seen.error());
}

}  // namespace

int run_live(const RunOptions& options, const Places& places, scenarios::Language language) {
    const bool in_window = !options.headless && !options.json && has_display();
    if (!in_window && !options.screenshot.empty())
        return say({ErrorCode::missing, "There is no display, so there is no picture of the console.",
                    "Start a display, or Xvfb: xvfb-run ./basalt run --screenshot FILE", 0});
    if (!options.headless && !options.json && !has_display())
        fmt::print(stderr, "There is no display, so the run is printed here, as with --headless.\n");

    const auto trace = trace_to_play(options);
    if (!trace) return say(trace.error());
    auto run = bench::RunDirectory::make();
    if (!run) return say(run.error());
    auto state = open_device(options, places, *run);
    if (!state) return say(state.error());

    // The device needs its observer, and the observer the hour at which it begins: the board's own record says it.
    const auto board = bench::MotorFile::open(state->chip() / "motor", {});
    if (!board) return say(board.error());
    const bench::BoardRecord began = board->last();
    RunPrinter printer{DeviceClock{began}.seconds(began.tick.seconds), language,
                       options.json ? &std::cerr : &std::cout};

    console::LivePump pump;
    scenarios::Observer& observer = in_window ? static_cast<scenarios::Observer&>(pump) : printer;
    auto device = bench::LivingDevice::open(
        *state, *run,
        {.first = {}, .seed = trace->seed, .port = in_window ? std::optional<std::uint16_t>{0} : std::nullopt},
        observer);
    if (!device) return say(device.error());
    bench::Simulation& simulation = (*device)->simulation();
    simulation.replay(trace->overruns);

    StopSignal stop;
    pump.watch(simulation);
    const Moment end{options.hours > 0 ? std::llround(options.hours * 3600) : std::numeric_limits<std::int32_t>::max()};
    const double speed = options.speed.value_or(options.hours > 0 ? 0 : live_speed);
    if (auto on = simulation.power_on(); !on) return say(on.error());
    state->note_alive();  // `device start` waits for it: from now on the pump runs
    if (in_window) return in_console(options, pump, **device, *state, language, stop);
    const auto lived = live(simulation, end, Pace{speed, stop});
    const auto traced = bench::write_trace(state->host() / "last-run.trace", {trace->seed, simulation.overruns()});
    const auto summary = printer.summary(simulation.now(), simulation.board().motor().count_mu() - began.motor_mu);
    if (options.json)
        fmt::print("{}", as_json(summary, trace->seed));
    else
        fmt::print("{}", printer.in_words(summary));
    if (!lived) return say(lived.error());
    return traced ? 0 : say(traced.error());
}

void add_run_command(CLI::App& app, const Places& places, scenarios::Language language,
                     std::function<int(const RunOptions&)> play_scenario, int& exit_status) {
    auto* run = app.add_subcommand("run",
                                   "Example: ./basalt run --headless --hours 24\n"
                                   "Start the pump, its TPM and its patient, and show what happens");
    auto options = std::make_shared<RunOptions>();
    auto* scenario = take_word(run->add_option("--scenario", options->scenario,
                                               "Play this scenario, on a fresh copy (see: basalt scenario list)"));
    take_number(
        run->add_option("--speed", options->speed,
                        "Simulated seconds in a second; 0: as fast as possible, which is usual with --hours and the "
                        "pace of every scenario; else 60"),
        0, 1e6);
    take_whole_number(run->add_option("--seed", options->seed, "The same seed gives the same run from the same state"),
                      0, largest_seed)
        ->default_str(std::to_string(standard_seed));
    auto* state = take_word(
        run->add_option("--state", options->state, "Directory of the device (default: ~/.local/state/basalt)"));
    auto* hours = take_number(
        run->add_option("--hours", options->hours, "End after so many simulated hours (default: at Ctrl-C)"), 0.01,
        24.0 * 365);
    auto* replay = take_word(run->add_option(
        "--replay", options->replay,
        "Play the run of this trace again (host/last-run.trace): its seed, and the slots that it closed"));
    // A scenario has its own pump and its own end.
    scenario->excludes(state)->excludes(hours)->excludes(replay);
    take_word(run->add_option("--screenshot", options->screenshot,
                              "Draw the console once after --hours, unseen, into this PNG file, and end"));
    run->add_flag("--headless", options->headless, "No console: print what happens");
    run->add_flag("--json", options->json, "One JSON object at the end; words go to standard error");
    run->callback([options, places, language, play_scenario, &exit_status] {
        exit_status = options->scenario.empty() ? run_live(*options, places, language) : play_scenario(*options);
    });
}

}  // namespace basalt::cli
