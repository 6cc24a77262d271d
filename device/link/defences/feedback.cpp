#include "device/link/defences.h"

namespace basalt::link {

bool fits_feedback(std::uint64_t named_before, std::uint64_t last_sent, std::uint64_t got, std::uint32_t) noexcept {
    return named_before <= got && got <= last_sent;
}

}  // namespace basalt::link
