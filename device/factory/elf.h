// device/factory/elf.h: what an ELF file says that it needs.
#pragma once
#include "device/common/codec.h"
#include "device/common/result.h"

#include <string>
#include <vector>

namespace basalt::factory {

struct ElfNeeds {
    std::string loader;               ///< PT_INTERP; empty: the program needs none
    std::string soname;               ///< DT_SONAME; empty for a program
    std::vector<std::string> needed;  ///< DT_NEEDED, in their order
};

/// Reads the headers of a 64-bit little-endian ELF file.
/// Errors: unreadable, with the reason. Rely on: reads nothing outside `file`, whatever it holds.
Result<ElfNeeds> read_elf(ByteView file);

}  // namespace basalt::factory
