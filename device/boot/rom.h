// device/boot/rom.h: what boot finds in its own chip: the images of guardian and boot.
#pragma once
#include "device/boot/files.h"
#include "device/common/authority.h"
#include "device/common/signed_file.h"

#include <optional>

namespace basalt::boot {

/// The header of a ROM image, when it is genuine; otherwise a sentence on standard error says why not. The program that
/// says so is in that ROM itself: on the simulated board nothing stands below it, and a changed ROM could lie here. A
/// chip's boot ROM would measure it from outside.
std::optional<SignedHeader> rom_image(const Directory& rom, const char* name, FileKind kind,
                                      const Authority& authority) noexcept;

inline constexpr std::size_t max_image_file = SignedHeader::total + (std::size_t{64} << 20);

}  // namespace basalt::boot
