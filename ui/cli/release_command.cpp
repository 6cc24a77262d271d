#include "ui/cli/release_command.h"

#include "device/guardian/alarms.h"
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

bool is_in(std::uint64_t bits, const guardian::AlarmRow& row) {
    return row.response == guardian::Response::failsafe && (bits & bit_of(row.trigger)) != 0;
}

Json ids_of(std::uint64_t bits) {
    Json ids = Json::array();
    for (const auto& row : guardian::alarm_rows)
        if (is_in(bits, row)) ids.push_back(row.id);
    return ids;
}

std::string_view in(Language language, const guardian::AlarmRow& row, std::string_view guardian::Words::* part) {
    return (language == Language::french ? row.french : row.english).*part;
}

void print_words(const Seen& seen, Language language) {
    const bool french = language == Language::french;
    const auto& words = bench::words_of(seen.tried.verdict);
    fmt::print("{}\n", words.what.in(language));
    for (const auto& row : guardian::alarm_rows)
        if (is_in(seen.tried.triggers, row))
            fmt::print("  {}: {}\n", french ? "levé" : "released", in(language, row, &guardian::Words::what));
    fmt::print("{}: {}.\n", french ? "Mode de la pompe à présent" : "The pump's mode is now",
               scenarios::words_of(seen.mode).in(language));
    for (const auto& row : guardian::alarm_rows)
        if (is_in(seen.alarms, row))
            fmt::print("  {}: {} {}\n", french ? "constaté à nouveau" : "found again",
                       in(language, row, &guardian::Words::what), in(language, row, &guardian::Words::next));
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
    const bool released = seen->tried.verdict == hal::ReleaseVerdict::released;
    if (options.json)
        fmt::print("{}\n", Json{{"schema", 1},
                                {"verdict", words.id},
                                {"words", words.what.in(language)},
                                {"released", released ? ids_of(seen->tried.triggers) : Json::array()},
                                {"mode", scenarios::id_of(seen->mode)},
                                {"found_again", released ? ids_of(seen->alarms) : Json::array()}}
                               .dump(2));
    if (!released)
        return options.json ? exit_status(ErrorCode::refused)
                            : say({ErrorCode::refused, std::string{words.what.in(language)},
                                   std::string{words.next.in(language)}, 0});
    if (!options.json) print_words(*seen, language);
    return seen->mode == hal::Mode::failsafe ? exit_status(ErrorCode::check_failed) : 0;
}

}  // namespace basalt::cli
