// device/hal/screen_frames.h: the bus of the pump's own built-in screen: what it asks the firmware to show, and what it
// is answered. It goes past the gateway; whoever opens the case and holds the bus sees what the screen shows. The page
// is docs/formats/screen-channel.md.
#pragma once
#include "device/common/codec.h"

namespace basalt::hal {

/// All of them are read-only. Nothing that changes the pump can be asked for here.
enum class ScreenQuestion : std::uint8_t {
    state = 1,      ///< mode, alarms, glucose, rate, totals, whether the guardian accepted the firmware
    log = 2,        ///< event log rows from `from` on
    log_check = 3,  ///< what the device's own check of the whole chain found, or how far it is
    doses = 4,      ///< dose rows from `from` on
};
constexpr bool is_known(ScreenQuestion q) noexcept { return q >= ScreenQuestion::state && q <= ScreenQuestion::doses; }

enum class ScreenStatus : std::uint8_t { ok = 0, refused = 1, unknown = 2, busy = 3, failed = 4 };
constexpr bool is_known(ScreenStatus s) noexcept { return s <= ScreenStatus::failed; }

struct ScreenRequest {
    static constexpr std::uint8_t number = 1;
    std::uint32_t id = 0;
    ScreenQuestion question = ScreenQuestion::state;
    std::uint64_t from = 0;  ///< the first row, where rows are asked for; else not looked at
    template <class C> void fields(C& c) { c(id); c(question); c(from); }
};

/// One or more for each request; the last has `last` set. `body` is one JSON object or UTF-8 sentence.
struct ScreenReply {
    static constexpr std::uint8_t number = 64;
    std::uint32_t id = 0;
    ScreenStatus status = ScreenStatus::failed;
    bool last = true;
    Bytes<1500> body;
    template <class C> void fields(C& c) { c(id); c(status); c(last); c(body); }
};

using ScreenFrames = FrameSet<'S', ScreenRequest, ScreenReply>;

/// The firmware reads at most this many frames of the screen in one tick; what is more waits.
inline constexpr int screen_frames_a_tick = 32;
/// One request gets at most this many replies, the last one included; what it asks for beyond that is asked for again.
inline constexpr int max_screen_replies = 32;

}  // namespace basalt::hal
