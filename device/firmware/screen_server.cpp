#include "device/firmware/screen_server.h"

#include <algorithm>

namespace basalt::firmware {
namespace {
/// Whoever stands before the pump has no name here: accesses stand on record under the way by which they came.
constexpr std::string_view who = "screen";
/// Answers that wait to be taken; beyond it nothing new is answered.
constexpr std::size_t answers_room = 8;

ByteView bytes_of(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
}  // namespace

bool ScreenServer::take(ByteView frame) {
    if (taken_ == frames_room || requests_.size() == frames_room) return false;
    ++taken_;
    const auto decoded = hal::ScreenFrames::decode(frame);
    if (const auto* request = decoded ? std::get_if<hal::ScreenRequest>(&*decoded) : nullptr)
        requests_.push_back(*request);
    else
        dropped_.not_understood();
    return true;
}

void ScreenServer::screen_gone() noexcept {
    requests_.clear();
    answers_.clear();
    ticks_not_taken_ = 0;
}

void ScreenServer::serve(const SeenState& state, Journal* journal) {
    const std::uint64_t now = state.tick.tick.seconds;
    taken_ = 0;
    reads_.on_tick(now, journal);
    for (int served = 0; served < hal::screen_frames_a_tick && !requests_.empty() && answers_.size() < answers_room;
         ++served) {
        const hal::ScreenRequest request = requests_.front();
        requests_.pop_front();
        if (take_token(now))
            answers_.push_back(answer_to(request, state, journal));
        else {
            dropped_.too_often();
            answers_.push_back({.id = request.id,
                                .status = hal::ScreenStatus::busy,
                                .bodies = {"The pump was asked too often. Ask again in a few seconds."},
                                .needs_record = false});
        }
    }
    dropped_.log(now, journal);
}

ScreenServer::Answer ScreenServer::answer_to(const hal::ScreenRequest& request, const SeenState& state,
                                             Journal* journal) {
    using hal::ScreenQuestion;
    using storage::EventId;
    using storage::Outcome;
    const std::uint64_t now = state.tick.tick.seconds;
    Answer answer{.id = request.id, .status = hal::ScreenStatus::failed, .bodies = {}};
    const auto say = [&answer](hal::ScreenStatus status, Bodies bodies) {
        answer.status = status;
        answer.bodies = std::move(bodies);
        return std::move(answer);
    };
    const auto failed = [&say](const Error& error) {
        return say(hal::ScreenStatus::failed, {error.what + " " + error.next_step});
    };
    const auto noted = [&](std::string_view data, std::uint64_t from) {
        return reads_.note(now, *journal, who, data, from);
    };

    if (request.question == ScreenQuestion::state) {
        // Served without records too: when they are damaged, this is how somebody learns of it.
        if (journal == nullptr)
            answer.needs_record = false;
        else if (const auto ok = noted("state", 0); !ok)
            return failed(ok.error());
        return say(hal::ScreenStatus::ok, state_answer(state));
    }
    if (journal == nullptr)
        return say(hal::ScreenStatus::failed,
                   {"The pump has no records that it could show. Look at its alarms, and tell biomedical service."});

    if (request.question == ScreenQuestion::log_check) {
        check_.want(state.tick.tick);
        if (check_.running() || !check_.last()) {
            if (const auto ok = noted("verification", 0); !ok) return failed(ok.error());
            return say(hal::ScreenStatus::ok, checking_answer(journal->verified_so_far(), journal->log_head().seq));
        }
        const Verified& verified = *check_.last();
        const auto outcome = verified.finding ? Outcome::failed : Outcome::done;
        const auto ok = check_logged_ == check_.ended_at()
                            ? noted("verification", 0)
                            : journal->note(storage::make_event(EventId::log_verified, now, who, outcome,
                                                                {static_cast<std::int64_t>(verified.records)}));
        if (!ok) return failed(ok.error());
        check_logged_ = check_.ended_at();
        return say(hal::ScreenStatus::ok, verify_answer(verified));
    }

    // Rows are counted in 63 bits: a larger number names none, and a log could not write it down.
    const std::uint64_t from = request.from;
    if (from > static_cast<std::uint64_t>(INT64_MAX))
        return say(hal::ScreenStatus::refused, {"The request names no row to begin with. Nothing was read."});
    if (request.question == ScreenQuestion::log) {
        if (const auto ok = noted("log", from); !ok) return failed(ok.error());
        const auto events = journal->events(from, rows_a_request);
        if (!events) return failed(events.error());
        return say(hal::ScreenStatus::ok, log_answer(*events, from, rows_a_request));
    }
    if (request.question == ScreenQuestion::doses) {
        if (const auto ok = noted("doses", from); !ok) return failed(ok.error());
        const auto doses = journal->doses(from, rows_a_request);
        if (!doses) return failed(doses.error());
        return say(hal::ScreenStatus::ok, doses_answer(*doses, from, rows_a_request));
    }
    return say(hal::ScreenStatus::unknown, {"This pump does not know that request."});
}

void ScreenServer::send_answers(bool on_record) {
    if (answers_.empty()) return;
    for (Answer& answer : answers_) {
        if (answer.needs_record && !on_record && answer.status == hal::ScreenStatus::ok) {
            answer.status = hal::ScreenStatus::failed;
            answer.bodies = {
                "The pump could not put this access on record, so it shows nothing. Tell biomedical service."};
        }
        answer.needs_record = false;
    }
    bool moved = false;
    while (!answers_.empty()) {
        Answer& answer = answers_.front();
        for (; answer.sent < answer.bodies.size(); ++answer.sent) {
            hal::ScreenReply reply{
                .id = answer.id, .status = answer.status, .last = answer.sent + 1 == answer.bodies.size(), .body = {}};
            // Cut rather than unanswered: only an error's sentence can be too long, every JSON body was made to fit.
            const std::string_view body{answer.bodies[answer.sent]};
            reply.body.assign(bytes_of(body.substr(0, std::min(body.size(), sizeof(reply.body.data)))));
            if (!screen_.send(hal::ScreenFrames::encode(reply).view())) {
                ticks_not_taken_ = moved ? 0 : ticks_not_taken_ + 1;
                if (ticks_not_taken_ >= patience_ticks) screen_gone();
                return;
            }
            moved = true;
        }
        answers_.pop_front();
    }
    ticks_not_taken_ = 0;
}

bool ScreenServer::take_token(std::uint64_t now) {
    const std::uint64_t since = refilled_at_ ? now - *refilled_at_ : 0;
    if (!refilled_at_) refilled_at_ = now;
    tokens_ = std::min(request_burst, tokens_ + since / request_every_s);
    *refilled_at_ += since / request_every_s * request_every_s;
    if (tokens_ == 0) return false;
    --tokens_;
    return true;
}

}  // namespace basalt::firmware
