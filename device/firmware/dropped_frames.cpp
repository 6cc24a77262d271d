#include "device/firmware/dropped_frames.h"

namespace basalt::firmware {

void DroppedFrames::log(std::uint64_t now, Journal* journal) {
    if (journal == nullptr || not_understood_ + too_often_ == 0) return;
    if (logged_at_ && now - *logged_at_ < log_every_s) return;
    const auto row = [&](std::uint64_t& count, std::string_view reason) {
        if (count == 0) return;
        if (journal->note(
                storage::make_event(storage::EventId::frames_dropped, now, "firmware", storage::Outcome::refused,
                                    {static_cast<std::int64_t>(count), std::string{from_} + std::string{reason}})))
            count = 0;
    };
    row(not_understood_, "_not_understood");
    row(too_often_, "_too_often");
    logged_at_ = now;
}

}  // namespace basalt::firmware
