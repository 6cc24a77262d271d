// device/firmware/gateway_frames.h: what the gateway says that is no frame of a person's session: what it needs for
// itself, and noise. Nothing of the pump's state, log or doses is answered here, whatever is asked.
#pragma once
#include "device/firmware/dropped_frames.h"
#include "device/firmware/gateway_certificate.h"

namespace basalt::firmware {

/// Bounds:   takes at most frames_room frames a tick; what is more stays in the channel, and the gateway waits.
/// Rely on:  the only frame that it sends is a Certified, which holds certificates and the device's date.
/// Attacker: whoever holds the gateway. He learns what stands in those certificates: the device's number, its keys'
/// public halves. Source:   R19, R22, R26.
class GatewayFrames {
  public:
    static constexpr std::size_t frames_room = static_cast<std::size_t>(link::frames_a_tick);

    /// `gateway` and `certificates` outlive this.
    GatewayFrames(hal::Port& gateway, GatewayCertificate& certificates) noexcept
        : gateway_(gateway), certificates_(certificates) {}

    /// False: no room before the next tick; the frame was not taken.
    bool take(ByteView frame);
    /// The gateway ended or was replaced.
    void gateway_gone() noexcept { certificates_.gateway_gone(); }

    /// Within a tick; `journal` is nullptr when there are no records.
    void serve(std::uint64_t now, Journal* journal);
    /// `on_record`: what serve() noted is durable.
    void send_answer(bool on_record) { certificates_.send_answer(gateway_, on_record); }

  private:
    hal::Port& gateway_;
    GatewayCertificate& certificates_;
    std::size_t taken_ = 0;  ///< since the last serve()
    DroppedFrames dropped_{"gateway"};
};

}  // namespace basalt::firmware
