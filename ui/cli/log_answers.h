// ui/cli/log_answers.h: what the pump answers about its event log (docs/formats/screen-channel.md), read as coming from
// an attacker: the firmware may be somebody else's. Whatever they say, reading it ends.
#pragma once
#include "tpm/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace basalt::cli {

/// A row of the event log as the pump gave it.
struct LogRow {
    std::uint64_t seq = 0;
    std::string record;  ///< its JSON; empty: too long for one reply, or not readable on the pump
    std::string hash;    ///< 64 hexadecimal digits; empty when the pump gave none
};

/// Log rows of several answers, put together.
class LogRows {
  public:
    static constexpr std::size_t most_rows = 1'000'000;                ///< years of a pump's life
    static constexpr std::size_t most_bytes = std::size_t{512} << 20;  ///< of all records together

    /// Takes one reply's body. Errors: unreadable (no page of a log, numbers that do not grow, more than the limits).
    Result<void> take(const std::string& body);
    std::uint64_t next() const noexcept { return next_; }  ///< the first number that is not there yet
    bool more() const noexcept { return more_; }           ///< the pump has more, says the last page
    std::vector<LogRow>& rows() noexcept { return rows_; }

  private:
    std::vector<LogRow> rows_;
    std::size_t bytes_ = 0;
    std::uint64_t next_ = 1;
    bool more_ = true;
};

/// The bodies of the answer to "the rows from this number on".
using AskRows = std::function<Result<std::vector<std::string>>(std::uint64_t from)>;
/// All rows. Errors: `ask`'s; those of LogRows::take(); unreadable, when an answer promises more and brings nothing.
Result<std::vector<LogRow>> whole_log(const AskRows& ask);

/// What the pump found when it checked its log.
struct LogVerdict {
    bool intact = false;
    std::string words;  ///< fit for a terminal
    std::string json;   ///< the pump's answer, spelled in ASCII
};

/// How often in a row the pump may say that it still checks without having checked one more record.
inline constexpr int patience_asks = 20;
/// How often it may say so at all: it checks a thousand records between two asks, so this is enough for most_rows.
inline constexpr int most_asks = 1'200;
/// The bodies of the answer to "is the log whole?".
using AskCheck = std::function<Result<std::vector<std::string>>()>;
/// Asks until the check is over; `wait` lets the pump live in between.
/// Errors: those of `ask` and `wait`; unreadable (no such answer); check_failed (it gets no further).
Result<LogVerdict> log_verdict(const AskCheck& ask, const std::function<Result<void>()>& wait);

}  // namespace basalt::cli
