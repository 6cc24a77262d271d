// device/boot/say.h: a sentence for whoever looks after the device, on standard error. Nothing decides by it.
#pragma once
#include <initializer_list>
#include <string_view>

namespace basalt::boot {

/// Writes "basalt-boot: ", the parts one after the other, and a line's end. What cannot be written is lost.
void say(std::initializer_list<std::string_view> parts) noexcept;

}  // namespace basalt::boot
