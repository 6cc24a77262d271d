#include "device/link/defences.h"

namespace basalt::link {

bool in_sequence(std::uint64_t expected, std::uint64_t got, std::uint32_t) noexcept { return got == expected; }

}  // namespace basalt::link
