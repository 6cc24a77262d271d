// device/common/signed_file.h: the one container of everything that the device trusts by a signature: images, the failsafe
// profile, the device configuration. One parser, one verifier. The page is docs/formats/signed-file.md.
#pragma once
#include "device/common/digest.h"
#include "device/common/image_verdict.h"

#include <optional>

namespace basalt {

enum class FileKind : std::uint8_t { guardian = 1, boot = 2, firmware = 3, gateway = 4, profile = 5, configuration = 6 };
constexpr bool is_known(FileKind k) noexcept { return k >= FileKind::guardian && k <= FileKind::configuration; }

enum class Variant : std::uint8_t { production = 1, training = 2 };
constexpr bool is_known(Variant v) noexcept { return v == Variant::production || v == Variant::training; }

using DeviceId = std::array<std::uint8_t, 16>;
inline constexpr DeviceId any_device{};
/// The model that Basalt's simulated hardware is. An image for another one is refused (R15).
inline constexpr std::uint16_t this_hardware = 0x0B01;

struct SignedHeader {
    static constexpr std::size_t size = 128;            ///< bytes before the signature, padding included
    static constexpr std::size_t total = size + 64;     ///< where the payload begins
    FileKind kind = FileKind::firmware;
    Variant variant = Variant::production;
    std::uint16_t hardware = this_hardware;
    std::uint32_t version = 0;                          ///< security version, never goes back
    DeviceId device = any_device;                       ///< any_device: fits every device of the model
    std::uint64_t payload_size = 0;
    Digest payload_digest{};
    template <class C> void fields(C& c) {
        c(kind); c(variant); c(hardware); c(version); c(device); c(payload_size); c(payload_digest);
    }
};

/// What the reader of a file insists on.
struct Expected {
    FileKind kind;
    Variant variant;
    DeviceId device;  ///< a file for any_device fits too, unless it is a profile or a configuration
};

/// Who computes the SHA-256 of the payload: device/common's own, or another one where files are large. Whoever it is,
/// the signature is checked by device/common alone.
using PayloadHash = Digest (*)(ByteView) noexcept;

/// A file whose signature, digest, kind, variant, hardware and device were all found right. Only verify() makes one.
class VerifiedFile {
  public:
    const SignedHeader& header() const noexcept { return header_; }
    ByteView payload() const noexcept { return payload_; }
    /// SHA-256 over the header, which holds the payload's digest, so this stands for the whole file. The signature is not
    /// in it: two signatures of one file measure the same. It is what is measured into a PCR.
    const Digest& measurement() const noexcept { return measurement_; }

  private:
    friend std::expected<VerifiedFile, ImageVerdict> verify(ByteView, const Expected&, const PublicKey&,
                                                            PayloadHash) noexcept;
    VerifiedFile() = default;
    SignedHeader header_;
    ByteView payload_;
    Digest measurement_{};
};

/// Checks a whole file.
/// Rely on:  reads nothing outside `file`; nothing of the payload is looked at before its signature is right; allocates
///           nothing. The result points into `file`, which must outlive it and must not change meanwhile.
/// Source:   R37, R49, R58.
std::expected<VerifiedFile, ImageVerdict> verify(ByteView file, const Expected& expected, const PublicKey& key,
                                                 PayloadHash payload_hash = sha256) noexcept;

/// The header's bytes as they are signed: "BASALT1\0", the fields, zeros up to SignedHeader::size.
std::array<std::uint8_t, SignedHeader::size> header_bytes(const SignedHeader& header) noexcept;

}  // namespace basalt
