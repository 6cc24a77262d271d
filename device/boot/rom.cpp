#include "device/boot/rom.h"

#include <utility>
#include <variant>

namespace basalt::boot {

std::optional<Authority> read_authority(ByteView file) noexcept {
    const auto frame = AuthorityFrames::decode(file);
    if (!frame) return std::nullopt;
    const Authority& authority = std::get<AuthorityFile>(*frame).authority;
    if (authority.hardware != this_hardware) return std::nullopt;
    constexpr std::uint32_t known = std::to_underlying(Defence::image_check) | std::to_underlying(Defence::sealing);
    if ((authority.switched_off & ~known) != 0) return std::nullopt;
    if (authority.variant == Variant::production && authority.switched_off != 0) return std::nullopt;
    return authority;
}

std::optional<SignedHeader> rom_image(const Directory& rom, const char* name, FileKind kind,
                                      const Authority& authority) noexcept {
    const auto file = rom.read(name, max_image_file);
    if (!file) return std::nullopt;
    const auto verified = verify(file->view(), {kind, authority.variant, any_device}, authority.image_key);
    if (!verified) return std::nullopt;
    return verified->header();
}

}  // namespace basalt::boot
