#include "device/boot/rom.h"

#include "device/boot/image_hash.h"

namespace basalt::boot {

std::optional<SignedHeader> rom_image(const Directory& rom, const char* name, FileKind kind,
                                      const Authority& authority) noexcept {
    const auto file = rom.read(name, max_image_file);
    if (!file) return std::nullopt;
    const auto verified = verify(file->view(), {kind, authority.variant, any_device}, authority.image_key, image_hash);
    if (!verified) return std::nullopt;
    return verified->header();
}

}  // namespace basalt::boot
