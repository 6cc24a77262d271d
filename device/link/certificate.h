// device/link/certificate.h: the few X.509 certificates that Basalt makes, as bytes to be signed. The device's firmware
// writes one for its gateway, the factory all others; who signs is not known here, so that a key in a TPM can.
#pragma once
#include "device/common/digest.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace basalt::link {

/// DER.
using Der = std::vector<std::uint8_t>;
/// Longer certificates are not read, and none that is made here is.
inline constexpr std::size_t max_certificate_size = 600;

enum class CertificateUse : std::uint8_t {
    root,       ///< signs what signs others
    authority,  ///< signs servers' or clients' certificates, and nothing that signs on: an authority, or a device
    server,
    client,
};

struct CertificateOrder {
    ByteView issuer;           ///< a Name: name_of() or what stands in the issuer's own certificate
    std::string_view subject;  ///< common name, at most 64 bytes of ASCII
    PublicKey key{};
    CertificateUse use = CertificateUse::client;
    std::int64_t from_unix_s = 0, until_unix_s = 0;  ///< of the years 1970 to 2049
};

/// The Name that consists of this common name.
Der name_of(std::string_view common_name);
/// A TBSCertificate: ECDSA with SHA-256, the extensions of its use and no others. The serial number follows from all
/// the rest, so the same order gives the same bytes. Source: RFC 5280, 4.1 and 4.2.1.
Der to_be_signed(const CertificateOrder& order);
/// The whole certificate; `signature` is that of sha256(to_be_signed).
Der certificate(ByteView to_be_signed, const Signature& signature);

}  // namespace basalt::link
