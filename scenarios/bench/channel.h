// scenarios/bench/channel.h: the board's end of a channel to one of the device's programs: packets, and descriptors that
// travel with them.
#pragma once
#include "device/hal/port.h"
#include "scenarios/bench/descriptor.h"
#include "tpm/result.h"

#include <optional>
#include <utility>

namespace basalt::bench {

/// A SOCK_SEQPACKET pair, both ends closed on exec.
Result<std::pair<Descriptor, Descriptor>> channel_pair();

class Channel final : public hal::Port {
  public:
    Channel() = default;
    explicit Channel(Descriptor end) noexcept : end_(std::move(end)) {}
    Channel(Channel&&) noexcept = default;
    Channel& operator=(Channel&&) noexcept = default;

    bool send(ByteView frame) noexcept override { return send(frame, {}); }
    /// Sends a frame with up to four descriptors, which stay open here.
    bool send(ByteView frame, std::span<const int> descriptors) noexcept;

    struct Received {
        std::array<std::uint8_t, max_frame_size> data;
        std::size_t size = 0;
        ByteView view() const noexcept { return ByteView{data}.first(size); }
    };
    enum class Event : std::uint8_t { frame, nothing, ended };
    /// Takes what is there and never waits. A frame longer than max_frame_size is dropped and the next one taken.
    Event receive(Received& into) noexcept;
    /// Waits for something to take, at most this long. False: nothing came. A negative time waits for ever.
    bool wait(int at_most_ms) const noexcept;

    int number() const noexcept { return end_.number(); }
    explicit operator bool() const noexcept { return static_cast<bool>(end_); }
    void close() noexcept { end_.close(); }

  private:
    Descriptor end_;
};

}  // namespace basalt::bench
