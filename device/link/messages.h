// device/link/messages.h: what two ends of a session say to each other, once nobody else can read it. Page:
// docs/formats/session.md.
#pragma once
#include "device/common/codec.h"
#include "device/link/frame_channel.h"

namespace basalt::link {

/// Who sends and who is meant: 16 bytes that the device's configuration and the client's enrolment say. No secret.
using Identifier = std::array<std::uint8_t, 16>;

/// When a message was made, in the device's time; `count` tells messages of the same second apart.
struct Stamp {
    Tick tick;
    std::uint32_t count = 0;
    template <class C>
    void fields(C& c) {
        c(tick);
        c(count);
    }
    friend constexpr auto operator<=>(const Stamp&, const Stamp&) = default;
};

struct Addresses {
    Identifier source{}, destination{};
    template <class C>
    void fields(C& c) {
        c(source);
        c(destination);
    }
    friend constexpr bool operator==(const Addresses&, const Addresses&) = default;
};

/// In front of each message: what EN 50159's defences look at. The safety code stands before it, the cipher around it.
struct Header {
    Addresses addresses;
    std::uint64_t sequence = 0;  ///< one more with each message of this direction; the first is drawn in the handshake
    Stamp stamp;
    std::uint16_t next_within_s = 0;  ///< time-out: the sender will be heard again within so many seconds
    std::uint64_t received = 0;       ///< feedback: number of the last message of the other end that was accepted
    std::array<std::uint8_t, 16> identification{};  ///< identification_of(): made by whoever took part in the handshake
    template <class C>
    void fields(C& c) {
        c(addresses);
        c(sequence);
        c(stamp);
        c(next_within_s);
        c(received);
        c(identification);
    }
};

inline constexpr std::size_t max_command_size = 512, max_reply_size = 1'500;

/// Client to device: something to be done or told. The body belongs to the layer above.
struct Command {
    static constexpr std::uint8_t number = 1;
    Header header;
    Bytes<max_command_size> body;
    template <class C>
    void fields(C& c) {
        c(header);
        c(body);
    }
};

/// What became of a command, as far as the device itself knows.
enum class Outcome : std::uint8_t {
    done = 0,
    refused = 1,   ///< not allowed, or not possible; nothing happened
    not_done = 2,  ///< it failed before anything happened
    unknown = 3,   ///< it may have happened: the guardian did not say
};
constexpr bool is_known(Outcome o) noexcept { return o <= Outcome::unknown; }

/// Device to client: one or more for each command; the last has `last` set.
struct CommandReply {
    static constexpr std::uint8_t number = 64;
    Header header;
    std::uint64_t answers = 0;  ///< the command's sequence number
    Outcome outcome = Outcome::unknown;
    bool last = true;
    Bytes<max_reply_size> body;
    template <class C>
    void fields(C& c) {
        c(header);
        c(answers);
        c(outcome);
        c(last);
        c(body);
    }
};

/// Either way: I am here. The device answers each with one.
struct Alive {
    static constexpr std::uint8_t number = 2;
    Header header;
    template <class C>
    void fields(C& c) {
        c(header);
    }
};

/// Why a session ended.
enum class Ending : std::uint8_t {
    closed = 0,    ///< this end has no more to say
    fault = 1,     ///< a message was lost, late, stale or did not fit: nothing of this session is believed any more
    no_time = 2,   ///< nothing was heard for too long
    used_up = 3,   ///< more messages than one key may seal
    replaced = 4,  ///< the device needs the room, or starts anew
};
constexpr bool is_known(Ending e) noexcept { return e <= Ending::replaced; }

/// Either way, the last message. `header.received` says for good which commands were accepted: none beyond it ever will
/// be.
struct Bye {
    static constexpr std::uint8_t number = 3;
    Header header;
    Ending ending = Ending::closed;
    template <class C>
    void fields(C& c) {
        c(header);
        c(ending);
    }
};

using MessageFrames = FrameSet<'M', Command, Alive, Bye, CommandReply>;

// ---- how a message lies in a sealed frame
// -------------------------------------------------------------------------------- counter u64 | sealed { safety code
// u32 | message | 80 | 00 ... } | tag 16 bytes

inline constexpr std::size_t counter_size = 8, code_size = 4;
inline constexpr std::size_t around_message = counter_size + code_size + 16;

}  // namespace basalt::link
