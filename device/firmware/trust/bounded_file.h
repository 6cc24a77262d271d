// device/firmware/trust/bounded_file.h: reads a whole small file of flash/, which an attacker may have written.
#pragma once
#include "device/common/result.h"
#include "tpm/bytes.h"

#include <filesystem>

namespace basalt::firmware {

/// Errors: missing, or unreadable when it is longer than `longest` bytes; each names the file.
Result<tpm::ByteVector> read_bounded(const std::filesystem::path& file, std::size_t longest);

}  // namespace basalt::firmware
