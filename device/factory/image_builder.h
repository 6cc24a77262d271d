// device/factory/image_builder.h: makes the payload of an image (docs/formats/image.md) from a built program: the
// program, its loader, and every shared object that any of them needs.
#pragma once
#include "device/boot/image.h"
#include "device/common/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace basalt::factory {

struct PartToPack {
    boot::Role role = boot::Role::program;
    std::string name;
    std::vector<std::uint8_t> bytes;
};

/// The payload of these parts.
/// Errors: usage, when they break the rules of the format (read_image() is asked).
Result<std::vector<std::uint8_t>> pack(const std::vector<PartToPack>& parts);

struct ImageRecipe {
    std::filesystem::path program;
    /// Libraries that the program loads by name while it runs (dlopen), which it does not say in its file; by SONAME.
    std::vector<std::string> also;
};

/// The parts of a program's image: the program, its loader, then the libraries in the order in which the loader would
/// load them. They are found where the program's own loader finds them on this machine. In the loader, the path
/// /etc/ld.so.preload is made empty: it is the one file that the loader reads whatever it is told, and whoever can
/// write it would run code in every program of the device. Errors: missing (a library is not installed), unreadable (no
/// ELF file; a library whose SONAME is not the name by which
///         it is asked for, so that the loader would look for it on the disk again).
/// Rely on: the same files give the same bytes.
Result<std::vector<PartToPack>> parts_of(const ImageRecipe& recipe);

}  // namespace basalt::factory
