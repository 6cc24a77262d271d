// device/firmware/access/names.h: what an account may be called: a short name that stands in the log and is typed to
// log in, and a name that people read.
#pragma once
#include "tpm/result.h"

#include <string>
#include <string_view>

namespace basalt::access {

inline constexpr std::size_t short_name_max = 32;  ///< bytes
inline constexpr std::size_t shown_name_max = 64;  ///< characters
inline constexpr std::size_t shown_name_bytes = 256;

/// A short name: 2 to 32 of a-z 0-9 . _ -, beginning with a letter; no name of a part of the device ("guardian").
/// Two of them look alike to nobody: no capitals, no accents, no other scripts. Refused, never repaired.
Result<std::string> short_name(std::string_view typed);

/// The name that screens show: 1 to 64 characters, in normal form C, no control, invisible or right-to-left characters
/// (one such character makes a line of the log read as another), no space at its ends and none double.
Result<std::string> shown_name(std::string_view typed);

}  // namespace basalt::access
