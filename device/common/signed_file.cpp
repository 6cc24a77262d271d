#include "device/common/signed_file.h"

#include <algorithm>

namespace basalt {
namespace {
constexpr std::array<std::uint8_t, 8> magic{'B', 'A', 'S', 'A', 'L', 'T', '1', 0};

bool fits_device(const SignedHeader& header, const Expected& expected) noexcept {
    const bool personal = header.kind == FileKind::profile || header.kind == FileKind::configuration;
    return header.device == expected.device || (!personal && header.device == any_device);
}
}  // namespace

std::array<std::uint8_t, SignedHeader::size> header_bytes(const SignedHeader& header) noexcept {
    std::array<std::uint8_t, SignedHeader::size> out{};
    std::ranges::copy(magic, out.begin());
    codec::Writer writer{std::span{out}.subspan(magic.size())};
    const_cast<SignedHeader&>(header).fields(writer);
    return out;
}

std::expected<VerifiedFile, ImageVerdict> verify(ByteView file, const Expected& expected, const PublicKey& key,
                                                 PayloadHash payload_hash) noexcept {
    if (file.size() < SignedHeader::total) return std::unexpected{ImageVerdict::malformed};
    if (!std::ranges::equal(file.first(magic.size()), magic)) return std::unexpected{ImageVerdict::malformed};

    VerifiedFile verified;
    codec::Reader reader{file.subspan(magic.size(), SignedHeader::size - magic.size())};
    verified.header_.fields(reader);
    if (!reader.ok()) return std::unexpected{ImageVerdict::malformed};
    // One header has one spelling: what the fields do not say must be zero.
    if (!std::ranges::equal(header_bytes(verified.header_), file.first(SignedHeader::size)))
        return std::unexpected{ImageVerdict::malformed};

    Signature signature;
    std::ranges::copy(file.subspan(SignedHeader::size, signature.size()), signature.begin());
    if (!signature_fits(sha256(file.first(SignedHeader::size)), signature, key))
        return std::unexpected{ImageVerdict::bad_signature};

    verified.payload_ = file.subspan(SignedHeader::total);
    if (verified.payload_.size() != verified.header_.payload_size ||
        payload_hash(verified.payload_) != verified.header_.payload_digest)
        return std::unexpected{ImageVerdict::bad_signature};

    // The signature is right: what follows asks whether it was meant for here.
    if (verified.header_.kind != expected.kind) return std::unexpected{ImageVerdict::wrong_kind};
    if (verified.header_.hardware != this_hardware) return std::unexpected{ImageVerdict::wrong_hardware};
    if (verified.header_.variant != expected.variant) return std::unexpected{ImageVerdict::wrong_variant};
    if (!fits_device(verified.header_, expected)) return std::unexpected{ImageVerdict::wrong_device};

    verified.measurement_ = sha256(file.first(SignedHeader::size));
    return verified;
}

}  // namespace basalt
