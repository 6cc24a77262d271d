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
    std::uint64_t too_many = 0;   ///< messages beyond max_sealed_waiting of their session
    std::uint64_t not_asked = 0;  ///< answers to nothing, or beyond link::max_replies; what belongs to no session
    std::uint64_t foreign = 0;    ///< under the number of another connection's session
    std::uint64_t not_taken = 0;  ///< the neighbour was gone, or did not empty its buffer
};

/// One connection of the network, as whoever holds the sockets counts them.
using Connection = std::uint16_t;

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

/// Filters by type (Hello and SealedIn inwards, Answer and SealedOut outwards: frames of end-to-end sessions,
/// docs/formats/session.md, and nothing else), by size (a frame is decoded whole before it is passed on) and by rate:
/// max_sessions sessions, each with max_sealed_waiting unanswered messages. Rate needs no clock: the firmware's last
/// answer to a message makes room for the next, so the firmware sets the pace, and a flood ends here. A connection has
/// one unanswered Hello and max_sessions_of_a_connection sessions; a Hello beyond them takes the place of its own,
/// first of one to whom the firmware never said anything sealed. So who knocks often pushes out nobody else.
///
/// A session belongs to the connection on which its Hello came: nobody else speaks under its number, and nobody else
/// hears its answers.
///
/// Rely on:  no byte string that arrives can make it send anything but a well-formed frame, more than
///           max_sealed_waiting unanswered messages of a session, or more than link::max_replies answers to one. Uses
///           no heap. Sends only to the firmware and to the network.
/// Attacker: whoever has taken over this program can still send the firmware what he likes: the firmware checks again,
///           and has no frame here that shows him anything (R26).
/// Source:   R19, R22, R26.
class Gateway {
  public:
    static constexpr std::size_t max_sessions = 16;  ///< enough for every connection that there can be
    static constexpr int max_sessions_of_a_connection = 2;
    static constexpr int max_sealed_waiting = 4;

    /// Both outlive this.
    Gateway(hal::Port& firmware, Network& network) noexcept : firmware_(firmware), network_(network) {}

    /// A frame came from this connection of the network.
    void on_network(Connection from, ByteView frame) noexcept;
    /// A frame came from the firmware.
    void on_firmware(ByteView frame) noexcept;
    /// This connection is gone: its sessions are free, and what still comes for them is dropped. Its number may be used
    /// again.
    void gone(Connection connection) noexcept;

    const Counts& counts() const noexcept { return counts_; }

  private:
    struct Session {
        bool used = false;
        bool answered = false;  ///< its Hello was, also with a refusal
        bool spoke = false;     ///< the firmware has answered it with something sealed, so its client has the keys
        Connection connection = 0;
        std::uint32_t number = 0;
        int waiting = 0;            ///< messages without their last answer
        int replies_left = 0;       ///< what the firmware may still say
        std::uint64_t last_in = 0;  ///< the order in which sessions were heard, from the network
    };
    void pass_in(Connection from, const link::Hello& hello, ByteView frame) noexcept;
    void pass_in(Connection from, const link::SealedIn& sealed, ByteView frame) noexcept;
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
    bool knocks(Connection from) const noexcept;
    Session& place_for_a_session(Connection from) noexcept;
    bool pass_to_firmware(ByteView frame) noexcept;
    void pass_to_network(Connection to, ByteView frame) noexcept;

    hal::Port& firmware_;
    Network& network_;
    std::array<Session, max_sessions> sessions_{};
    std::uint64_t heard_ = 0;
    Counts counts_;
};

}  // namespace basalt::gateway
