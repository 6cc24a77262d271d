#include "device/factory/commands.h"
#include "device/factory/dev_keys.h"
#include "device/factory/image_builder.h"
#include "device/factory/sign.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace basalt::factory {
namespace {

const std::map<std::string, FileKind> kinds{{"guardian", FileKind::guardian},
                                            {"boot", FileKind::boot},
                                            {"firmware", FileKind::firmware},
                                            {"gateway", FileKind::gateway}};
const std::map<std::string, Variant> variants{{"production", Variant::production}, {"training", Variant::training}};

struct Options {
    FileKind kind = FileKind::firmware;
    Variant variant = Variant::production;
    std::uint32_t version = 1;
    std::string program, keys, out;
    std::vector<std::string> also;
};

/// Whole or not at all, so that a build that was stopped leaves no half image behind.
Result<void> write_file(const std::filesystem::path& path, const std::vector<std::uint8_t>& bytes) {
    const std::filesystem::path beside = path.string() + ".tmp";
    std::error_code error;
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
    std::ofstream out{beside, std::ios::binary | std::ios::trunc};
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (out) std::filesystem::rename(beside, path, error);
    if (!out || error)
        return fail(ErrorCode::io, "The image " + path.string() + " cannot be written.",
                    "Check that the disk is not full and the folder may be written.");
    return {};
}

Result<void> make_image(const Options& options) {
    const auto parts = parts_of({options.program, options.also});
    if (!parts) return std::unexpected{parts.error()};
    const auto payload = pack(*parts);
    if (!payload) return std::unexpected{payload.error()};
    const auto keys = make_or_load(options.keys, options.variant);
    if (!keys) return std::unexpected{keys.error()};
    const auto file = make_signed_file({.kind = options.kind, .variant = options.variant, .version = options.version},
                                       *payload, keys->image);
    if (!file) return std::unexpected{file.error()};
    return write_file(options.out, *file);
}

}  // namespace

void add_image_command(CLI::App& app) {
    auto* command = app.add_subcommand(
        "image",
        "Make a signed image of a program, with its libraries and their loader.\n"
        "Example: basalt-factory image --kind firmware --program bin/basalt-firmware --variant production"
        " --keys dev-keys --version 1 --out firmware.img");
    const auto options = std::make_shared<Options>();
    command->add_option("--kind", options->kind, "guardian, boot, firmware or gateway")
        ->required()
        ->transform(CLI::CheckedTransformer(kinds).description(""));
    command->add_option("--program", options->program, "the built program")->required();
    command->add_option("--variant", options->variant, "production or training")
        ->required()
        ->transform(CLI::CheckedTransformer(variants).description(""));
    command->add_option("--keys", options->keys, "the folder of the development keys")->required();
    command->add_option("--version", options->version, "security version, 1 or more; it never goes back")
        ->required()
        ->check(CLI::PositiveNumber);
    command->add_option("--out", options->out, "the image file")->required();
    command->add_option("--also", options->also, "a library that the program loads by name while it runs");
    command->callback([options] {
        if (const auto made = make_image(*options); !made) give_up(made.error());
    });
}

}  // namespace basalt::factory
