// device/hal/seqpacket.h: channels as the programs have them: Unix SOCK_SEQPACKET descriptors, a frame a packet.
#pragma once
#include "device/hal/port.h"

#include <array>
#include <cstdint>
#include <expected>
#include <span>

namespace basalt::hal {

/// Owns a file descriptor and closes it. -1: none.
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int fd) noexcept : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();
    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }
    int release() noexcept;

  private:
    int fd_ = -1;
};

/// What receive() found.
enum class Arrival : std::uint8_t {
    frame,     ///< `size` bytes stand in the buffer
    nothing,   ///< nothing is there at the moment (only when asked not to wait)
    too_long,  ///< a packet longer than any frame: dropped
    ended,     ///< the other end is closed, or the channel is broken
};

/// The most descriptors that travel with one frame.
inline constexpr std::size_t most_descriptors = 2;

struct Received {
    Arrival arrival = Arrival::ended;
    std::size_t size = 0;
    std::array<Descriptor, most_descriptors> descriptors;  ///< in the order in which they were sent; the rest are empty
};

/// Whether a call waits for the other side.
enum class Wait : std::uint8_t { yes, no };

/// One end of a channel. No heap, no exceptions; never raises SIGPIPE.
class Seqpacket final : public Port {
  public:
    Seqpacket() = default;
    /// Takes the descriptor. `full`: what send() does when the neighbour does not read: waits, or refuses with false.
    /// Towards a neighbour that may be hostile it must not wait.
    explicit Seqpacket(Descriptor end, Wait full = Wait::yes) noexcept
        : end_(static_cast<Descriptor&&>(end)), full_(full) {}

    bool send(ByteView frame) noexcept override { return send_with(frame, {}); }
    /// Sends a frame and copies of at most most_descriptors descriptors with it. An empty frame is never sent.
    bool send_with(ByteView frame, std::span<const int> descriptors) noexcept;

    /// Receives one packet into `buffer`. Descriptors that come along are closed unseen: nobody can make this program
    /// hold what it did not ask for.
    Received receive(std::span<std::uint8_t> buffer, Wait wait = Wait::yes) noexcept;
    /// The same, and takes up to most_descriptors descriptors (close-on-exec); more than these are closed.
    Received receive_with(std::span<std::uint8_t> buffer, Wait wait = Wait::yes) noexcept;

    int get() const noexcept { return end_.get(); }
    bool open() const noexcept { return static_cast<bool>(end_); }
    void close() noexcept { end_ = Descriptor{}; }

  private:
    Received receive_some(std::span<std::uint8_t> buffer, Wait wait, bool with_descriptors) noexcept;
    Descriptor end_;
    Wait full_ = Wait::yes;
};

/// Two joined ends, close-on-exec. On failure errno.
struct SeqpacketPair {
    Descriptor a, b;
};
std::expected<SeqpacketPair, int> make_seqpacket_pair() noexcept;

/// Waits until one of `ends` (closed ones are passed as -1 and never ready) can be read or has ended.
/// Returns: bit N for ends[N]; 0 when `timeout_ms` passed first (-1: waits for ever) or the wait failed.
/// Takes at most 8.
std::uint32_t wait_readable(std::span<const int> ends, int timeout_ms) noexcept;

}  // namespace basalt::hal
