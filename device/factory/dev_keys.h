// device/factory/dev_keys.h: the private keys of manufacturer, hospital and physician, as development stand-ins for
// what a firm keeps in a hardware security module.
#pragma once
#include "device/common/authority.h"
#include "device/factory/p256_key.h"

namespace basalt::factory {

/// One set for each variant: a training device trusts no production key, and the other way round.
struct DevKeys {
    P256Key image;      ///< manufacturer: images
    P256Key policy;     ///< manufacturer: approved states
    P256Key hospital;   ///< device configurations
    P256Key physician;  ///< failsafe profiles
    P256Key devices;    ///< manufacturer: certificates of devices
    P256Key clients;    ///< hospital: certificates of clients
};

/// The keys in `folder`/production or `folder`/training: made at the first call (directory 0700, files 0600), the same
/// ones ever after. Two callers at once get the same keys. Errors: io, unreadable (names the file).
Result<DevKeys> make_or_load(const std::filesystem::path& folder, Variant variant);

/// Whom a device of that variant trusts. `switched_off`: bits of Defence.
/// Errors: usage: a production device does without nothing.
Result<Authority> authority_of(const DevKeys& keys, Variant variant, std::uint32_t switched_off);

}  // namespace basalt::factory
