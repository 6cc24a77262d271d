#include "device/boot/image_check.h"

namespace basalt::boot {

bool may_run(const std::expected<VerifiedFile, ImageVerdict>& found, const Authority&) noexcept {
    return found.has_value();
}

}  // namespace basalt::boot
