// device/factory/certificates.h: who a new device is, and who may speak to it: development certificates, which say so.
#pragma once
#include "device/factory/dev_keys.h"
#include "device/link/certificate.h"

namespace basalt::factory {

/// Stand-ins for a manufacturer's and a hospital's certification authority. Each is valid from 2020 to 2049, because a
/// development device has no better date than its computer's.
struct DeviceCertificates {
    link::Der manufacturer;      ///< signs devices' identities
    link::Der identity;          ///< of this device's identity key, which signs its gateway's keys
    link::Der client_authority;  ///< signs clients: the hospital's
    link::Der console;           ///< a client
};

/// `identity`: the device identity key's public half; `console`: a client's.
Result<DeviceCertificates> make_certificates(const DevKeys& keys, Variant variant, const DeviceId& device,
                                             const PublicKey& identity, const PublicKey& console);

/// As PEM, for tools and for whoever reads.
std::string to_pem(const link::Der& certificate);

}  // namespace basalt::factory
