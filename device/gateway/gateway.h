// device/gateway/gateway.h: the part of the device that meets the network. It forwards what is well formed and asked
// for, and nothing else; it reads no body, knows no patient and decides nothing.
#pragma once
#include "device/hal/port.h"
#include "device/link/frame_channel.h"

namespace basalt::gateway {

/// What was let through and what was not, since the gateway started.
struct Counts {
    std::uint64_t forwarded = 0;
    std::uint64_t malformed = 0;  ///< no frame of this channel, from either side
    std::uint64_t wrong_way = 0;  ///< a reply from the network, or a request from the firmware
    std::uint64_t too_many = 0;   ///< requests beyond max_outstanding, or under a number that still waits for its reply
    std::uint64_t not_asked = 0;  ///< replies to no request, or beyond link::max_replies
    std::uint64_t not_taken = 0;  ///< the neighbour was gone, or did not empty its buffer
};

/// Filters by type (requests inwards, replies outwards), by size (a frame is decoded whole before it is passed on) and
/// by rate. Rate needs no clock: the gateway holds max_outstanding tokens; a request takes one, its last reply gives it
/// back. So the firmware, which answers at most link::frames_a_tick a tick, sets the pace, and a flood ends here.
///
/// Rely on:  no byte string that arrives can make it send anything but a well-formed frame, more than max_outstanding
///           unanswered requests, or more than link::max_replies replies to one. Uses no heap. Sends only to its two
///           ports.
/// Attacker: whoever has taken over this program can still send the firmware what he likes: the firmware checks again.
/// Source:   R19, R22.
class Gateway {
  public:
    static constexpr std::size_t max_outstanding = static_cast<std::size_t>(link::frames_a_tick);

    Gateway(hal::Port& firmware, hal::Port& radio) noexcept : firmware_(firmware), radio_(radio) {}

    /// A frame came from the network.
    void on_radio(ByteView frame) noexcept;
    /// A frame came from the firmware.
    void on_firmware(ByteView frame) noexcept;

    const Counts& counts() const noexcept { return counts_; }

  private:
    struct Waiting {
        bool used = false;
        std::uint32_t id = 0;
        int replies_left = 0;
    };
    Waiting* waiting_for(std::uint32_t id) noexcept;
    void say_busy(std::uint32_t id) noexcept;
    bool pass(hal::Port& to, ByteView frame) noexcept;

    hal::Port& firmware_;
    hal::Port& radio_;
    std::array<Waiting, max_outstanding> waiting_{};
    Counts counts_;
};

}  // namespace basalt::gateway
