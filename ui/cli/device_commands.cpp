#include "ui/cli/device_commands.h"

#include "scenarios/bench/board_files.h"
#include "scenarios/bench/processes.h"
#include "scenarios/bench/ring_reader.h"
#include "scenarios/bench/ring_words.h"
#include "scenarios/bench/whole_file.h"
#include "scenarios/engine/words.h"
#include "ui/cli/arguments.h"
#include "ui/cli/device_clock.h"
#include "ui/cli/own_device.h"
#include "ui/cli/release_command.h"
#include "ui/cli/speak.h"

#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include <algorithm>
#include <cmath>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <string>
#include <unistd.h>

namespace basalt::cli {
namespace {

namespace fs = std::filesystem;

struct DeviceOptions {
    std::string state;
    std::string patient = "adult#001";
    std::uint64_t seed = 1;
    double speed = 1;
    bool training = false;
    bool json = false;
};

Result<fs::path> place_of(const DeviceOptions& options) {
    return options.state.empty() ? bench::default_state_directory() : Result<fs::path>{options.state};
}

int init(const DeviceOptions& options, const Places& places) {
    const auto place = place_of(options);
    if (!place) return say(place.error());
    const auto person = pump_model::find_person(options.patient);
    if (!person)
        return say({ErrorCode::usage, fmt::format("There is no patient called '{}'.", options.patient),
                    fmt::format("Did you mean '{}'?", person.error().nearest), 0});
    auto run = bench::RunDirectory::make();
    if (!run) return say(run.error());
    const auto variant = options.training ? Variant::training : Variant::production;
    if (auto made = make_device({*place, variant, options.seed, *person}, places, *run); !made)
        return say(made.error());
    fmt::print(
        "The device in {} is ready, with development keys. Start it with: basalt run --state {}\n"
        "Who has an account, and the code for each first password, stands in {}/host/people/first-codes.txt.\n",
        place->string(), place->string(), place->string());
    return 0;
}

/// Why it did not: its own words, and its own status where it has one.
int did_not_start(pid_t pid, const std::string& log) {
    int ended = 0;
    const bool gone = ::waitpid(pid, &ended, WNOHANG) == pid;
    const auto words = bench::read_whole_file(log, "The run's words", "Start it with: basalt run", 64U << 10);
    fmt::print(stderr, "The device did not start. {}{}",
               words && !words->empty() ? *words : std::string{"It said nothing.\n"},
               gone ? "" : "It still tries. End it with: basalt device stop\n");
    const int refused = gone && WIFEXITED(ended) ? WEXITSTATUS(ended) : 0;
    return refused != 0 ? refused : exit_status(ErrorCode::check_failed);
}

/// Starts `basalt run` on it in a session of its own, its words in host/run.log.
int start(const DeviceOptions& options) {
    const auto place = place_of(options);
    if (!place) return say(place.error());
    {
        const auto state = bench::StateDirectory::open(*place);  // whatever is wrong with it is said here, not in a log
        if (!state) return say(state.error());
    }
    const std::string log = (*place / "host" / "run.log").string();
    const std::string speed = fmt::format("{}", options.speed);
    const pid_t pid = ::fork();
    if (pid < 0) return say({ErrorCode::io, "No process could be started.", "Close other programs first.", 0});
    if (pid == 0) {
        ::setsid();
        const int nothing = ::open("/dev/null", O_RDONLY);
        const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        ::dup2(nothing, 0);
        ::dup2(out, 1);
        ::dup2(out, 2);
        ::execl("/proc/self/exe", "basalt", "run", "--headless", "--state", place->c_str(), "--speed", speed.c_str(),
                nullptr);
        ::_exit(127);
    }
    const auto process = bench::Process::hold(pid);
    for (int tenths = 0; process && process->alive() && tenths < 200; ++tenths) {
        if (const auto holder = bench::holder_of(*place); holder && holder->process == pid && holder->alive) {
            fmt::print("The device runs. What happens is written to {}. End it with: basalt device stop{}\n", log,
                       options.state.empty() ? "" : " --state " + options.state);
            return 0;
        }
        pollfd gone{process->gone_event(), POLLIN, 0};
        (void)::poll(&gone, 1, 100);
    }
    return did_not_start(pid, log);
}

int stop(const DeviceOptions& options) {
    const auto place = place_of(options);
    if (!place) return say(place.error());
    const auto holder = bench::holder_of(*place);
    if (!holder) return say(holder.error());
    auto process =
        holder->process == 0 ? Result<bench::Process>{bench::Process{}} : bench::Process::hold(holder->process);
    if (holder->process == 0 || !process) {
        fmt::print("The device in {} does not run.\n", place->string());
        return 0;
    }
    process->ask_to_end();
    pollfd gone{process->gone_event(), POLLIN, 0};
    if (::poll(&gone, 1, 120'000) <= 0)
        return say({ErrorCode::check_failed, "The device has not ended within two minutes.",
                    fmt::format("It can be ended hard, as a power cut would: kill -9 {}", holder->process), 0});
    fmt::print("The device was switched off.\n");
    return 0;
}

int status(const DeviceOptions& options, scenarios::Language language) {
    const auto place = place_of(options);
    if (!place) return say(place.error());
    const auto what = factory::read_state_file(*place);
    if (!what) return say(what.error());
    const auto holder = bench::holder_of(*place);
    if (!holder) return say(holder.error());
    const auto board = bench::MotorFile::read(*place / "chip" / "motor");
    // Before its first run the device has no such file yet: then nothing was given. A damaged one is no zero.
    const bool never_ran = !fs::exists(*place / "chip" / "motor");
    if (!board && !never_ran) return say(board.error());
    auto memory = bench::FileMemory::open(*place / "chip" / "guardian.mem");
    if (!memory) return say(memory.error());
    const auto entries = bench::ring_entries(*memory, 0);
    const auto last_mode =
        std::ranges::find(entries.rbegin(), entries.rend(), hal::RingKind::mode, &hal::RingEntry::kind);
    const auto mode = last_mode == entries.rend() ? hal::Mode::start_up : static_cast<hal::Mode>(last_mode->code);
    const bench::BoardRecord record = board ? *board : bench::BoardRecord{};
    if (options.json) {
        fmt::print("{}\n",
                   nlohmann::ordered_json{{"schema", 1},
                                          {"variant", what->variant == Variant::training ? "training" : "production"},
                                          {"seed", what->seed},
                                          {"running", holder->process != 0},
                                          {"device_time_s", record.tick.seconds},
                                          {"insulin_total_u", static_cast<double>(record.motor_mu) / 1000},
                                          {"reservoir_u", static_cast<double>(record.reservoir_mu) / 1000},
                                          {"mode", scenarios::id_of(mode)}}
                       .dump(2));
        return 0;
    }
    fmt::print("The {} device in {}, with development keys, {}.\n",
               what->variant == Variant::training ? "training" : "production", place->string(),
               holder->process == 0 ? "does not run"
               : holder->alive      ? "runs"
                                    : "is being switched on");
    fmt::print("Its time: {}. Given so far: {:.2f} U; left: {:.2f} U. Last mode: {}.\n",
               DeviceClock{record}.in_words(record.tick.seconds, language), static_cast<double>(record.motor_mu) / 1000,
               static_cast<double>(record.reservoir_mu) / 1000, scenarios::words_of(mode).in(language));
    return 0;
}

}  // namespace

void add_device_commands(CLI::App& app, const Places& places, scenarios::Language language, int& exit_status) {
    auto* device = app.add_subcommand(
        "device",
        "Example: ./basalt device init --state mine\nMake a device, start it, look at it, release failsafe, stop it");
    device->require_subcommand(1);
    const auto options = std::make_shared<DeviceOptions>();
    const auto add = [&](const char* name, const char* about) {
        auto* command = device->add_subcommand(name, about);
        take_word(
            command->add_option("--state", options->state, "Directory of the device (default: ~/.local/state/basalt)"));
        return command;
    };
    auto* make = add(
        "init", "Example: ./basalt device init --state mine --patient adult#003\nMake a new device and its patient");
    take_word(make->add_option("--patient", options->patient,
                               "Whose pump it is: adult, adolescent or child, #001 to #010 of each"))
        ->capture_default_str();
    take_whole_number(
        make->add_option("--seed", options->seed, "The device's identity follows from it; its secrets never do"), 0,
        largest_seed)
        ->capture_default_str();
    make->add_flag("--training", options->training,
                   "A training device: its defences can be switched off, and it says so");
    make->callback([=, &exit_status] { exit_status = init(*options, places); });
    auto* begin = add("start", "Example: ./basalt device start --speed 60\nLet it live in the background");
    take_number(begin->add_option("--speed", options->speed, "Simulated seconds in a second"), 0, 1e6)
        ->capture_default_str();
    begin->callback([=, &exit_status] { exit_status = start(*options); });
    auto* look = add("status", "Example: ./basalt device status --json\nWhat it is, and whether it runs");
    look->add_flag("--json", options->json, "One JSON object");
    look->callback([=, &exit_status] { exit_status = status(*options, language); });
    auto* leave =
        add("release",
            "Example: ./basalt device release --badge ~/.local/state/basalt/host/badges/physician.pem --badge "
            "~/.local/state/basalt/host/badges/biomedical.pem\n"
            "Two people, a physician and a biomedical engineer, release failsafe at the device's own badge reader. The "
            "device "
            "is switched on for two minutes of its time; what is still wrong brings failsafe back at once");
    const auto badges = std::make_shared<std::vector<std::string>>();
    take_word(leave->add_option("--badge", *badges, "A badge: a key in a PEM file. Give two"))
        ->required()
        ->expected(1)
        ->take_all();
    leave->add_flag("--json", options->json, "One JSON object");
    leave->callback([=, &exit_status] { exit_status = release({options->state, *badges, options->json}, language); });
    add("stop", "Example: ./basalt device stop\nSwitch it off")->callback([=, &exit_status] {
        exit_status = stop(*options);
    });
}

}  // namespace basalt::cli
