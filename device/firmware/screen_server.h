// device/firmware/screen_server.h: answers what the pump's own screen asks. The bus to it ends inside the case; what
// arrives on it may be an attacker's all the same.
#pragma once
#include "device/firmware/dropped_frames.h"
#include "device/firmware/link_answers.h"
#include "device/firmware/log_check.h"
#include "device/firmware/read_record.h"
#include "device/hal/port.h"
#include "device/hal/screen_frames.h"

#include <deque>

namespace basalt::firmware {

/// Takes requests between ticks, answers them within one, and puts every access on record before its answer leaves.
///
/// Bounds, whatever arrives:
///   taken      at most frames_room a tick; what is more stays in the channel, and the sender waits
///   answered   at most frames_room a tick, at most request_burst at once and one in request_every_s after that; the
///              rest is told "busy". log_check reads nothing: it tells what LogCheck found, or how far it is.
///   logged     accesses as ReadRecord does; what was dropped as DroppedFrames does.
///
/// Rely on:  it moves no insulin and changes no setting. The order in a tick is serve(), the journal's commit(), then
///           send_answers(): no answer leaves whose access is not on disk. Whether a screen is there, takes its answers
///           or asks without end changes nothing of the therapy.
/// Source:   R19, R22, R26, R27.
class ScreenServer {
  public:
    static constexpr std::size_t frames_room = static_cast<std::size_t>(hal::screen_frames_a_tick);
    static constexpr std::uint64_t request_burst = 64;
    /// As often as a screen that somebody stands before asks: "busy" is no part of ordinary use.
    static constexpr std::uint64_t request_every_s = 2;
    /// A screen that takes no answer for so long loses what waits for it.
    static constexpr int patience_ticks = 60;

    /// Both outlive this.
    ScreenServer(hal::Port& screen, LogCheck& check) noexcept : screen_(screen), check_(check) {}

    /// False: no room before the next tick; the frame was not taken.
    bool take(ByteView frame);
    /// The screen's channel ended: what waited for it is forgotten.
    void screen_gone() noexcept;

    /// Answers within `state.tick`. `journal` is nullptr when there are no records: then the state alone is shown.
    void serve(const SeenState& state, Journal* journal);
    /// `on_record`: the accesses of serve() are durable. If not, their answers become "failed".
    void send_answers(bool on_record);

    /// There is work for the next tick.
    bool waiting() const noexcept { return !requests_.empty() || !answers_.empty(); }

  private:
    struct Answer {
        std::uint32_t id = 0;
        hal::ScreenStatus status = hal::ScreenStatus::failed;
        Bodies bodies;
        std::size_t sent = 0;
        bool needs_record = true;
    };
    Answer answer_to(const hal::ScreenRequest& request, const SeenState& state, Journal* journal);
    bool take_token(std::uint64_t now);

    hal::Port& screen_;
    LogCheck& check_;
    std::deque<hal::ScreenRequest> requests_;
    std::deque<Answer> answers_;
    std::size_t taken_ = 0;  ///< since the last serve()
    std::uint64_t tokens_ = request_burst;
    std::optional<std::uint64_t> refilled_at_;
    ReadRecord reads_{"screen"};
    std::optional<Tick> check_logged_;  ///< the end of the check whose result is on record
    int ticks_not_taken_ = 0;
    DroppedFrames dropped_{"screen"};
};

}  // namespace basalt::firmware
