// device/gateway/tls_connection.h: one connection from the network, as bytes in and bytes out. No socket, no clock.
#pragma once
#include "device/common/digest.h"
#include "device/gateway/tls_server.h"
#include "device/hal/port.h"
#include "device/link/stream_frames.h"
#include "device/link/tls_refusal.h"

#include <optional>
#include <string>

struct ssl_st;

namespace basalt::gateway {

using link::TlsRefusal;

/// Use: what the socket brings to receive(); what outgoing() shows to the socket, then sent(); on_tick() once a tick.
/// Whole frames of the peer go to the port `inside`; frames for it come by send(). When over() says why, what is still
/// outgoing (an alert) may be sent once; then the socket is closed.
///
/// Bounds:   max_handshake bytes until the peer has shown its certificate; a frame of max_frame_size; max_outgoing
/// bytes that
///           wait for the peer. So whoever connects costs at most max_memory bytes here.
/// Ticks:    the handshake within handshake_ticks; a whole frame every silent_ticks; all that waits taken within
/// slow_ticks. Rely on:  no frame goes inside and none comes out before the peer has shown a certificate that fits at
/// `now_unix_s`. Source:   R19, R22, R26; RFC 8446.
class TlsConnection final : public hal::Port {
  public:
    static constexpr std::size_t max_handshake = 32 * 1024, max_outgoing = 128 * 1024, max_memory = 512 * 1024;
    static constexpr std::uint64_t handshake_ticks = 10, silent_ticks = 60, slow_ticks = 30;

    /// `now_unix_s`: the device's date, by which the peer's certificate must be valid. `inside` outlives this.
    TlsConnection(const TlsServer& server, hal::Port& inside, std::int64_t now_unix_s, Tick now) noexcept;
    TlsConnection(const TlsConnection&) = delete;
    TlsConnection& operator=(const TlsConnection&) = delete;
    ~TlsConnection() override;

    void receive(ByteView bytes, Tick now) noexcept;
    /// The socket has ended.
    void ended() noexcept { end(TlsRefusal::closed); }
    /// False: not open, or the peer takes nothing; the frame is dropped whole.
    bool send(ByteView frame) noexcept override;
    /// Stands until the next call of anything else.
    ByteView outgoing() const noexcept;
    void sent(std::size_t count, Tick now) noexcept;
    void on_tick(Tick now) noexcept;
    /// Says goodbye to the peer.
    void close() noexcept;

    bool open() const noexcept { return open_ && !over_; }
    std::optional<TlsRefusal> over() const noexcept { return over_; }
    /// SHA-256 of the peer's certificate, for the log and for a filter by origin. Only when open() was ever true.
    const Digest& peer() const noexcept { return peer_; }

  private:
    struct Free {
        void operator()(ssl_st* connection) const noexcept;
    };
    void shake_hands(Tick now) noexcept;
    void read_frames(Tick now) noexcept;
    void end(TlsRefusal why) noexcept;
    TlsRefusal reason() const noexcept;

    hal::Port& inside_;
    std::unique_ptr<ssl_st, Free> tls_;
    link::StreamFrames frames_;
    Digest peer_{};
    bool open_ = false;
    std::optional<TlsRefusal> over_;
    std::size_t handshake_bytes_ = 0;
    Tick began_, heard_;
    std::optional<Tick>
        waits_since_;  ///< something has been outgoing since then, without a moment in which nothing was
};

}  // namespace basalt::gateway
