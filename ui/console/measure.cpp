#include "ui/console/measure.h"

#include "ui/console/console.h"
#include "ui/console/screens.h"

#include <cmath>
#include <cstdlib>
#include <ctime>

namespace basalt::console {
namespace {

constexpr int width = 1360, height = 860, frames_a_round = 60;
constexpr double warm_s = 1.5, idle_s = 3;
// Goals: the whole main screen may take four times as long as an empty one (it took 2.5); at rest, a twentieth of a
// core, and no more than an empty window that is redrawn 60 times a second, as ImGui is used where nobody thought about
// it.
constexpr double frames_goal = 4, idle_goal = 0.05, beside_goal = 1;

double processor_s() {
    timespec used{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}
double wall_s() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// A day with everything in it: six hours of curve, doses, meals, and an alarm.
class FullScreen {
  public:
    FullScreen() {
        constexpr std::uint64_t day_s = 24 * 3600;
        for (std::uint64_t at_s = 0; at_s < day_s; at_s += 300) {
            const double wave = std::sin(static_cast<double>(at_s) / 5'000.0);
            history_.add(view::Reading{at_s, static_cast<std::uint16_t>(140 + 60 * wave)});
            history_.add(view::GivenDose{at_s, 100_mU, true});
            if (at_s % (4 * 3600) == 0) history_.add(view::Meal{at_s, 40});
        }
        facts_.panel.now_s = day_s - 300;
        facts_.panel.second_of_day = static_cast<std::uint32_t>(day_s - 300);
        facts_.panel.powered = true;
        facts_.panel.signals.mode = hal::Mode::normal;
        facts_.panel.signals.alarms = 1;
        facts_.panel.glucose_mg_dl = 118;
        facts_.panel.reservoir = 250'000_mU;
        facts_.panel.battery_percent = 80;
    }
    void draw(const Window& window) {
        const auto pump = view::view_of(facts_, history_, around_.settings);
        const auto seen = people_.people.view(around_.settings.language, facts_.panel.now_s);
        (void)draw_main(pump,
                        chart_of(history_, facts_.panel.now_s, facts_.panel.second_of_day, around_.settings.language),
                        around_, people_, seen, window.fonts());
    }

  private:
    view::PumpFacts facts_;
    view::History history_;
    Surroundings around_;
    PeopleState people_;
};

void draw_nothing() {
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
    ImGui::Begin("empty", nullptr, ImGuiWindowFlags_NoDecoration);
    ImGui::End();
}

template <class Draw>
Result<double> seconds_a_frame(Window& window, Draw draw) {
    Result<void> shown;
    const double seconds = measure::seconds_of([&] {
        for (int frame = 0; frame < frames_a_round && shown; ++frame) {
            window.begin_frame(view::Theme::normal);
            draw();
            shown = window.end_frame();
        }
    });
    if (!shown) return std::unexpected{shown.error()};
    return seconds / frames_a_round;
}

Result<measure::Rounds> time_frames(int rounds) {
    auto window = Window::open(width, height, true);
    if (!window) return std::unexpected{window.error()};
    FullScreen full;
    const auto whole = [&] { full.draw(**window); };
    for (const auto& warm : {seconds_a_frame(**window, whole), seconds_a_frame(**window, draw_nothing)})
        if (!warm) return std::unexpected{warm.error()};
    measure::Rounds found;
    for (int round = 0; round < rounds; ++round) {
        const auto own = seconds_a_frame(**window, whole), peer = seconds_a_frame(**window, draw_nothing);
        if (!own) return std::unexpected{own.error()};
        if (!peer) return std::unexpected{peer.error()};
        found.own_s.push_back(*own);
        found.peer_s.push_back(*peer);
    }
    return found;
}

/// Of one core, by this process, while the console shows a pump at real time and nobody touches it.
Result<double> idle_share(LivePump& pump) {
    const double begin_s = wall_s();
    std::optional<double> from_s, used_s;
    ConsoleOptions options;
    options.speed = 1;
    options.about = false;
    options.interrupted = [&] {
        if (!from_s && wall_s() >= begin_s + warm_s) {
            from_s = wall_s();
            used_s = processor_s();
        }
        return from_s && wall_s() >= *from_s + idle_s;
    };
    if (auto shown = run_console(pump, options); !shown) return std::unexpected{shown.error()};
    if (!from_s)
        return fail(ErrorCode::check_failed, "The console's window was closed while it was measured.",
                    "Leave it open: it closes by itself.");
    return (processor_s() - *used_s) / (wall_s() - *from_s);
}

/// The same of an empty window that is redrawn 60 times a second, whether something changed or not.
Result<double> redrawn_share() {
    auto window = Window::open(width, height, false);
    if (!window) return std::unexpected{window.error()};
    constexpr int a_second = 60;
    const double from_s = wall_s(), used_s = processor_s();
    for (int frame = 0; wall_s() < from_s + 1; ++frame) {
        const double due_s = from_s + static_cast<double>(frame) / a_second;
        (void)(*window)->wait(std::max(0, static_cast<int>(1'000 * (due_s - wall_s()))), true);
        (*window)->begin_frame(view::Theme::normal);
        draw_nothing();
        if (auto shown = (*window)->end_frame(); !shown) return std::unexpected{shown.error()};
    }
    return (processor_s() - used_s) / (wall_s() - from_s);
}

measure::Figure share_figure(const measure::Label& label, const measure::Rounds& rounds) {
    return {.name = label.name,
            .what = label.what,
            .unit = "percent_of_a_core",
            .value = 100 * measure::median(rounds.own_s),
            .peer_value = 100 * measure::median(rounds.peer_s),
            .ratio = measure::ratio_of(rounds),
            .goal = label.goal};
}

}  // namespace

Result<measure::Figures> measure_console(int rounds, const bench::BuiltThings& built) {
    const auto set = [](const char* name) { return std::getenv(name) != nullptr && *std::getenv(name) != '\0'; };
    if (!set("DISPLAY") && !set("WAYLAND_DISPLAY"))
        return measure::Figures{{}, {{"console", "there is no display: xvfb-run ./basalt bench console"}}};
    const auto frames = time_frames(rounds);
    if (!frames) return std::unexpected{frames.error()};

    LivePump pump;
    auto device = measure::ScratchDevice::make(built, pump);
    if (!device) return std::unexpected{device.error()};
    if (auto alive = (*device)->come_alive(); !alive) return std::unexpected{alive.error()};
    auto& simulation = (*device)->living().simulation();
    pump.watch(simulation);
    if (auto on = simulation.power_on(); !on) return std::unexpected{on.error()};
    if (auto lived = pump.live(600); !lived) return std::unexpected{lived.error()};
    measure::Rounds of_core, beside;
    for (int round = 0; round < rounds; ++round) {
        const auto own = idle_share(pump), peer = redrawn_share();
        if (!own) return std::unexpected{own.error()};
        if (!peer) return std::unexpected{peer.error()};
        for (auto* each : {&of_core, &beside}) each->own_s.push_back(*own);
        of_core.peer_s.push_back(1);
        beside.peer_s.push_back(*peer);
    }
    simulation.power_off();

    measure::Figure drawn = measure::time_figure(
        {"console_frame", "the whole main screen / an empty window of its size", frames_goal}, *frames);
    drawn.unit = "frames_per_s";
    drawn.value = 1 / measure::median(frames->own_s);
    drawn.peer_value = 1 / measure::median(frames->peer_s);
    return measure::Figures{
        {drawn,
         share_figure({"console_idle", "the console's process at rest, with the simulated world / one core", idle_goal},
                      of_core),
         share_figure({"console_beside_redrawing", "the same / an empty window redrawn 60 times a second", beside_goal},
                      beside)},
        {}};
}

}  // namespace basalt::console
