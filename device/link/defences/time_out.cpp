#include "device/link/defences.h"

namespace basalt::link {

bool in_time(std::uint64_t now_s, std::uint64_t deadline_s, std::uint32_t) noexcept { return now_s <= deadline_s; }

}  // namespace basalt::link
