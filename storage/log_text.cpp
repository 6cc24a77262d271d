#include "storage/log_text.h"

#include "storage/sha256.h"

#include <fmt/format.h>

#include <charconv>

namespace basalt::storage {
namespace {

constexpr std::string_view header_start = "{\"format\":\"basalt-log-1\",\"first\":";
constexpr std::string_view previous_start = ",\"previous\":\"";
constexpr std::string_view hash_start = ",\"hash\":\"";
constexpr std::string_view end = "\"}";
constexpr std::size_t hash_tail = hash_start.size() + 64 + end.size();

struct Header {
    std::uint64_t first = 0;
    Digest previous{};
};

std::optional<Header> read_header(std::string_view line) {
    Header header;
    if (!line.starts_with(header_start) || line.size() < header_start.size() + previous_start.size() + 64 + end.size())
        return std::nullopt;
    const char* const number = line.data() + header_start.size();
    if (std::from_chars(number, line.data() + line.size(), header.first).ec != std::errc{}) return std::nullopt;
    const auto previous = digest_from_hex(line.substr(line.size() - end.size() - 64, 64));
    if (!previous || header.first == 0 || header.first > INT64_MAX) return std::nullopt;
    header.previous = *previous;
    const std::string spelled = log_text_header(header.first, header.previous);
    if (line != std::string_view{spelled}.substr(0, spelled.size() - 1)) return std::nullopt;
    return header;
}

/// A line without its hash, which is what was hashed; or nothing when it has none at its end.
struct Line {
    std::string record;
    Digest hash{};
};
std::optional<Line> read_line(std::string_view line) {
    if (line.size() <= hash_tail || line.size() > max_record_size + hash_tail) return std::nullopt;
    const std::string_view tail = line.substr(line.size() - hash_tail);
    if (!tail.starts_with(hash_start) || !tail.ends_with(end)) return std::nullopt;
    const auto hash = digest_from_hex(tail.substr(hash_start.size(), 64));
    if (!hash) return std::nullopt;
    return Line{std::string{line.substr(0, line.size() - hash_tail)} + "}", *hash};
}

}  // namespace

std::string log_text_header(std::uint64_t first, const Digest& previous) {
    return fmt::format("{}{}{}{}{}\n", header_start, first, previous_start, to_hex(previous), end);
}

Result<std::string> log_text_line(const LoggedEvent& event) {
    auto line = canonical(event.seq, event.event);
    if (!line) return line;
    line->pop_back();
    return *line += fmt::format("{}{}{}\n", hash_start, to_hex(event.hash), end);
}

Result<std::string> log_text(EventLog& log, std::uint64_t from) {
    Digest previous{};
    if (from > 1) {
        const auto before = log.read(from - 1, 1);
        if (!before) return std::unexpected{before.error()};
        if (before->empty() || before->front().seq != from - 1)
            return fail(ErrorCode::usage, fmt::format("The event log has no record {}.", from - 1),
                        "Start at an earlier record.");
        previous = before->front().hash;
    }
    std::string text = log_text_header(from == 0 ? 1 : from, previous);
    std::optional<Error> error;
    auto done = log.for_each(from, [&](const LoggedEvent& event) {
        auto line = log_text_line(event);
        if (line)
            text += *line;
        else
            error = line.error();
        return line.has_value();
    });
    if (!done) return std::unexpected{done.error()};
    if (error) return std::unexpected{*error};
    return text;
}

Result<LogTextVerdict> verify_log_text(std::string_view text, const std::optional<LogHead>& witness) {
    const auto take_line = [&text]() {
        const auto at = text.find('\n');
        const std::string_view line = text.substr(0, at);
        text.remove_prefix(at == text.npos ? text.size() : at + 1);
        return line;
    };
    const bool ends_whole = text.ends_with('\n');
    const auto header = read_header(take_line());
    if (!header)
        return fail(ErrorCode::unreadable, "This is no event log of Basalt: its first line is not that of one.",
                    "Give a file that was written by `basalt log show --write`.");
    LogTextVerdict verdict;
    verdict.first = header->first;
    verdict.head = {header->first - 1, header->previous};
    const auto broken = [&verdict](std::string words) {
        verdict.broken_at = verdict.head.seq + 1;
        verdict.words = std::move(words);
        return verdict;
    };
    while (!text.empty()) {
        const std::uint64_t expected = verdict.head.seq + 1;
        const auto line = read_line(take_line());
        const auto record =
            line ? read_canonical(line->record) : Result<NumberedEvent>{fail(ErrorCode::unreadable, "-", "-")};
        if (!record)
            return broken(
                fmt::format("Where record {} should stand, the line is no record as a device writes it.", expected));
        if (record->seq != expected)
            return broken(fmt::format("Record {} is missing or out of its place: record {} stands there.", expected,
                                      record->seq));
        const auto hash = chain(verdict.head.hash, line->record);
        if (!hash) return std::unexpected{hash.error()};
        if (*hash != line->hash) return broken(fmt::format("Record {}, or the one before it, was changed.", expected));
        verdict.head = {expected, *hash};
        if (witness && witness->seq == expected && witness->hash != *hash)
            return broken(fmt::format("Record {} is not the one that was signed: the log was rewritten.", expected));
    }
    if (!ends_whole) return broken("The last line is not whole: the file was cut.");
    if (witness && witness->seq > verdict.head.seq)
        return broken(fmt::format("The file ends at record {}, but record {} was signed: its end was cut off.",
                                  verdict.head.seq, witness->seq));
    verdict.words = fmt::format("Records {} to {} fit each other.", verdict.first, verdict.head.seq);
    if (!witness)
        verdict.words +=
            " Without a signed head that says nothing of an end that was cut off, or of a log made up whole.";
    return verdict;
}

}  // namespace basalt::storage
