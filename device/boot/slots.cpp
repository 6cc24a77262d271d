#include "device/boot/slots.h"

#include "device/boot/image_check.h"
#include "device/boot/image_form.h"
#include "device/boot/image_hash.h"
#include "device/boot/rom.h"

#include <utility>

namespace basalt::boot {
namespace {

constexpr std::size_t max_configuration_file = SignedHeader::total + 64 * 1024;

/// The form of a file that may run here: its signature, its shape and its version are right.
std::expected<ImageForm, ImageVerdict> check(ByteView file, FileKind kind, const SlotRules& rules) noexcept {
    const auto found =
        verify(file, {kind, rules.authority.variant, rules.device}, rules.authority.image_key, image_hash);
    if (!may_run(found, rules.authority)) return std::unexpected{found ? ImageVerdict::malformed : found.error()};

    const auto form = form_of(file, kind);
    if (!form) return std::unexpected{form.error()};
    if (form->header.version < rules.lowest_version) return std::unexpected{ImageVerdict::withdrawn};
    return *form;
}

/// Would the firmware in this file run? Nothing of it is kept.
ImageVerdict check_spare(const Directory& flash, const char* name, const SlotRules& rules) noexcept {
    const auto file = flash.read(name, max_image_file);
    if (!file) return file.error();
    const auto form = check(file->view(), FileKind::firmware, rules);
    if (!form) return form.error();
    return read_image(form->payload) ? ImageVerdict::accepted : ImageVerdict::malformed;
}

/// Takes the firmware of one slot and its gateway into `choice`, or says why not.
ImageVerdict try_slot(const Directory& flash, hal::Slot slot, const char* firmware, const char* gateway,
                      const SlotRules& rules, Choice& choice) noexcept {
    auto found = examine(flash, firmware, FileKind::firmware, rules);
    if (!found) return found.error();
    choice.slot = slot;
    choice.firmware_image = std::move(*found);
    auto companion = examine(flash, gateway, FileKind::gateway, rules);
    choice.gateway = companion ? ImageVerdict::accepted : companion.error();
    if (companion) choice.gateway_image = std::move(*companion);
    return ImageVerdict::accepted;
}

}  // namespace

std::expected<Runnable, ImageVerdict> examine(const Directory& flash, const char* name, FileKind kind,
                                              const SlotRules& rules) noexcept {
    const auto file = flash.read(name, max_image_file);
    if (!file) return std::unexpected{file.error()};
    const auto form = check(file->view(), kind, rules);
    if (!form) return std::unexpected{form.error()};
    auto image = SealedImage::make(form->payload);
    if (!image) return std::unexpected{verdict_of(image.error())};
    return Runnable{form->header, std::move(*image)};
}

Choice choose(const Directory& flash, const SlotRules& rules) noexcept {
    constexpr const char* firmware_b = "slot-b/firmware.img";
    Choice choice;
    choice.firmware_a = try_slot(flash, hal::Slot::a, "slot-a/firmware.img", "slot-a/gateway.img", rules, choice);
    if (choice.slot == hal::Slot::none)
        choice.firmware_b = try_slot(flash, hal::Slot::b, firmware_b, "slot-b/gateway.img", rules, choice);
    else
        choice.firmware_b = check_spare(flash, firmware_b, rules);
    return choice;
}

std::expected<SignedHeader, ImageVerdict> check_configuration(const Directory& flash, const SlotRules& rules) noexcept {
    const auto file = flash.read("config/device.cfg", max_configuration_file);
    if (!file) return std::unexpected{file.error()};
    const auto verified = verify(file->view(), {FileKind::configuration, rules.authority.variant, rules.device},
                                 rules.authority.hospital_key);
    if (!verified) return std::unexpected{verified.error()};
    if (verified->header().version < rules.lowest_configuration) return std::unexpected{ImageVerdict::older};
    return verified->header();
}

}  // namespace basalt::boot
