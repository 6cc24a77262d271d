// device/boot/slots.h: which of the two slots runs, and what of it.
#pragma once
#include "device/boot/files.h"
#include "device/boot/launch.h"
#include "device/common/authority.h"
#include "device/common/signed_file.h"
#include "device/hal/boot_frames.h"

#include <optional>

namespace basalt::boot {

/// An image that may run: its header, for the measurement, and its parts in sealed memory, for the launch.
struct Runnable {
    SignedHeader header;
    SealedImage image;
};

/// What is said of a genuine image that was not started. (One that is malformed is none.)
constexpr ImageVerdict verdict_of(LaunchFault fault) noexcept {
    switch (fault) {
        case LaunchFault::malformed:
            return ImageVerdict::malformed;
        case LaunchFault::no_memory:
            return ImageVerdict::no_memory;
        case LaunchFault::no_process:
            return ImageVerdict::no_process;
        case LaunchFault::not_executable:
            return ImageVerdict::not_executable;
    }
    return ImageVerdict::not_executable;
}

/// What an image in flash must be.
struct SlotRules {
    const Authority& authority;
    DeviceId device{};
    std::uint64_t lowest_version = 0;        ///< of the TPM's counter: images below it were withdrawn
    std::uint32_t lowest_configuration = 0;  ///< the guardian's word: configurations below it were replaced
};

/// Looks at one image file, from its bytes to its sealed parts.
/// Rely on: the file is read once; nothing of its payload is looked at before may_run() allowed it.
std::expected<Runnable, ImageVerdict> examine(const Directory& flash, const char* name, FileKind kind,
                                              const SlotRules& rules) noexcept;

/// What the two slots hold. Without a firmware there is nothing to run: `slot` is none.
struct Choice {
    hal::Slot slot = hal::Slot::none;
    ImageVerdict firmware_a = ImageVerdict::not_needed;
    ImageVerdict firmware_b = ImageVerdict::not_needed;
    ImageVerdict gateway = ImageVerdict::not_needed;
    std::optional<Runnable> firmware_image, gateway_image;
};

/// A if its firmware may run, else B. The gateway is the one of the same slot: the two were made for each other, and a
/// refused gateway costs the network alone. While A runs, B's firmware is verified all the same, and neither measured
/// nor kept: a spare that would be refused has to be told of before it is needed. B's gateway is looked at when it is.
Choice choose(const Directory& flash, const SlotRules& rules) noexcept;

/// The device configuration's header, when the hospital signed it for this device and no newer one was accepted before.
/// No switch concerns it.
std::expected<SignedHeader, ImageVerdict> check_configuration(const Directory& flash, const SlotRules& rules) noexcept;

}  // namespace basalt::boot
