// storage/log_text.h: the event log as a text file (JSON lines) that anybody can check without a key and without this
// program: docs/formats/log-record.md says how, with sha256sum.
#pragma once
#include "storage/event_log.h"

#include <string>
#include <string_view>

namespace basalt::storage {

/// The first line, then one line a record. `previous` is the hash of the record before the first.
std::string log_text_header(std::uint64_t first, const Digest& previous);
/// The record's line: its canonical object with one more field, "hash", at its end; ends with a line feed.
Result<std::string> log_text_line(const LoggedEvent& event);
/// The whole log from number `from` on, as one text. At least record `from` - 1 must stand in the log.
Result<std::string> log_text(EventLog& log, std::uint64_t from = 1);

struct LogTextVerdict {
    std::optional<std::uint64_t> broken_at;  ///< first record that does not fit
    std::string words;                       ///< a whole sentence, either way
    std::uint64_t first = 0;                 ///< number of the first record in the text
    LogHead head;                            ///< the last record that fits: compare it with the signed head
    bool intact() const noexcept { return !broken_at; }
};

/// Checks such a text. `witness` as in EventLog::verify(): without one, a text that was cut at its end or wholly
/// rewritten fits itself, and `words` says so. Errors: unreadable, when it is no such text at all.
Result<LogTextVerdict> verify_log_text(std::string_view text, const std::optional<LogHead>& witness = std::nullopt);

}  // namespace basalt::storage
