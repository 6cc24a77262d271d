// device/boot/image_check.h: the one decision whether an image may run. Two files define it, and a program links one of
// them: device/boot/image_check.cpp on every device, scenarios/training/image_check.cpp in the training build alone.
#pragma once
#include "device/common/authority.h"
#include "device/common/signed_file.h"

#include <expected>

namespace basalt::boot {

/// `found` is what verify() said of the image.
/// Rely on: in production true means exactly that verify() accepted it; the authority's switches are not read.
/// Source:  R37, R49, R58.
bool may_run(const std::expected<VerifiedFile, ImageVerdict>& found, const Authority& authority) noexcept;

}  // namespace basalt::boot
