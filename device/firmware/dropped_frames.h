// device/firmware/dropped_frames.h: what a neighbour sent in vain stands in the log, and no number of it fills the log.
#pragma once
#include "device/firmware/records/journal.h"

namespace basalt::firmware {

/// Bounds: at most two rows in log_every_s, one for each reason, with its number.
class DroppedFrames {
  public:
    static constexpr std::uint64_t log_every_s = 3'600;

    /// `from`: "gateway" or "screen"; storage/event_words.cpp has the words for it.
    explicit DroppedFrames(std::string_view from) : from_(from) {}

    void not_understood() noexcept { ++not_understood_; }
    void too_often() noexcept { ++too_often_; }
    /// Once in each tick. `journal` may be nullptr: then the numbers wait.
    void log(std::uint64_t now, Journal* journal);

  private:
    std::string_view from_;
    std::uint64_t not_understood_ = 0, too_often_ = 0;
    std::optional<std::uint64_t> logged_at_;
};

}  // namespace basalt::firmware
