#include "device/common/authority.h"

#include <utility>
#include <variant>

namespace basalt {

std::optional<Authority> read_authority(ByteView file) noexcept {
    const auto frame = AuthorityFrames::decode(file);
    if (!frame) return std::nullopt;
    const Authority& authority = std::get_if<AuthorityFile>(&*frame)->authority;  // the one frame of its set
    if (authority.hardware != this_hardware) return std::nullopt;
    constexpr std::uint32_t known = std::to_underlying(Defence::image_check) | std::to_underlying(Defence::sealing);
    if ((authority.switched_off & ~known) != 0) return std::nullopt;
    if (authority.variant == Variant::production && authority.switched_off != 0) return std::nullopt;
    return authority;
}

}  // namespace basalt
