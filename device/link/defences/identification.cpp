#include "device/link/defences.h"

namespace basalt::link {

bool is_identified(bool proven, std::uint32_t) noexcept { return proven; }

}  // namespace basalt::link
