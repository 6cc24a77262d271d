#include "ui/cli/log_commands.h"

#include "scenarios/bench/ring_reader.h"
#include "scenarios/bench/ring_words.h"
#include "scenarios/bench/screen_client.h"
#include "scenarios/bench/shown_words.h"
#include "scenarios/bench/whole_file.h"
#include "storage/log_text.h"
#include "ui/cli/arguments.h"
#include "ui/cli/device_clock.h"
#include "ui/cli/log_answers.h"
#include "ui/cli/opened_device.h"
#include "ui/cli/speak.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <span>

namespace basalt::cli {
namespace {

using Json = nlohmann::ordered_json;

struct LogOptions {
    std::string state;
    std::string file;
    std::string write_to;
    std::size_t last = 100;
    bool json = false;
    bool all = false;
};

/// Switches the device on, asks, switches it off again. Nothing: no firmware runs that could answer.
using Question = std::function<Result<void>(bench::ScreenClient&)>;
Result<bool> with_firmware(OpenedDevice& opened, const Question& question) {
    bench::Simulation& simulation = opened.device->simulation();
    if (auto on = simulation.power_on(); !on) return std::unexpected{on.error()};
    opened.state.note_alive();
    bench::ScreenClient client{simulation};
    auto reachable = client.wait_until_reachable();
    if (reachable && *reachable)
        if (auto answered = question(client); !answered) reachable = std::unexpected{answered.error()};
    simulation.power_off();
    return reachable;
}

/// Lets the device live until it answers again: it takes one question in five seconds of its time, once it has had
/// many.
Result<void> wait(bench::Simulation& simulation) {
    constexpr std::uint64_t pause_s = 5;
    simulation.wake();
    return simulation.run_until(simulation.now() + pause_s);
}

/// The replies that hold the rows from `from` on. A pump that was asked too often for the moment is asked once more a
/// little later: a log of weeks has more pages than it gives at once.
Result<std::vector<std::string>> page_from(bench::ScreenClient& client, bench::Simulation& simulation,
                                           std::uint64_t from) {
    auto bodies = client.ask(hal::ScreenQuestion::log, from);
    if (bodies || bodies.error().code != ErrorCode::refused) return bodies;
    if (auto waited = wait(simulation); !waited) return std::unexpected{waited.error()};
    return client.ask(hal::ScreenQuestion::log, from);
}

Json as_json(const LogRow& row) {
    Json json{{"seq", row.seq}};
    if (!row.hash.empty()) json["hash"] = row.hash;
    json["record"] = row.record.empty() ? Json{} : Json::parse(row.record, nullptr, false);
    return json;
}

/// Every text of a record came from the firmware, which may be somebody else's.
std::string sentence(const LogRow& row, const DeviceClock& clock, scenarios::Language language) {
    if (row.record.empty()) return fmt::format("{:>6}  The pump could not show this record.", row.seq);
    const auto record = storage::read_canonical(row.record);
    if (!record) return fmt::format("{:>6}  {}", row.seq, bench::shown(record.error().what));
    return fmt::format("{:>6}  {}  {}", record->seq, clock.in_words(record->event.tick_s, language),
                       bench::shown(bench::in_words(record->event, language)));
}

/// What every dose has around it when all is well: the request, its acceptance, and where the motor stands.
bool is_routine(const LogRow& row) {
    const auto record = storage::read_canonical(row.record);
    return record && (record->event.what == "dose_asked" || record->event.what == "dose_accepted" ||
                      record->event.what == "motor_moved");
}

template <class T>
std::span<const T> last_of(const std::vector<T>& all, std::size_t most) {
    return std::span{all}.last(std::min(all.size(), most));
}

void print_ring(const std::vector<hal::RingEntry>& ring, const LogOptions& options, const DeviceClock& clock,
                scenarios::Language language) {
    const auto shown = last_of(ring, options.last);
    fmt::print("The guardian's own memory ({} entries, the last {}):\n", ring.size(), shown.size());
    for (const auto& entry : shown)
        fmt::print("{:>6}  {}  {}\n", entry.seq, clock.in_words(entry.tick.seconds, language),
                   bench::in_words(entry, language));
}

void print_log(std::vector<LogRow> rows, const LogOptions& options, const DeviceClock& clock,
               scenarios::Language language) {
    const auto routine = options.all ? 0 : std::erase_if(rows, is_routine);
    const auto shown = last_of(rows, options.last);
    fmt::print("The event log ({} records, the last {}):\n", rows.size() + routine, shown.size());
    for (const LogRow& row : shown) fmt::print("{}\n", sentence(row, clock, language));
    if (!options.all)
        fmt::print(
            "Left out: {} records of requests, their acceptance and the motor's place, and the guardian's own memory. "
            "--all shows everything.\n",
            routine);
}

/// The log as text (docs/formats/log-record.md), from its first record.
Result<void> write_text(const std::vector<LogRow>& rows, const std::string& file) {
    std::string text = storage::log_text_header(1, {});
    for (const LogRow& row : rows) {
        if (row.record.empty())
            return fail(ErrorCode::check_failed,
                        fmt::format("The pump could not show record {}, so its log cannot be written whole.", row.seq),
                        "See what it does show with: basalt log show");
        text += row.record.substr(0, row.record.size() - 1) + ",\"hash\":\"" + row.hash + "\"}\n";
    }
    return bench::write_whole_file(file, "The log", text);
}

int show(const LogOptions& options, scenarios::Language language) {
    NobodyListens nobody;
    auto opened = open_device(options.state, nobody);
    if (!opened) return say(opened.error());
    const DeviceClock clock{opened->device->board().record()};
    // Before it is switched on: what the guardian itself knows does not depend on any firmware.
    const auto ring = bench::ring_entries(opened->device->memory(), 0);
    std::vector<LogRow> rows;
    const auto asked = with_firmware(*opened, [&](bench::ScreenClient& client) -> Result<void> {
        auto all = whole_log([&](std::uint64_t from) { return page_from(client, opened->device->simulation(), from); });
        if (!all) return std::unexpected{all.error()};
        rows = std::move(*all);
        return {};
    });
    if (options.json) {
        Json whole{
            {"schema", 1}, {"firmware_answered", asked && *asked}, {"guardian", Json::array()}, {"log", Json::array()}};
        for (const auto& entry : last_of(ring, options.last))
            whole["guardian"].push_back(Json::parse(bench::as_record(entry), nullptr, false));
        for (const LogRow& row : last_of(rows, options.last)) whole["log"].push_back(as_json(row));
        fmt::print("{}\n", whole.dump(2, ' ', true, Json::error_handler_t::replace));
    } else {
        const bool answered = asked && *asked;
        if (options.all || !answered) print_ring(ring, options, clock, language);
        if (answered) print_log(rows, options, clock, language);
    }
    if (!asked) return say(asked.error());
    if (!*asked)
        fmt::print(stderr,
                   "No firmware runs on this device that could show its event log. The guardian's memory says why.\n");
    if (options.write_to.empty()) return 0;
    if (!*asked) return say({ErrorCode::check_failed, "There is no event log to write.", "See why above.", 0});
    const auto written = write_text(rows, options.write_to);
    return written ? 0 : say(written.error());
}

int verify_device(const LogOptions& options) {
    NobodyListens nobody;
    auto opened = open_device(options.state, nobody);
    if (!opened) return say(opened.error());
    LogVerdict verdict;
    const auto asked = with_firmware(*opened, [&](bench::ScreenClient& client) -> Result<void> {
        auto found = log_verdict([&client] { return client.ask(hal::ScreenQuestion::log_check); },
                                 [&opened] { return wait(opened->device->simulation()); });
        if (!found) return std::unexpected{found.error()};
        verdict = std::move(*found);
        return {};
    });
    if (!asked) return say(asked.error());
    if (!*asked)
        return say({ErrorCode::check_failed, "No firmware runs on this device that could check its event log.",
                    "See why with: basalt log show", 0});
    fmt::print("{}\n", options.json ? verdict.json : verdict.words);
    return verdict.intact ? 0 : exit_status(ErrorCode::check_failed);
}

int verify_file(const LogOptions& options) {
    constexpr std::size_t longest = std::size_t{1} << 30;
    const auto text = bench::read_whole_file(options.file, "The log",
                                             "Name a file that basalt log show --write has written.", longest);
    if (!text) return say(text.error());
    const auto verdict = storage::verify_log_text(*text);
    if (!verdict) return say(verdict.error());
    if (options.json)
        fmt::print("{}\n", Json{{"schema", 1}, {"ok", verdict->intact()}, {"words", verdict->words}}.dump(
                               2, ' ', true, Json::error_handler_t::replace));
    else
        fmt::print("{}\n", bench::shown(verdict->words));
    return verdict->intact() ? 0 : exit_status(ErrorCode::check_failed);
}

}  // namespace

void add_log_commands(CLI::App& app, scenarios::Language language, int& exit_status) {
    auto* log = app.add_subcommand("log", "Example: ./basalt log show --last 20\nWhat the device has on record");
    log->require_subcommand(1);
    const auto options = std::make_shared<LogOptions>();
    const auto add = [&](const char* name, const char* about) {
        auto* command = log->add_subcommand(name, about);
        take_word(
            command->add_option("--state", options->state, "Directory of the device (default: ~/.local/state/basalt)"));
        command->add_flag("--json", options->json, "One JSON object");
        return command;
    };
    auto* show_it = add("show",
                        "Example: ./basalt log show --last 20\n"
                        "Switch the device on for a moment, ask it for its event log, and show it. Only the running "
                        "firmware can open the log, so this start is on record too, with the dose that is due in it. "
                        "Without a firmware that answers, the guardian's own memory is shown");
    take_whole_number(show_it->add_option("--last", options->last, "Only the last so many of each"), 1, 1'000'000'000)
        ->capture_default_str();
    show_it->add_flag("--all", options->all, "Every record, and the guardian's own memory (--json always has both)");
    take_word(show_it->add_option("--write", options->write_to,
                                  "Write the whole event log to this file too, for log verify FILE"));
    show_it->callback([=, &exit_status] { exit_status = show(*options, language); });
    auto* verify_it = add("verify",
                          "Example: ./basalt log verify\n"
                          "Ask the device whether its event log is whole; or check a log that was written to a file");
    take_word(verify_it->add_option("FILE", options->file, "A file that basalt log show --write has written"));
    verify_it->callback(
        [=, &exit_status] { exit_status = options->file.empty() ? verify_device(*options) : verify_file(*options); });
}

}  // namespace basalt::cli
