#include "device/boot/rom.h"

#include "device/boot/image_hash.h"
#include "device/boot/say.h"

namespace basalt::boot {

std::optional<SignedHeader> rom_image(const Directory& rom, const char* name, FileKind kind,
                                      const Authority& authority) noexcept {
    const auto refuse = [&](ImageVerdict why) {
        say({"The ROM's ", name, " was refused: ", in_words(why),
             ". It is measured as absent, so no key of the pump's data opens. Set the device up again."});
        return std::nullopt;
    };
    const auto file = rom.read(name, max_image_file);
    if (!file) return refuse(file.error());
    const auto verified = verify(file->view(), {kind, authority.variant, any_device}, authority.image_key, image_hash);
    if (!verified) return refuse(verified.error());
    return verified->header();
}

}  // namespace basalt::boot
