// device/hal/boot_frames.h: the channel between the guardian and boot. Its page is docs/formats/dose-frames.md.
#pragma once
#include "device/common/codec.h"
#include "device/common/image_verdict.h"

namespace basalt::hal {

/// Guardian to boot, once after each reset: begin.
struct BootStart {
    static constexpr std::uint8_t number = 1;
    std::uint64_t generation = 0;                    ///< of the guardian's memory; grows with each BootStart. Boot finds it stale
                                                     ///< when it is not above the TPM's NV counter, and then counts that up
    std::array<std::uint8_t, 32> profile_digest{};   ///< SHA-256 of the signed profile, for PCR 5; zero: none verified
    std::array<std::uint8_t, 16> device{};           ///< the device's identity, which its configuration must name
    bool network_isolated = false;                   ///< the gateway is not to be started
    std::uint32_t configuration_version = 0;         ///< the highest that was accepted: an older one is refused
    template <class C> void fields(C& c) {
        c(generation); c(profile_digest); c(device); c(network_isolated); c(configuration_version);
    }
};

/// Guardian to boot, in every tick: look after the gateway. Boot answers with BootDone.
struct BootTick {
    static constexpr std::uint8_t number = 2;
    Tick tick;
    bool network_isolated = false;
    template <class C> void fields(C& c) { c(tick); c(network_isolated); }
};

enum class Slot : std::uint8_t { none = 0, a = 1, b = 2 };
constexpr bool is_known(Slot s) noexcept { return s <= Slot::b; }

enum class Anchor : std::uint8_t {
    fresh = 0,    ///< the generation is the one that the TPM expects
    stale = 1,    ///< an older copy of the guardian's memory was put back
    unknown = 2,  ///< the TPM could not be asked
};
constexpr bool is_known(Anchor a) noexcept { return a <= Anchor::unknown; }

/// Boot to guardian, once after BootStart: what was found, before anything of it runs beyond what `launched` says.
struct BootReport {
    static constexpr std::uint8_t number = 64;
    bool launched = false;   ///< a verified firmware runs
    bool tpm_ok = false;     ///< the TPM answered and holds the measurements
    Slot slot = Slot::none;  ///< where the firmware came from
    Anchor anchor = Anchor::unknown;
    ImageVerdict firmware_a = ImageVerdict::missing;
    ImageVerdict firmware_b = ImageVerdict::missing;
    ImageVerdict gateway = ImageVerdict::missing;
    ImageVerdict configuration = ImageVerdict::missing;
    std::uint32_t configuration_version = 0;  ///< of the one that was accepted
    template <class C> void fields(C& c) {
        c(launched); c(tpm_ok); c(slot); c(anchor); c(firmware_a); c(firmware_b); c(gateway); c(configuration);
        c(configuration_version);
    }
};

enum class GatewayState : std::uint8_t { down = 0, up = 1, refused = 2, isolated = 3 };
constexpr bool is_known(GatewayState g) noexcept { return g <= GatewayState::isolated; }

/// Boot to guardian: boot's part of the tick is over. Closes boot's slot.
struct BootDone {
    static constexpr std::uint8_t number = 65;
    Tick tick;
    GatewayState gateway = GatewayState::down;
    bool gateway_restarted = false;
    template <class C> void fields(C& c) { c(tick); c(gateway); c(gateway_restarted); }
};

using BootFrames = FrameSet<'B', BootStart, BootTick, BootReport, BootDone>;

}  // namespace basalt::hal
