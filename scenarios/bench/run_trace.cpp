#include "scenarios/bench/run_trace.h"

#include "scenarios/bench/kept_record.h"
#include "scenarios/bench/whole_file.h"

#include <cerrno>
#include <charconv>
#include <fstream>

namespace basalt::bench {
namespace {

constexpr std::string_view first_line = "basalt run trace 1";
constexpr std::size_t longest_trace = 16U << 20;

std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<hal::Side> side_in(std::string_view text) {
    if (text == "boot") return hal::Side::boot;
    if (text == "firmware") return hal::Side::firmware;
    return std::nullopt;
}

std::unexpected<Error> not_expected(std::size_t line, std::string_view expected) {
    return fail(ErrorCode::unreadable,
                "Line " + std::to_string(line) + " of the run's trace is not: " + std::string{expected} + ".",
                "Use host/last-run.trace of the run as it was written.");
}

}  // namespace

std::string to_text(const RunTrace& trace) {
    std::string text = std::string{first_line} + "\nseed " + std::to_string(trace.seed) + "\n";
    for (const Overrun& overrun : trace.overruns)
        text += "closed " + std::to_string(overrun.tick.seconds) +
                (overrun.side == hal::Side::boot ? " boot\n" : " firmware\n");
    return text;
}

Result<RunTrace> parse_trace(std::string_view text) {
    RunTrace trace;
    for (std::size_t line = 1; !text.empty(); ++line) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) return not_expected(line, "a whole line");
        const std::string_view words = text.substr(0, end);
        text.remove_prefix(end + 1);
        if (line == 1) {
            if (words != first_line) return not_expected(line, first_line);
        } else if (line == 2) {
            const auto seed = words.starts_with("seed ") ? number_in(words.substr(5)) : std::nullopt;
            if (!seed) return not_expected(line, "seed NUMBER");
            trace.seed = *seed;
        } else {
            const auto space = words.rfind(' ');
            const bool closed = words.starts_with("closed ") && space > 7 && space != std::string_view::npos;
            const auto tick = closed ? number_in(words.substr(7, space - 7)) : std::nullopt;
            const auto side = closed ? side_in(words.substr(space + 1)) : std::nullopt;
            if (!tick || !side) return not_expected(line, "closed TICK boot, or closed TICK firmware");
            trace.overruns.push_back({{*tick}, *side});
        }
        if (line == 1 && text.empty()) return not_expected(2, "seed NUMBER");
    }
    return trace;
}

Result<RunTrace> read_trace(const std::filesystem::path& file) {
    const auto text =
        read_whole_file(file, "The run's trace",
                        "Name the trace of an earlier run: host/last-run.trace in its state directory.", longest_trace);
    if (!text) return std::unexpected{text.error()};
    if (text->empty()) return not_expected(1, first_line);
    return parse_trace(*text);
}

Result<void> write_trace(const std::filesystem::path& file, const RunTrace& trace) {
    std::ofstream out{file, std::ios::binary | std::ios::trunc};
    out << to_text(trace) << std::flush;
    if (!out) return std::unexpected{cannot("The run's trace cannot be written:", file.string(), errno)};
    return {};
}

}  // namespace basalt::bench
