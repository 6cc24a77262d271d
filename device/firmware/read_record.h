// device/firmware/read_record.h: every access to the records stands in the log, and no number of them fills it.
#pragma once
#include "device/firmware/records/journal.h"

namespace basalt::firmware {

/// One row for each of the first `an_hour` accesses of an hour; one more row with the number of the others, when the
/// hour is over. A power cut loses that number; the rows before it show that the hour was busy.
class ReadRecord {
  public:
    static constexpr std::uint64_t an_hour = 24;

    /// `who`: 1 to 32 of a-z 0-9 . _ : -; under this name the number of the others stands too.
    explicit ReadRecord(std::string_view counted_under) : counted_under_(counted_under) {}

    /// Before the answer leaves. Errors: the journal's; then nothing is to be shown.
    Result<void> note(std::uint64_t now_s, Journal& journal, std::string_view who, std::string_view data,
                      std::uint64_t from);
    /// Once in each tick, before the first note(). `journal` may be nullptr.
    void on_tick(std::uint64_t now_s, Journal* journal);

  private:
    std::string_view counted_under_;
    std::optional<std::uint64_t> hour_began_at_;
    std::uint64_t logged_ = 0, counted_ = 0;
};

}  // namespace basalt::firmware
