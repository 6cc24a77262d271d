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
    std::uint64_t wrong_way = 0;  ///< what only the firmware says from the network, or the other way round
    std::uint64_t too_many = 0;  ///< requests beyond max_outstanding, or under a number that still waits for its reply;
                                 ///< sealed messages beyond max_sealed_waiting of their session
    std::uint64_t not_asked = 0;  ///< replies to no request, or beyond link::max_replies; what belongs to no session
    std::uint64_t foreign =
        0;  ///< under the number of another connection's session, or no session's frame from the network
    std::uint64_t not_taken = 0;  ///< the neighbour was gone, or did not empty its buffer
};

/// One connection of the network, as whoever holds the sockets counts them. 0 is the radio.
using Connection = std::uint16_t;
inline constexpr Connection the_radio = 0;

/// The connections of the network.
class Network {
  public:
    virtual ~Network() = default;
    /// As hal::Port::send, to that connection. False when it is gone.
    virtual bool send(Connection to, ByteView frame) noexcept = 0;

  protected:
    Network() = default;
    Network(const Network&) = default;
    Network& operator=(const Network&) = default;
};

/// Filters by type (requests inwards, replies outwards), by size (a frame is decoded whole before it is passed on) and
/// by rate. Rate needs no clock: the gateway holds max_outstanding tokens; a request takes one, its last reply gives it
/// back. So the firmware, which answers at most link::frames_a_tick a tick, sets the pace, and a flood ends here.
///
/// Frames of an end-to-end session (docs/formats/session.md) pass by their type and session number alone: max_sessions
/// sessions, each with max_sealed_waiting unanswered messages. A Hello beyond them takes the place of the session that
/// was silent for longest, first of those to whom the firmware never said anything sealed.
///
/// From a connection of the network only a session's frames pass: no request in the clear. A session belongs to the
/// connection on which its Hello came: nobody else speaks under its number, and nobody else hears its answers.
///
/// Rely on:  no byte string that arrives can make it send anything but a well-formed frame, more than max_outstanding
///           unanswered requests, or more than link::max_replies replies to one. The same holds for each session. Uses
///           no heap. Sends only to its two ports.
/// Attacker: whoever has taken over this program can still send the firmware what he likes: the firmware checks again.
/// Source:   R19, R22.
class Gateway {
  public:
    static constexpr std::size_t max_outstanding = static_cast<std::size_t>(link::frames_a_tick);
    static constexpr std::size_t max_sessions =
        16;  ///< twice what the firmware has, so that knocking pushes out nobody who speaks
    static constexpr int max_sealed_waiting = 4;

    /// All outlive this. Without a network there is the radio alone.
    Gateway(hal::Port& firmware, hal::Port& radio, Network* network = nullptr) noexcept
        : firmware_(firmware), radio_(radio), network_(network) {}

    /// A frame came from the radio.
    void on_radio(ByteView frame) noexcept { on_outside(the_radio, frame); }
    /// A frame came from this connection of the network, which is not the_radio.
    void on_network(Connection from, ByteView frame) noexcept { on_outside(from, frame); }
    /// A frame came from the firmware.
    void on_firmware(ByteView frame) noexcept;
    /// This connection is gone: its sessions are free, and what still comes for them is dropped. Its number may be used
    /// again.
    void gone(Connection connection) noexcept;

    const Counts& counts() const noexcept { return counts_; }

  private:
    struct Waiting {
        bool used = false;
        std::uint32_t id = 0;
        int replies_left = 0;
    };
    struct Session {
        bool used = false;
        bool spoke = false;  ///< the firmware has answered it with something sealed, so its client has the keys
        Connection connection = the_radio;
        std::uint32_t number = 0;
        int waiting = 0;            ///< messages without their last answer
        int replies_left = 0;       ///< what the firmware may still say
        std::uint64_t last_in = 0;  ///< the order in which sessions were heard, from the network
    };
    void on_outside(Connection from, ByteView frame) noexcept;
    void pass_in(Connection from, const link::Request& request, ByteView frame) noexcept;
    void pass_in(Connection from, const link::Hello& hello, ByteView frame) noexcept;
    void pass_in(Connection from, const link::SealedIn& sealed, ByteView frame) noexcept;
    void pass_out(const link::Reply& reply, ByteView frame) noexcept;
    void pass_out(const link::Answer& answer, ByteView frame) noexcept;
    void pass_out(const link::SealedOut& sealed, ByteView frame) noexcept;
    template <class Wrong>
    void pass_in(Connection, const Wrong&, ByteView) noexcept {
        ++counts_.wrong_way;
    }
    template <class Wrong>
    void pass_out(const Wrong&, ByteView) noexcept {
        ++counts_.wrong_way;
    }
    void pass_out(std::uint32_t session, bool last, ByteView frame) noexcept;

    Session* session_of(std::uint32_t number) noexcept;
    Session& place_for_a_session() noexcept;
    Waiting* waiting_for(std::uint32_t id) noexcept;
    void say_busy(std::uint32_t id) noexcept;
    bool pass_to_firmware(ByteView frame) noexcept;
    bool pass_outside(Connection to, ByteView frame) noexcept;

    hal::Port& firmware_;
    hal::Port& radio_;
    Network* network_;
    std::array<Waiting, max_outstanding> waiting_{};
    std::array<Session, max_sessions> sessions_{};
    std::uint64_t heard_ = 0;
    Counts counts_;
};

}  // namespace basalt::gateway
