// device/link/stream_frames.h: frames over a stream that keeps no bounds between them, such as TLS: each has its length
// in front (u16, little endian). Page: docs/formats/frame-channel.md.
#pragma once
#include "device/common/codec.h"

#include <optional>

namespace basalt::link {

/// What stands in front of a frame of this size. The frame is at most max_frame_size long.
constexpr std::array<std::uint8_t, 2> length_of(ByteView frame) noexcept {
    return {static_cast<std::uint8_t>(frame.size() & 0xff), static_cast<std::uint8_t>(frame.size() >> 8)};
}

/// Puts frames together again, one at most at a time, in one fixed buffer.
class StreamFrames {
  public:
    /// Takes bytes from the front of `in` until a frame is whole or `in` is empty. What comes out stands until the next
    /// call. Nothing comes out any more when broken(): a length was 0 or beyond max_frame_size.
    std::optional<ByteView> take(ByteView& in) noexcept {
        if (whole_) at_ = 0, whole_ = false;
        while (!in.empty() && !broken_) {
            buffer_[at_++] = in.front();
            in = in.subspan(1);
            if (at_ < 2) continue;
            const std::size_t size = buffer_[0] | static_cast<std::size_t>(buffer_[1]) << 8;
            broken_ = size == 0 || size > max_frame_size;
            whole_ = !broken_ && at_ == 2 + size;
            if (whole_) return ByteView{buffer_}.subspan(2, size);
        }
        return std::nullopt;
    }
    bool broken() const noexcept { return broken_; }

  private:
    std::array<std::uint8_t, 2 + max_frame_size> buffer_{};
    std::size_t at_ = 0;
    bool whole_ = false, broken_ = false;
};

}  // namespace basalt::link
