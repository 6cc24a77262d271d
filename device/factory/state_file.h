// device/factory/state_file.h: state.toml: what a state directory is. Page: docs/formats/state-directory.md.
#pragma once
#include "device/common/result.h"
#include "device/common/signed_file.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace basalt::factory {

/// Raised when an older Basalt could no longer use the directory.
inline constexpr std::int64_t state_format = 1;

struct StateFile {
    Variant variant = Variant::production;
    std::uint32_t switched_off = 0;  ///< bits of Defence
    std::uint64_t seed = 0;          ///< of the device; its identity follows from it. At most 2^63 - 1
    DeviceId device{};
};

std::string to_toml(const StateFile& state);
/// Errors: refused (made by a newer Basalt), unreadable (names the line and what was expected).
Result<StateFile> parse_state_file(std::string_view toml);
/// Of the device in that directory. Errors: missing (no device there, with the remedy), refused, unreadable.
Result<StateFile> read_state_file(const std::filesystem::path& state_directory);

/// "image_check", "sealing"; empty for a bit that is no defence.
std::string_view name_of_defence(std::uint32_t bit) noexcept;

}  // namespace basalt::factory
