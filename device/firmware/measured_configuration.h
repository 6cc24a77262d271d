// device/firmware/measured_configuration.h: is this the configuration that boot verified? The firmware holds no
// authority's key; the TPM's PCR 4, which only boot could extend before anything else ran, is its witness.
#pragma once
#include "device/common/signed_file.h"
#include "device/firmware/configuration.h"

namespace basalt::firmware {

struct MeasuredConfiguration {
    DeviceId device{};  ///< for which it was signed: this device, as boot has seen to
    Configuration configuration;
};

/// What boot extends PCR 4 with is SHA-256 of the file's 128 header bytes, which hold the payload's digest. So a file
/// that was changed after boot looked at it, or one that boot refused, does not fit, whoever signed it.
/// Errors:  refused: the file is not the measured one; unreadable: it is, but its TOML is no configuration (`name`, the
///          line and what was expected are named).
/// Source:  R37, R49; docs/formats/signed-file.md.
Result<MeasuredConfiguration> measured_configuration(ByteView file, std::string_view name, const Digest& pcr4);

}  // namespace basalt::firmware
