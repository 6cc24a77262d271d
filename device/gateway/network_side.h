// device/gateway/network_side.h: the connections of the network: accepted from the listening socket that was handed
// down, each through TLS, their frames to the Gateway and back. Asks the firmware for this boot's certificate.
#pragma once
#include "device/gateway/gateway.h"
#include "device/gateway/tls_connection.h"
#include "device/hal/seqpacket.h"

#include <array>
#include <functional>
#include <poll.h>

namespace basalt::gateway {

/// Seconds are monotonic, this program's own: they bound waiting, and carry the device's date on from where the
/// firmware gave it.
///
/// Bounds:  max_connections at once; when one more comes, the oldest that has not shown its certificate gives way, and
///          when all have, the new one is ended. Each costs at most TlsConnection::max_memory.
///          Each reason for which connections end is told at most once in tell_every, with its number: one line, and
///          one frame to the firmware.
/// Rely on: nobody is accepted before the firmware has certified this boot's key; no socket is made here, and none
/// connects. Source:  R19, R22, R26.
class NetworkSide final : public Network {
  public:
    static constexpr std::size_t max_connections = 8;
    static constexpr std::uint64_t tell_every = 60, ask_again_after = 20, renew_after = 12 * 3'600;

    using Say = std::function<void(std::string_view)>;
    /// After TlsServer::prepare(). `firmware` outlives this.
    NetworkSide(hal::Descriptor listener, hal::Port& firmware, Say say);

    /// Before anything else: where the frames of connections go. It outlives the last call of this.
    void attach(Gateway& gateway) noexcept { gateway_ = &gateway; }

    bool send(Connection to, ByteView frame) noexcept override;
    /// The firmware's answer to the last Certify. What was not asked for is dropped.
    void on_certified(const link::Certified& certified, Tick now);

    /// What to wait for: always so many, unused ones with the descriptor -1.
    static constexpr std::size_t poll_count = 1 + max_connections;
    void wants(std::span<pollfd, poll_count> out) const noexcept;
    /// What poll() said of them.
    void serve(std::span<const pollfd, poll_count> found, Tick now);
    /// Once a second: asks for a certificate where there is none, ends what waited too long, tells what was refused.
    void on_second(Tick now);

  private:
    struct Inside final : hal::Port {
        Inside(NetworkSide& owner, Connection its_number) noexcept : side(owner), number(its_number) {}
        bool send(ByteView frame) noexcept override;
        NetworkSide& side;
        Connection number;
    };
    struct Peer {
        Peer(NetworkSide& side, Connection number, hal::Descriptor its_socket, std::int64_t date, Tick now)
            : socket(std::move(its_socket)), inside(side, number), tls(*side.server_, inside, date, now), began(now) {}
        hal::Descriptor socket;
        Inside inside;
        TlsConnection tls;
        Tick began;
    };
    struct Refused {
        std::uint32_t count = 0;
        std::optional<Tick> told_at;
    };
    void ask(Tick now);
    void accept_all(Tick now);
    std::optional<Peer>* place(Tick now);
    void hear(Peer& peer, Tick now);
    static void flush(Peer& peer, Tick now) noexcept;
    void bury(Tick now);
    void count(TlsRefusal why) noexcept;
    void tell_refused(Tick now);

    hal::Descriptor listener_;
    hal::Port& firmware_;
    Say say_;
    Gateway* gateway_ = nullptr;
    std::optional<TlsKey> key_;  ///< waits for its certificate
    std::optional<Tick> asked_at_;
    std::optional<TlsServer> server_;
    Tick certified_at_;
    std::int64_t date_ = 0;  ///< the device's, at certified_at_
    std::array<std::optional<Peer>, max_connections> peers_;
    std::array<Refused, link::tls_refusal_count> refused_{};
};

}  // namespace basalt::gateway
