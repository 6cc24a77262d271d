// device/firmware/log_check.h: when the records are checked: all of them after each start and once a day, a bounded
// piece in each slot, whoever asks.
#pragma once
#include "device/firmware/records/journal.h"

namespace basalt::firmware {

/// Rely on:  a slot reads at most records_a_slot records for it, however long the log is and however often the network
///           asks. What was changed in record N is found within N / records_a_slot + 2 slots after a start.
/// Source:   R39, R49.
class LogCheck {
  public:
    static constexpr std::size_t records_a_slot = 1'024;
    static constexpr std::uint64_t again_s = 86'400;
    /// Somebody who asks is given a result that is no older than this, or has the next check begin.
    static constexpr std::uint64_t fresh_s = 3'600;

    /// One piece, once a slot; when the journal holds nothing that waits for the disk.
    /// Returns: what was found, in the slot in which a check ends.
    Result<std::optional<Verified>> go_on(Journal& journal, Tick now);
    /// Somebody wants to know.
    void want(Tick now) noexcept;
    bool running() const noexcept { return running_; }
    /// Of the last check that ended; nullopt: none did since the start.
    const std::optional<Verified>& last() const noexcept { return last_; }
    Tick ended_at() const noexcept { return ended_at_; }

  private:
    bool running_ = true;
    std::optional<Tick> worked_at_;
    std::optional<Verified> last_;
    Tick ended_at_;
};

}  // namespace basalt::firmware
