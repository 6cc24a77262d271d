// device/firmware/trust/bounded_file.h: reads a whole small file of flash/, which an attacker may have written.
#pragma once
#include "device/common/result.h"
#include "tpm/bytes.h"

#include <filesystem>

namespace basalt::firmware {

/// Never waits, follows no link in the place of the file.
/// Errors: missing; unreadable: longer than `longest` bytes, or no regular file (a pipe, a device, a link). Each names
/// the file.
Result<tpm::ByteVector> read_bounded(const std::filesystem::path& file, std::size_t longest);

}  // namespace basalt::firmware
