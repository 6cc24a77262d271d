// device/firmware/base64.h: bytes as text, for settings that people copy. One spelling for each byte string.
#pragma once
#include "device/common/codec.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace basalt::firmware {

/// RFC 4648, 4: with padding, without line breaks.
std::string to_base64(ByteView bytes);
/// Nothing for anything that to_base64() does not write.
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

}  // namespace basalt::firmware
