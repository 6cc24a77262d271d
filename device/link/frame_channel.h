// device/link/frame_channel.h: what the gateway may say to the firmware and hear from it, and what the board's radio
// brings to the gateway: the same frames. Everything that the firmware reads here may come from an attacker.
// The page is docs/formats/frame-channel.md.
#pragma once
#include "device/common/codec.h"

namespace basalt::link {

/// What a client may ask. Access control comes before each of them where the operation needs it.
enum class Operation : std::uint8_t {
    see_state = 1,   ///< mode, alarms, glucose, rate, totals, whether the guardian accepted the firmware
    read_log = 2,    ///< event log rows; argument: first sequence number (u64, little endian)
    verify_log = 3,  ///< what the device's own check of the whole chain found, or how far it is
    read_doses = 4,  ///< dose rows; argument: first row number (u64, little endian)
};
constexpr bool is_known(Operation o) noexcept { return o >= Operation::see_state && o <= Operation::read_doses; }

enum class Status : std::uint8_t { ok = 0, refused = 1, unknown = 2, busy = 3, failed = 4 };
constexpr bool is_known(Status s) noexcept { return s <= Status::failed; }

struct Request {
    static constexpr std::uint8_t number = 1;
    std::uint32_t id = 0;
    Operation operation = Operation::see_state;
    Bytes<256> argument;
    template <class C> void fields(C& c) { c(id); c(operation); c(argument); }
};

/// One or more for each request; the last has `last` set. `body` is one JSON object or UTF-8 sentence.
struct Reply {
    static constexpr std::uint8_t number = 64;
    std::uint32_t id = 0;
    Status status = Status::failed;
    bool last = true;
    Bytes<1500> body;
    template <class C> void fields(C& c) { c(id); c(status); c(last); c(body); }
};

using LinkFrames = FrameSet<'F', Request, Reply>;

/// The firmware reads at most this many frames in one tick; what is more waits, and counts as a flood.
inline constexpr int frames_a_tick = 32;
/// One request gets at most this many replies, the last one included; what it asks for beyond that is asked for again.
inline constexpr int max_replies = 32;

}  // namespace basalt::link
