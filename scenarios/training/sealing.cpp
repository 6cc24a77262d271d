// The training build's twin of device/firmware/trust/sealing.cpp: a device that was made without the defence "sealing"
// has keys that any program may use, so that a workshop sees what the defence is for.
#include "device/firmware/trust/sealing.h"

#include "device/common/authority.h"
#include "scenarios/training/mark.h"

#include <utility>

namespace basalt::firmware {

Protection protection(std::uint32_t switched_off) noexcept {
    const bool without = (switched_off & std::to_underlying(Defence::sealing)) != 0;
    return without ? Protection::none : Protection::measured_state;
}

}  // namespace basalt::firmware
