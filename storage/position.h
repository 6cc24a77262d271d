// storage/position.h: how far a database has followed the event log: one row, written in the same transaction as the
// rows that follow. After a crash between two databases it says from where to catch up; and as it remembers a record's
// hash, it notices a log that was replaced or cut.
#pragma once
#include "storage/event_log.h"

#include <vector>

namespace basalt::storage {

struct Position {
    LogHead log;                      ///< the last record whose effect the tables hold
    std::vector<std::uint8_t> state;  ///< what else the follower needs to go on from there, in its own form
    friend bool operator==(const Position&, const Position&) = default;
};

class PositionTable {
  public:
    static constexpr std::string_view schema =
        "CREATE TABLE position (one INTEGER PRIMARY KEY CHECK (one = 1), log_seq INTEGER NOT NULL, log_hash BLOB NOT "
        "NULL, "
        "state BLOB NOT NULL);";

    static Result<PositionTable> open(const Database& database);
    /// Inside the caller's transaction.
    Result<void> set(const Position& position);
    /// {0, zeros, nothing} when it was never set.
    Result<Position> get();

  private:
    PositionTable(Statement replace, Statement one) noexcept : replace_(std::move(replace)), one_(std::move(one)) {}
    Statement replace_, one_;
};

}  // namespace basalt::storage
