// device/common/authority.h: whom this device trusts, and which variant it is. Part of the ROM
// (chip/rom/authority.bin), the same on every device of a variant, measured into PCR 1. Page:
// docs/formats/authority.md.
#pragma once
#include "device/common/signed_file.h"

#include <optional>

namespace basalt {

struct Authority {
    Variant variant = Variant::production;
    std::uint16_t hardware = this_hardware;
    bool development = true;    ///< made by this repository's own keys: said in certificates, console and images
    PublicKey image_key{};      ///< manufacturer: signs guardian, boot, firmware and gateway images
    PublicKey policy_key{};     ///< manufacturer: signs the PCR states under which data keys open (PolicyAuthorize)
    PublicKey hospital_key{};   ///< hospital: signs device configurations
    PublicKey physician_key{};  ///< physician: signs failsafe profiles
    std::uint32_t switched_off = 0;  ///< defences that a training device does without, one bit each; 0 in production
    template <class C>
    void fields(C& c) {
        c(variant);
        c(hardware);
        c(development);
        c(image_key);
        c(policy_key);
        c(hospital_key);
        c(physician_key);
        c(switched_off);
    }
};

/// The file holds one such frame and nothing else.
struct AuthorityFile {
    static constexpr std::uint8_t number = 1;
    Authority authority;
    template <class C>
    void fields(C& c) {
        c(authority);
    }
};
using AuthorityFrames = FrameSet<'A', AuthorityFile>;

/// Bits of switched_off. Each is one defence, decided in one function in a file of its own, whose twin in
/// scenarios/training/ alone reads its bit.
enum class Defence : std::uint32_t { image_check = 1U << 0, sealing = 1U << 1 };

/// Reads an authority file: the one reader, of the guardian, of boot and of the board.
/// Nothing when it is no such file, is for another hardware model, has switches that no defence has, or is a production
/// authority with any switch: whoever wants to switch a defence off must say "training" where everybody can measure it.
/// Rely on: no heap, no exceptions; any bytes are safe to pass.
std::optional<Authority> read_authority(ByteView file) noexcept;

}  // namespace basalt
