#include "device/boot/say.h"

#include <unistd.h>

namespace basalt::boot {

void say(std::initializer_list<std::string_view> parts) noexcept {
    constexpr std::string_view who = "basalt-boot: ";
    (void)!::write(2, who.data(), who.size());
    for (const std::string_view part : parts) (void)!::write(2, part.data(), part.size());
    (void)!::write(2, "\n", 1);
}

}  // namespace basalt::boot
