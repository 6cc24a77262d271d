// device/link/channel.h: makes and reads the messages of a session, the same at both ends: every message leaves with
// all eight of EN 50159's defences and is believed only when each of them says so.
#pragma once
#include "device/link/defences.h"
#include "device/link/handshake.h"

#include <expected>

namespace basalt::link {

/// Each end promises to be heard again within so many seconds, and believes no promise longer than longest_silence_s.
inline constexpr std::uint16_t silence_s = 30, longest_silence_s = 60;
/// So many messages may one direction's key seal: far below what AES-GCM allows, and more than a day of conversation.
inline constexpr std::uint64_t max_messages = 1U << 22;

class Channel {
  public:
    struct Ends {
        Identifier self{}, peer{};
        std::uint32_t session = 0;
        Way outgoing = Way::out;
        std::uint64_t most_messages = max_messages;
    };

    /// A channel whose other end has promised, by the handshake, to be heard within silence_s of `now`.
    /// Nothing when libcrypto fails. `shared` may be wiped afterwards.
    static std::optional<Channel> make(const Ends& ends, const Secret& shared, const Digest& transcript, Tick now,
                                       std::uint32_t switched_off) noexcept;

    /// Numbers, stamps, marks and seals `message` into `out`, whose size is that of its direction's frame.
    /// False: used_up(), or libcrypto fails; nothing was numbered, and nothing can be sent any more.
    template <class M>
    bool seal(M message, Tick now, std::span<std::uint8_t> out) noexcept {
        return fill(message.header, now) && seal_frame(MessageFrames::encode(message), message.header.stamp, out);
    }

    /// Reads the body of a sealed frame that arrived at `now`.
    /// Rely on: a message comes out once at most, in order, as it was sent, by whoever took part in the handshake, and
    /// no
    ///          older than fresh_s. Anything else is dropped whole and changes nothing. The reason says whether the
    ///          session is over (DropRow::ends): the caller then ends it.
    std::expected<MessageFrames::Any, Drop> open(ByteView body, const Now& now) noexcept;

    /// The other end is silent for longer than it promised.
    bool silent(Tick now) const noexcept { return !in_time(now.seconds, deadline_s_, switched_off_); }

    std::uint64_t last_sent() const noexcept { return next_ - 1; }
    /// Stamp of the last message that was accepted.
    Stamp last_heard() const noexcept { return heard_; }
    /// Something was accepted: the other end has the keys, so it is who began this session.
    bool confirmed() const noexcept { return expected_ != keys_in_.first; }
    bool used_up() const noexcept { return sealed_ >= ends_.most_messages; }

  private:
    Channel(const Ends& ends, WayKeys in, WayKeys out, Tick now, std::uint32_t switched_off) noexcept;
    bool fill(Header& header, Tick now) noexcept;
    bool seal_frame(const EncodedFrame& frame, const Stamp& stamp, std::span<std::uint8_t> out) noexcept;
    std::expected<MessageFrames::Any, Drop> unpack(ByteView body) noexcept;
    std::optional<Drop> objection(const Header& header, const Now& now) const noexcept;

    Ends ends_;
    std::uint32_t switched_off_;
    WayKeys keys_in_, keys_out_;
    std::uint64_t next_, sealed_ = 0;  ///< what goes out: sequence number of the next; how many were sealed
    Stamp stamped_;                    ///< of the last that went out
    std::uint64_t expected_;           ///< what comes in: sequence number of the next
    Stamp heard_;
    std::uint64_t named_;  ///< feedback of the last
    std::uint64_t deadline_s_;
};

}  // namespace basalt::link
