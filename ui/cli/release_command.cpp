#include "ui/cli/release_command.h"

#include "scenarios/bench/release.h"
#include "scenarios/engine/words.h"
#include "ui/cli/opened_device.h"
#include "ui/cli/speak.h"

#include <nlohmann/json.hpp>

#include <chrono>

namespace basalt::cli {
namespace {

using Json = nlohmann::ordered_json;
using scenarios::Language;

constexpr std::int64_t settles_s = 60;  // a reset, boot with all its measuring, a proof: some fifteen seconds

/// The clock of the simulated board is this computer's.
std::uint32_t today() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::days>(now).count());
}

struct Seen {
    bench::ReleaseTry tried;
    hal::Mode mode = hal::Mode::start_up;
    std::uint64_t alarms = 0;

    bool accepted() const { return tried.verdict == hal::ReleaseVerdict::released; }
    std::vector<bench::FailsafeCause> released() const {
        return bench::failsafe_causes(accepted() ? tried.triggers : 0);
    }
    std::vector<bench::FailsafeCause> found_again() const { return bench::failsafe_causes(accepted() ? alarms : 0); }
};

Result<Seen> try_release(OpenedDevice& opened, const std::array<std::filesystem::path, 2>& badges) {
    bench::Simulation& simulation = opened.device->simulation();
    if (auto on = simulation.power_on(); !on) return std::unexpected{on.error()};
    opened.state.note_alive();
    // What is wrong with the images is known once boot has looked at them.
    auto lived = simulation.run_until(simulation.now() + settles_s);
    if (!lived) return std::unexpected{lived.error()};
    auto tried = bench::release_by_badges(simulation, opened.device->memory(), badges, today());
    if (!tried) return std::unexpected{tried.error()};
    if (lived = simulation.run_until(simulation.now() + settles_s); !lived) return std::unexpected{lived.error()};
    return Seen{*tried, simulation.mode(), simulation.board().signals().alarms};
}

Json ids_of(const std::vector<bench::FailsafeCause>& causes) {
    Json ids = Json::array();
    for (const auto& cause : causes) ids.push_back(cause.id);
    return ids;
}

void print_words(const Seen& seen, Language language) {
    const bool french = language == Language::french;
    const auto& words = bench::words_of(seen.tried.verdict);
    fmt::print("{}\n", words.what.in(language));
    for (const auto& cause : seen.released())
        fmt::print("  {}: {}\n", french ? "levé" : "released", cause.what.in(language));
    fmt::print("{}: {}.\n", french ? "Mode de la pompe à présent" : "The pump's mode is now",
               scenarios::words_of(seen.mode).in(language));
    for (const auto& cause : seen.found_again())
        fmt::print("  {}: {} {}\n", french ? "constaté à nouveau" : "found again", cause.what.in(language),
                   cause.next.in(language));
    if (seen.mode != hal::Mode::failsafe) fmt::print("{}\n", words.next.in(language));
}

}  // namespace

int release(const ReleaseOptions& options, Language language) {
    if (options.badges.size() != 2)
        return say({ErrorCode::usage, "Two badges are needed, of two people.",
                    "Name both: basalt device release --badge FILE --badge FILE", 0});
    NobodyListens nobody;
    auto opened = open_device(options.state, nobody);
    if (!opened) return say(opened.error());
    const auto seen = try_release(*opened, {options.badges[0], options.badges[1]});
    opened->device->simulation().power_off();
    if (!seen) return say(seen.error());
    const auto& words = bench::words_of(seen->tried.verdict);
    if (options.json)
        fmt::print("{}\n", Json{{"schema", 1},
                                {"verdict", words.id},
                                {"words", words.what.in(language)},
                                {"released", ids_of(seen->released())},
                                {"mode", scenarios::id_of(seen->mode)},
                                {"found_again", ids_of(seen->found_again())}}
                               .dump(2));
    if (!seen->accepted())
        return options.json ? exit_status(ErrorCode::refused)
                            : say({ErrorCode::refused, std::string{words.what.in(language)},
                                   std::string{words.next.in(language)}, 0});
    if (!options.json) print_words(*seen, language);
    return seen->mode == hal::Mode::failsafe ? exit_status(ErrorCode::check_failed) : 0;
}

}  // namespace basalt::cli
