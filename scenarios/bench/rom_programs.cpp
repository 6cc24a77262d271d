#include "scenarios/bench/rom_programs.h"

#include "device/boot/launch.h"
#include "device/boot/rom.h"
#include "device/common/authority.h"
#include "scenarios/bench/whole_file.h"

#include <unistd.h>

namespace basalt::bench {
namespace {

/// Empty: it is not there, or is no file.
std::vector<std::uint8_t> bytes_of(const std::filesystem::path& file) {
    const auto text = read_whole_file(file, "The pump's ROM", "Put a copy of chip/rom back.", boot::max_image_file);
    return text ? std::vector<std::uint8_t>{text->begin(), text->end()} : std::vector<std::uint8_t>{};
}

std::unexpected<Error> damaged(const std::filesystem::path& file, std::string_view why) {
    return fail(ErrorCode::unreadable,
                "The pump's ROM cannot be used: " + file.string() + ": " + std::string{why} + ".",
                "Put a copy of chip/rom back, or make a new device with: basalt device init");
}

Result<Authority> authority_in(const std::filesystem::path& rom) {
    const auto authority = read_authority(bytes_of(rom / "authority.bin"));
    if (!authority) return damaged(rom / "authority.bin", "it is no authority of this model");
    return *authority;
}

Result<std::shared_ptr<const boot::SealedImage>> sealed_image(const std::filesystem::path& file, FileKind kind,
                                                              const Authority& authority) {
    const auto bytes = bytes_of(file);
    const auto verified = verify(bytes, {kind, authority.variant, any_device}, authority.image_key);
    if (!verified) return damaged(file, in_words(bytes.empty() ? ImageVerdict::missing : verified.error()));
    auto image = boot::SealedImage::make(verified->payload());
    if (!image) return damaged(file, in_words(image.error()));
    return std::make_shared<const boot::SealedImage>(std::move(*image));
}

Result<pid_t> start(const boot::SealedImage& image, const char* name, std::span<const char* const> arguments,
                    std::span<const int> given, int words) {
    const auto pid = boot::launch(
        image, {.name = name, .arguments = arguments, .given = given, .standard_error = words, .own_group = true});
    if (!pid)
        return fail(ErrorCode::io,
                    "The pump's " + std::string{name} +
                        " could not be started: " + std::string{boot::in_words(pid.error())} + ".",
                    "Close other programs, then try again.");
    return *pid;
}

}  // namespace

std::string tcti_of(const DevicePlaces& places) { return "swtpm:path=" + (places.run / "tpm").string(); }

Result<Programs> rom_programs(const DevicePlaces& places) {
    const auto rom = places.chip / "rom";
    const auto authority = authority_in(rom);
    if (!authority) return std::unexpected{authority.error()};
    const auto guardian = sealed_image(rom / "guardian.img", FileKind::guardian, *authority);
    if (!guardian) return std::unexpected{guardian.error()};
    const auto boot = sealed_image(rom / "boot.img", FileKind::boot, *authority);
    if (!boot) return std::unexpected{boot.error()};

    Programs programs;
    programs.guardian = [image = *guardian, file = (rom / "authority.bin").string()](int hal_channel, int words) {
        const std::array arguments{file.c_str()};
        return start(*image, "basalt-guardian", arguments, std::array{hal_channel}, words);
    };
    programs.boot = [image = *boot, file = (rom / "authority.bin").string(), flash = places.flash.string(),
                     tcti = tcti_of(places)](int boot_channel, int dose_channel, int screen_channel, int listener,
                                             int words) {
        const std::array arguments{flash.c_str(), tcti.c_str(), file.c_str()};
        const std::array given{boot_channel, dose_channel, screen_channel, listener};
        return start(*image, "basalt-boot", arguments, std::span{given}.first(listener < 0 ? 3 : 4), words);
    };
    return programs;
}

Result<void> SimulatedTpm::on() {
    auto chip = tpm::Simulator::start(places_);
    if (!chip) return std::unexpected{chip.error()};
    chip_.emplace(std::move(*chip));
    return {};
}

void SimulatedTpm::off() noexcept {
    if (chip_) chip_->power_cut();
    chip_.reset();
}

void SimulatedTpm::shut_down() noexcept {
    if (chip_) (void)chip_->stop();  // what it would say here ends with it; the next start tells whether it is whole
    chip_.reset();
}

}  // namespace basalt::bench
