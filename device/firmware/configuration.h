// device/firmware/configuration.h: the settings of one device, as the hospital signed them. Page:
// docs/formats/device-configuration.md.
#pragma once
#include "device/common/result.h"
#include "device/firmware/therapy/basal.h"
#include "device/firmware/therapy/glucose.h"

#include <string>
#include <string_view>
#include <vector>

namespace basalt::firmware {

struct Configuration {
    std::string device_name;  ///< what people call this pump: 1 to 64 bytes of UTF-8 without control characters
    GlucoseUnit glucose_unit = GlucoseUnit::mg_dl;
    BasalRates basal{};
    /// Whoever shows a certificate of this authority is let in from the network (DER). Empty: nobody is.
    std::vector<std::uint8_t> client_authority{};
};

/// A certificate in it is no longer than this, in bytes.
inline constexpr std::size_t max_authority_size = 600;
/// A configuration is no longer than this.
inline constexpr std::size_t max_configuration_size = std::size_t{16} * 1024;

/// Reads a configuration whole, or refuses it whole.
/// Rely on:  every rate of a result is settable; unknown, missing, doubled and mistyped keys, 23 rates, NaN and rates
/// beyond
///           the limits are refused. The error names `file`, the line, and what was expected. Nothing is repaired.
///           The signature is not looked at here: boot has done that.
/// Source:   R37, R49.
Result<Configuration> read_configuration(std::string_view toml, std::string_view file);

/// A configuration as TOML that read_configuration() takes; the same bytes for the same settings.
std::string to_toml(const Configuration& configuration);

}  // namespace basalt::firmware
