// device/boot/children.h: the processes that boot started: it alone starts, stops and restarts them.
#pragma once
#include "device/boot/launch.h"
#include "device/boot/slots.h"
#include "device/hal/boot_frames.h"

#include <optional>

namespace basalt::boot {

/// What the firmware and the gateway are given; see docs/how-it-runs.md.
struct ChildNeeds {
    const char* flash = "";  ///< both paths stay the caller's
    const char* tcti = "";
    hal::Descriptor dose;        ///< the firmware's end of the dose channel
    hal::Descriptor screen;      ///< the firmware's end of the screen channel
    hal::Descriptor listener{};  ///< the gateway's network socket; none on a device without a network
};

/// The firmware once, the gateway as often as it dies.
/// The kernel kills them when boot ends. Boot itself may not even signal the firmware: from Linux 6.12 on Landlock lets
/// a process signal only what was started after its last confine(). Boot keeps no end of the dose, screen and frame
/// channels: when a process dies its neighbour sees the channel's end at once.
class Children {
  public:
    explicit Children(ChildNeeds needs) noexcept : needs_(std::move(needs)) {}
    Children(const Children&) = delete;
    Children& operator=(const Children&) = delete;

    enum class Started : std::uint8_t {
        nothing,     ///< no firmware runs, and the dose and screen channels have ended
        firmware,    ///< it runs; so does the gateway, if there is one and the network is not isolated
        unconfined,  ///< boot could not give up its rights: it must end, and its children end with it
    };
    struct Start {
        Started started = Started::nothing;
        ImageVerdict firmware = ImageVerdict::accepted;  ///< why a firmware that was chosen was not started
    };
    /// Starts the firmware, then gives up what boot needed until then (files, connecting to the TPM), then starts the
    /// gateway, which inherits what is left. The two are joined by a frame channel; without a gateway the firmware
    /// finds it already ended.
    Start start(Choice choice, bool network_isolated) noexcept;

    struct Watch {
        hal::GatewayState gateway = hal::GatewayState::down;
        bool restarted = false;
    };
    /// Once a tick: buries the dead, stops the gateway of an isolated network, starts it again where it died, at most
    /// once. Its new frame channel goes to the firmware by the hand-over channel. Never waits, but for the end of a
    /// process that it killed itself. A dead firmware is not restarted: the guardian sees the dose channel's end and
    /// pulls the reset line; its gateway goes with it.
    Watch watch(bool network_isolated) noexcept;

  private:
    // Each with `frames` as its end of a frame channel.
    std::expected<void, LaunchFault> start_firmware(const SealedImage& image, const hal::Descriptor& dose,
                                                    const hal::Descriptor& screen,
                                                    const hal::Descriptor& frames) noexcept;
    bool start_gateway(const hal::Descriptor& frames) noexcept;
    ChildNeeds needs_;
    bool gateway_refused_ = true;
    std::optional<SealedImage> gateway_image_;
    hal::Seqpacket hand_over_;
    pid_t firmware_ = -1;
    pid_t gateway_ = -1;
};

}  // namespace basalt::boot
