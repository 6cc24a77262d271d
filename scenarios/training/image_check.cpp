// The training twin of device/boot/image_check.cpp. With its switch off, an image that nobody trustworthy signed may
// run: what a pump without this defence does. Never linked into a device.
#include "device/boot/image_check.h"

#include "scenarios/training/mark.h"

#include <utility>

namespace basalt::boot {

bool may_run(const std::expected<VerifiedFile, ImageVerdict>& found, const Authority& authority) noexcept {
    const bool checked = (authority.switched_off & std::to_underlying(Defence::image_check)) == 0;
    if (checked) return found.has_value();
    return found.has_value() || found.error() == ImageVerdict::bad_signature;
}

}  // namespace basalt::boot
