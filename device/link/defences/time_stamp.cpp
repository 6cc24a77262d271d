#include "device/link/defences.h"

namespace basalt::link {

bool is_timely(const Stamp& before, const Stamp& got, const Now& now, std::uint32_t) noexcept {
    const std::uint64_t made = got.tick.seconds;
    // Differences of the larger from the smaller: a stamp at the end of its range wraps nothing.
    const bool young = now.least.seconds <= made || now.least.seconds - made <= fresh_s;
    const bool past = made <= now.most.seconds || made - now.most.seconds <= ahead_s;
    return before < got && young && past;
}

}  // namespace basalt::link
