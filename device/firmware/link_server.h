// device/firmware/link_server.h: answers what the network side asks. Everything that arrives here may be an attacker's.
#pragma once
#include "device/firmware/gateway_certificate.h"
#include "device/firmware/link_answers.h"
#include "device/firmware/log_check.h"
#include "device/firmware/read_record.h"
#include "device/hal/port.h"

#include <deque>

namespace basalt::firmware {

/// Takes requests between ticks, answers them within one, and puts every access on record before its answer leaves.
///
/// Bounds, whatever arrives:
///   taken      at most frames_room a tick; what is more stays in the channel, and the sender waits
///   answered   at most link::frames_a_tick a tick, at most request_burst at once and one in request_every_s after
///   that;
///              the rest is told "busy". verify_log reads nothing: it tells what LogCheck found, or how far it is.
///   logged     accesses as ReadRecord does; for all that was dropped at most two rows in drop_log_every_s, with their
///              number. So a flood cannot fill the log.
///
/// Rely on:  it moves no insulin and changes no setting. The order in a tick is serve(), the journal's commit(), then
///           send_answers(): no answer leaves whose access is not on disk.
/// Source:   R19, R22, R27.
class LinkServer {
  public:
    static constexpr std::size_t frames_room = static_cast<std::size_t>(link::frames_a_tick);
    static constexpr std::uint64_t request_burst = 64;
    static constexpr std::uint64_t request_every_s = 5;
    static constexpr std::uint64_t drop_log_every_s = 3'600;
    /// A gateway that takes no answer for so long loses what waits for it.
    static constexpr int patience_ticks = 60;

    /// `certificates`: what the gateway itself is answered; without it nothing is.
    LinkServer(hal::Port& gateway, LogCheck& check, GatewayCertificate* certificates = nullptr) noexcept
        : gateway_(gateway), check_(check), certificates_(certificates) {}

    /// False: no room before the next tick; the frame was not taken.
    bool take(ByteView frame);
    /// The gateway ended or was replaced: what waited for the old one is forgotten.
    void gateway_gone() noexcept;

    /// Answers within `state.tick`. `journal` is nullptr when there are no records: then see_state alone is served.
    void serve(const SeenState& state, Journal* journal);
    /// `on_record`: the accesses of serve() are durable. If not, their answers become "failed".
    void send_answers(bool on_record);

    /// There is work for the next tick.
    bool waiting() const noexcept { return !requests_.empty() || !answers_.empty(); }

  private:
    struct Dropped {
        std::uint64_t malformed = 0, too_many = 0;
        std::optional<std::uint64_t> logged_at;
    };
    struct Answer {
        std::uint32_t id = 0;
        link::Status status = link::Status::failed;
        Bodies bodies;
        std::size_t sent = 0;
        bool needs_record = true;
    };
    Answer answer_to(const link::Request& request, const SeenState& state, Journal* journal);
    bool take_token(std::uint64_t now);
    void log_dropped(std::uint64_t now, Journal* journal);

    hal::Port& gateway_;
    LogCheck& check_;
    GatewayCertificate* certificates_;
    std::deque<link::Request> requests_;
    std::deque<Answer> answers_;
    std::size_t taken_ = 0;  ///< since the last serve()
    std::uint64_t tokens_ = request_burst;
    std::optional<std::uint64_t> refilled_at_;
    ReadRecord reads_{"link"};
    std::optional<Tick> check_logged_;  ///< the end of the check whose result is on record
    int ticks_not_taken_ = 0;
    Dropped dropped_;
};

}  // namespace basalt::firmware
