#include "scenarios/measure/start.h"

#include "device/boot/rom.h"
#include "device/boot/slots.h"
#include "device/boot/tpm_steps.h"
#include "device/common/authority.h"
#include "device/factory/provision.h"
#include "scenarios/engine/recording.h"
#include "scenarios/measure/bare_tpm.h"
#include "scenarios/measure/plain_device.h"
#include "scenarios/measure/scratch_device.h"
#include "tpm/hierarchy.h"
#include "tpm/layout.h"

#include <openssl/evp.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <spawn.h>

namespace basalt::measure {
namespace {

// The goals are about one and a half to two times what two busy processors gave: what a change must not pass unnoticed.

namespace fs = std::filesystem;

std::vector<std::uint8_t> bytes_of(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::unexpected<Error> failed(std::string what) {
    return fail(ErrorCode::check_failed, std::move(what), "Try a plain run: basalt run --headless --hours 1");
}

/// Runs a program that prints and ends; what it prints goes nowhere. False: it could not be run, or did not end with 0.
bool runs(const fs::path& program, std::vector<std::string> words) {
    words.insert(words.begin(), program.string());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    if (::posix_spawn_file_actions_init(&actions) != 0) return false;
    ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    pid_t child = -1;
    const int spawned = ::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    int status = -1;
    return spawned == 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// ---- the launcher ----

void add_launcher(const StartOptions& options, Figures& into) {
    const std::string name = "start_launcher";
    const std::vector<std::string> words{"bench", "--help"};  // not --help alone: that, the launcher answers by itself
    // The first run may build: it is not measured.
    if (options.launcher.empty() || !runs(options.launcher, words)) {
        into.left_out.push_back(
            {name, "The launcher belongs to the release build, and was not found or did not run here."});
        return;
    }
    Rounds rounds;
    for (int round = 0; round < options.rounds; ++round) {
        rounds.own_s.push_back(seconds_of([&] { (void)runs(options.launcher, words); }));
        rounds.peer_s.push_back(seconds_of([&] { (void)runs(options.program, words); }));
    }
    into.figures.push_back(time_figure({name, "a command by ./basalt / by the built program", 10}, rounds));
}

// ---- the TPM ----

Result<Figure> tpm_answers(const tpm::SimulatorPlaces& places, int count) {
    Rounds rounds;
    for (int round = 0; round < count; ++round) {
        Result<void> started;
        rounds.own_s.push_back(seconds_of([&] {
            auto chip = tpm::Simulator::start(places);
            if (!chip) started = std::unexpected{chip.error()};
        }));
        if (!started) return std::unexpected{started.error()};
        rounds.peer_s.push_back(seconds_of([&] { (void)runs(places.program, {"--version"}); }));
    }
    return time_figure({"start_tpm", "TPM, from exec to its first answer / swtpm that says its version", 10}, rounds);
}

/// What boot asks of the TPM, in boot's own words.
bool boots_steps(const std::string& tcti, const boot::MeasuredState& state, std::uint64_t generation) {
    auto tpm = tpm::Tpm::connect(tcti);
    if (!tpm || !tpm->start_up()) return false;
    tpm::EventLog log;
    return boot::check_anchor(*tpm, generation) == hal::Anchor::fresh &&
           tpm::read_counter(*tpm, tpm::version_counter) && boot::measure(*tpm, state, log) &&
           tpm::close_platform(*tpm);
}

bool bare_steps(const std::string& socket, const boot::MeasuredState& state) {
    auto tpm = BareTpm::connect(socket);
    if (!tpm || !tpm->start_up() || !tpm->read_counter(tpm::generation_counter.handle) ||
        !tpm->increment(tpm::generation_counter.handle) || !tpm->read_counter(tpm::version_counter.handle))
        return false;
    for (const auto& measurement : boot::measurements(state))
        if (!tpm->extend(std::to_underlying(measurement.pcr), measurement.digest())) return false;
    return tpm->close_platform();
}

Result<Figure> boots_tpm_work(const tpm::SimulatorPlaces& places, const boot::MeasuredState& state, int count) {
    auto chip = tpm::Simulator::start(places);
    if (!chip) return std::unexpected{chip.error()};
    const auto reset = [&] { return chip->power_cycle().has_value(); };
    std::uint64_t seen = 0;
    {
        auto tpm = tpm::Tpm::connect(chip->tcti());
        if (!tpm) return std::unexpected{tpm.error()};
        const auto counter = tpm::read_counter(*tpm, tpm::generation_counter);
        if (!counter) return std::unexpected{counter.error()};
        seen = *counter - 1;
    }
    Rounds rounds;
    for (int round = 0; round < count; ++round) {
        bool own = false, peer = false;
        if (reset()) rounds.own_s.push_back(seconds_of([&] { own = boots_steps(chip->tcti(), state, ++seen); }));
        if (reset())
            rounds.peer_s.push_back(seconds_of([&] { peer = bare_steps((places.run / "tpm").string(), state); }));
        ++seen;
        if (!own || !peer) return failed("The TPM refused a command of boot's start.");
    }
    return time_figure({"start_boot_tpm", "boot's TPM commands / the same as bare bytes", 5}, rounds);
}

// ---- verification ----

/// Flash and ROM as boot looks at them at each start.
struct Verification {
    boot::Directory flash, rom;
    boot::SlotRules rules;

    std::optional<boot::MeasuredState> run() const {
        const auto choice = boot::choose(flash, rules);
        const auto configuration = boot::check_configuration(flash, rules);
        boot::MeasuredState state{.guardian = boot::rom_image(rom, "guardian.img", FileKind::guardian, rules.authority),
                                  .boot = boot::rom_image(rom, "boot.img", FileKind::boot, rules.authority),
                                  .firmware = std::nullopt,
                                  .gateway = std::nullopt,
                                  .configuration = std::nullopt,
                                  .authority = rules.authority};
        if (!choice.firmware_image || !choice.gateway_image || !configuration || !state.guardian || !state.boot)
            return std::nullopt;
        state.firmware = choice.firmware_image->header;
        state.gateway = choice.gateway_image->header;
        state.configuration = *configuration;
        return state;
    }
};

bool hash_by_openssl(const std::vector<fs::path>& files) {
    for (const fs::path& file : files) {
        const boot::Directory here{file.parent_path().c_str()};
        const auto bytes = here.read(file.filename().c_str(), boot::max_image_file);
        std::array<std::uint8_t, 32> digest;
        if (!bytes ||
            EVP_Digest(bytes->view().data(), bytes->view().size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
            return false;
    }
    return true;
}

Result<Figure> verification(const bench::DevicePlaces& places, const Verification& work, int count) {
    const std::vector<fs::path> files{places.flash / "slot-a" / "firmware.img", places.flash / "slot-a" / "gateway.img",
                                      places.chip / "rom" / "guardian.img", places.chip / "rom" / "boot.img"};
    Rounds rounds;
    for (int round = 0; round < count; ++round) {
        bool own = false, peer = false;
        rounds.own_s.push_back(seconds_of([&] { own = work.run().has_value(); }));
        rounds.peer_s.push_back(seconds_of([&] { peer = hash_by_openssl(files); }));
        if (!own || !peer) return failed("An image of the device did not verify.");
    }
    return time_figure({"start_verification", "verifying four images / OpenSSL's SHA-256 of them", 4}, rounds);
}

// ---- the first dose ----

/// Notes when the first dose, and the first that the firmware asked for, were given.
class FirstDose final : public scenarios::Recording {
  public:
    void hear(const scenarios::Dose& dose) override {
        if (any_s < 0) any_s = since();
        if (firmware_s < 0 && dose.by == scenarios::Dose::By::firmware) firmware_s = since();
    }
    using Recording::hear;
    void begin() {
        began_ = std::chrono::steady_clock::now();
        any_s = firmware_s = -1;
    }
    double any_s = -1, firmware_s = -1;

  private:
    double since() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count(); }
    std::chrono::steady_clock::time_point began_;
};

/// Switches the device on, and lives until the firmware has given a dose.
Result<void> start_once(ScratchDevice& device, FirstDose& seen) {
    if (auto alive = device.come_alive(); !alive) return alive;
    auto& simulation = device.living().simulation();
    seen.begin();
    if (auto on = simulation.power_on(); !on) return on;
    for (int slots = 0; seen.firmware_s < 0 && slots < 3; ++slots)
        if (auto lived = simulation.run_until(simulation.now() + hal::basal_slot_s + 1); !lived) return lived;
    simulation.power_off();
    device.put_away();
    if (seen.firmware_s < 0) return failed("The firmware gave no dose within 15 minutes of the device's start.");
    return {};
}

struct PlainStart {
    double first_s = 0, second_s = 0;
};

/// The same for the plain pump: its doses fall due at the ticks 0 and 300.
Result<PlainStart> start_plain() {
    scenarios::Recording unheard;
    auto plain = PlainDevice::make(unheard);
    if (!plain) return std::unexpected{plain.error()};
    auto& simulation = (*plain)->simulation();
    PlainStart start;
    Result<void> lived;
    start.first_s = seconds_of([&] {
        lived = simulation.power_on();
        if (lived) lived = simulation.run_until({1});
    });
    start.second_s = start.first_s + seconds_of([&] {
                         if (lived) lived = simulation.run_until({hal::basal_slot_s + 1});
                     });
    simulation.power_off();
    if (!lived) return std::unexpected{lived.error()};
    return start;
}

}  // namespace

Result<Figures> measure_start(const bench::BuiltThings& built, const StartOptions& options) {
    Figures all;
    add_launcher(options, all);
    FirstDose seen;
    auto device = ScratchDevice::make(built, seen);
    if (!device) return std::unexpected{device.error()};
    const auto places = (*device)->places();
    const tpm::SimulatorPlaces chip{places.chip / "tpm", places.run, "/usr/bin/swtpm"};

    Rounds first, firmware;
    for (int round = 0; round < options.rounds; ++round) {
        if (auto started = start_once(**device, seen); !started) return std::unexpected{started.error()};
        first.own_s.push_back(seen.any_s);
        firmware.own_s.push_back(seen.firmware_s);
        auto plain = start_plain();
        if (!plain) return std::unexpected{plain.error()};
        first.peer_s.push_back(plain->first_s);
        firmware.peer_s.push_back(plain->second_s);
    }

    const auto file = bytes_of(places.chip / "rom" / "authority.bin");
    const auto authority = read_authority(file);
    if (!authority) return failed("The device has no authority file.");
    const std::string flash = places.flash.string(), rom = (places.chip / "rom").string();
    const Verification work{
        boot::Directory{flash.c_str()}, boot::Directory{rom.c_str()}, {*authority, factory::device_with_seed(1), 1}};
    const auto state = work.run();
    if (!state) return failed("An image of the device did not verify.");

    auto answers = tpm_answers(chip, options.rounds);
    if (!answers) return std::unexpected{answers.error()};
    auto commands = boots_tpm_work(chip, *state, options.rounds);  // last: it counts the device's generations away
    if (!commands) return std::unexpected{commands.error()};
    auto verified = verification(places, work, options.rounds);
    if (!verified) return std::unexpected{verified.error()};
    all.figures.insert(all.figures.end(), {*answers, *commands, *verified});
    all.figures.push_back(time_figure({"start_first_dose", "power on to the first dose / plain pump", 400}, first));
    all.figures.push_back(time_figure(
        {"start_firmware_dose", "power on to the firmware's first dose / plain pump's second", 400}, firmware));
    return all;
}

}  // namespace basalt::measure
