#include "device/firmware/log_check.h"

namespace basalt::firmware {

Result<std::optional<Verified>> LogCheck::go_on(Journal& journal, Tick now) {
    if (!running_ && now.seconds - ended_at_.seconds >= again_s) running_ = true;
    if (!running_ || worked_at_ == now) return std::nullopt;
    worked_at_ = now;
    auto end = journal.verify_piece(records_a_slot);
    if (end && *end) {
        running_ = false;
        ended_at_ = now;
        last_ = **end;
    }
    return end;
}

void LogCheck::want(Tick now) noexcept {
    if (now.seconds - ended_at_.seconds >= fresh_s) running_ = true;
}

}  // namespace basalt::firmware
