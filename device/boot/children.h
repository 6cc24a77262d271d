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
    hal::Descriptor dose;   ///< the firmware's end of the dose channel
    hal::Descriptor radio;  ///< the gateway's end of the radio channel
};

/// The firmware once, the gateway as often as it dies.
/// Boot keeps no end of the dose and frame channels: when a process dies its neighbour sees the channel's end at once.
class Children {
  public:
    explicit Children(ChildNeeds needs) noexcept : needs_(std::move(needs)) {}
    Children(const Children&) = delete;
    Children& operator=(const Children&) = delete;
    ~Children();

    /// Starts the firmware, then the gateway (if there is one, and the network is not isolated), joined by a frame
    /// channel. Without a gateway the firmware finds its frame channel already ended. False: no firmware runs, and the
    /// dose channel has ended.
    bool start(Choice choice, bool network_isolated) noexcept;

    struct Watch {
        hal::GatewayState gateway = hal::GatewayState::down;
        bool restarted = false;
    };
    /// Once a tick: buries the dead, stops the gateway of an isolated network, starts it again where it died, at most
    /// once. Its new frame channel goes to the firmware by the hand-over channel. Never waits, but for the end of a
    /// process that it killed itself. A dead firmware is not restarted: the guardian sees the dose channel's end and
    /// pulls the reset line; its gateway goes with it.
    Watch watch(bool network_isolated) noexcept;

    /// The processes as they are now, -1 where there is none: for tests.
    pid_t firmware() const noexcept { return firmware_; }
    pid_t gateway() const noexcept { return gateway_; }

  private:
    /// With `frames` as its end of a frame channel.
    bool start_gateway(const hal::Descriptor& frames) noexcept;
    ChildNeeds needs_;
    bool gateway_refused_ = true;
    std::optional<SealedImage> gateway_image_;
    hal::Seqpacket hand_over_;
    pid_t firmware_ = -1;
    pid_t gateway_ = -1;
};

}  // namespace basalt::boot
