#include "ui/cli/log_commands.h"

#include "scenarios/bench/living_device.h"
#include "scenarios/bench/radio_client.h"
#include "scenarios/bench/ring_reader.h"
#include "scenarios/bench/ring_words.h"
#include "scenarios/bench/whole_file.h"
#include "storage/log_text.h"
#include "ui/cli/arguments.h"
#include "ui/cli/device_clock.h"
#include "ui/cli/speak.h"

#include <nlohmann/json.hpp>

#include <fstream>
#include <functional>
#include <memory>

namespace basalt::cli {
namespace {

using Json = nlohmann::ordered_json;

struct LogOptions {
    std::string state;
    std::string file;
    std::string write_to;
    std::size_t last = 100;
    bool json = false;
};

class NobodyListens final : public scenarios::Observer {
    void hear(const scenarios::Sample&) override {}
    void hear(const scenarios::Dose&) override {}
    void hear(const scenarios::ModeChange&) override {}
    void hear(const scenarios::Alarm&) override {}
    void hear(const scenarios::Event&) override {}
};

/// The user's device, not yet switched on.
struct Opened {
    bench::RunDirectory run;
    bench::StateDirectory state;
    std::unique_ptr<bench::LivingDevice> device;
};

Result<Opened> open(const LogOptions& options, scenarios::Observer& nobody) {
    auto path = options.state.empty() ? bench::default_state_directory() : Result<std::filesystem::path>{options.state};
    if (!path) return std::unexpected{path.error()};
    auto state = bench::StateDirectory::open(*path);
    if (!state) return std::unexpected{state.error()};
    auto run = bench::RunDirectory::make();
    if (!run) return std::unexpected{run.error()};
    state->note_holder();
    auto device = bench::LivingDevice::open(*state, *run, {}, nobody);
    if (!device) return std::unexpected{device.error()};
    return Opened{std::move(*run), std::move(*state), std::move(*device)};
}

/// Switches the device on, asks, switches it off again. Nothing: no firmware runs that could answer.
using Question = std::function<Result<void>(bench::RadioClient&)>;
Result<bool> with_firmware(Opened& opened, const Question& question) {
    bench::Simulation& simulation = opened.device->simulation();
    if (auto on = simulation.power_on(); !on) return std::unexpected{on.error()};
    bench::RadioClient client{simulation};
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

std::array<std::uint8_t, 8> number_argument(std::uint64_t number) {
    std::array<std::uint8_t, 8> bytes{};
    codec::Writer writer{bytes};
    writer(number);
    return bytes;
}

/// The replies that hold the rows from `from` on. A pump that was asked too often for the moment is asked once more a
/// little later: a log of weeks has more pages than it gives at once.
Result<std::vector<std::string>> page_from(bench::RadioClient& client, bench::Simulation& simulation,
                                           std::uint64_t from) {
    auto bodies = client.ask(link::Operation::read_log, number_argument(from));
    if (bodies || bodies.error().code != ErrorCode::refused) return bodies;
    if (auto waited = wait(simulation); !waited) return std::unexpected{waited.error()};
    return client.ask(link::Operation::read_log, number_argument(from));
}

/// All rows of the event log, each with its hash and its record as it is spelled.
Result<std::vector<Json>> all_rows(bench::RadioClient& client, bench::Simulation& simulation) {
    std::vector<Json> rows;
    for (std::uint64_t from = 1, more = 1; more != 0;) {
        const auto bodies = page_from(client, simulation, from);
        if (!bodies) return std::unexpected{bodies.error()};
        for (const std::string& body : *bodies) {
            const Json page = Json::parse(body, nullptr, false);
            if (!page.is_object() || !page.contains("rows") || !page["rows"].is_array() ||
                !page.value("next_seq", Json{}).is_number_unsigned() || !page.value("more", Json{}).is_boolean())
                return fail(ErrorCode::unreadable, "The pump's answer is no page of its log.", "Ask again.");
            for (const Json& row : page["rows"]) rows.push_back(row);
            if (page["next_seq"].get<std::uint64_t>() <= from && page["more"].get<bool>())
                return fail(ErrorCode::unreadable, "The pump's log goes on without getting further.", "Ask again.");
            from = page["next_seq"].get<std::uint64_t>();
            more = page["more"].get<bool>() ? 1 : 0;
        }
    }
    return rows;
}

std::string sentence(const Json& row, const DeviceClock& clock, scenarios::Language language) {
    const auto record = storage::read_canonical(row.value("record", Json{}).dump());
    if (!record) return record.error().what;
    const auto tongue =
        language == scenarios::Language::french ? storage::Language::french : storage::Language::english;
    return fmt::format("{:>6}  {}  {}", record->seq, clock.in_words(record->event.tick_s, language),
                       storage::in_words(record->event, tongue));
}

std::unexpected<Error> cannot_write(const std::string& file) {
    return fail(ErrorCode::io, "The log cannot be written to " + file + ".",
                "Name a file in a folder that you may write to, on a disk with room.");
}

/// The log as text (docs/formats/log-record.md), from its first record.
Result<void> write_text(const std::vector<Json>& rows, const std::string& file) {
    std::ofstream out{file, std::ios::binary | std::ios::trunc};
    out << storage::log_text_header(1, {});
    for (const Json& row : rows) {
        std::string record = row.value("record", Json{}).dump();
        if (!record.empty()) record.pop_back();
        out << record << ",\"hash\":\"" << row.value("hash", "") << "\"}\n";
    }
    out.close();
    return out ? Result<void>{} : cannot_write(file);
}

/// A file that cannot be written is found out before the device is asked, not after it. What is there is left as it is.
Result<void> can_be_written(const std::string& file) {
    std::error_code unknown;
    const bool there = std::filesystem::exists(file, unknown);
    if (file.empty() || std::ofstream{file, std::ios::binary | std::ios::app}) {
        if (!there && !file.empty()) std::filesystem::remove(file, unknown);
        return {};
    }
    return cannot_write(file);
}

int show(const LogOptions& options, scenarios::Language language) {
    if (const auto room = can_be_written(options.write_to); !room) return say(room.error());
    NobodyListens nobody;
    auto opened = open(options, nobody);
    if (!opened) return say(opened.error());
    const DeviceClock clock{opened->device->board().record()};
    // Before it is switched on: what the guardian itself knows does not depend on any firmware.
    const auto ring = bench::ring_entries(opened->device->memory(), 0);
    std::vector<Json> rows;
    const auto asked = with_firmware(*opened, [&](bench::RadioClient& client) -> Result<void> {
        auto all = all_rows(client, opened->device->simulation());
        if (!all) return std::unexpected{all.error()};
        rows = std::move(*all);
        return {};
    });
    const std::size_t ring_skipped = ring.size() - std::min(ring.size(), options.last);
    const std::size_t rows_skipped = rows.size() - std::min(rows.size(), options.last);
    if (options.json) {
        Json whole{
            {"schema", 1}, {"firmware_answered", asked && *asked}, {"guardian", Json::array()}, {"log", Json::array()}};
        for (std::size_t i = ring_skipped; i < ring.size(); ++i)
            whole["guardian"].push_back(Json::parse(bench::as_record(ring[i]), nullptr, false));
        for (std::size_t i = rows_skipped; i < rows.size(); ++i) whole["log"].push_back(rows[i]);
        fmt::print("{}\n", whole.dump(2, ' ', false, Json::error_handler_t::replace));
    } else {
        fmt::print("The guardian's own memory ({} entries, the last {}):\n", ring.size(), ring.size() - ring_skipped);
        for (std::size_t i = ring_skipped; i < ring.size(); ++i)
            fmt::print("{:>6}  {}  {}\n", ring[i].seq, clock.in_words(ring[i].tick.seconds, language),
                       bench::in_words(ring[i], language));
        if (asked && *asked) {
            fmt::print("The event log ({} records, the last {}):\n", rows.size(), rows.size() - rows_skipped);
            for (std::size_t i = rows_skipped; i < rows.size(); ++i)
                fmt::print("{}\n", sentence(rows[i], clock, language));
        }
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
    auto opened = open(options, nobody);
    if (!opened) return say(opened.error());
    Json answer;
    const auto asked = with_firmware(*opened, [&](bench::RadioClient& client) -> Result<void> {
        // A long log is checked piece by piece, in the device's own time.
        for (;;) {
            const auto bodies = client.ask(link::Operation::verify_log, {});
            if (!bodies) return std::unexpected{bodies.error()};
            answer = Json::parse(bodies->empty() ? "" : bodies->back(), nullptr, false);
            if (!answer.is_object() || !answer.value("checking", false)) return {};
            if (auto waited = wait(opened->device->simulation()); !waited) return std::unexpected{waited.error()};
        }
    });
    if (!asked) return say(asked.error());
    if (!*asked)
        return say({ErrorCode::check_failed, "No firmware runs on this device that could check its event log.",
                    "See why with: basalt log show", 0});
    if (!answer.is_object())
        return say({ErrorCode::unreadable, "The pump's answer about its log cannot be read.", "Ask again.", 0});
    const bool intact = answer.value("ok", false);
    if (options.json)
        fmt::print("{}\n", answer.dump(2, ' ', false, Json::error_handler_t::replace));
    else
        fmt::print("{}\n", answer.value("words", intact ? "The event log is whole." : "The event log is damaged."));
    return intact ? 0 : exit_status(ErrorCode::check_failed);
}

int verify_file(const LogOptions& options) {
    constexpr std::size_t longest = std::size_t{1} << 30;
    const auto text = bench::read_whole_file(options.file, "The log",
                                             "Name a file that basalt log show --write has written.", longest);
    if (!text) return say(text.error());
    const auto verdict = storage::verify_log_text(*text);
    if (!verdict) return say(verdict.error());
    if (options.json)
        fmt::print("{}\n", Json{{"schema", 1}, {"ok", verdict->intact()}, {"words", verdict->words}}.dump(2));
    else
        fmt::print("{}\n", verdict->words);
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
                        "Switch the device on, ask it for its event log, and show it with the guardian's own memory");
    take_whole_number(show_it->add_option("--last", options->last, "Only the last so many of each"), 1, 1'000'000'000)
        ->capture_default_str();
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
