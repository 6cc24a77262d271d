#include "scenarios/bench/radio_client.h"

#include "scenarios/bench/shown_words.h"

#include <variant>

namespace basalt::bench {
namespace {

constexpr int patience_s = 120;
// The gateway runs beside the tick, not in it: a reply that the firmware gave in this tick comes a moment later.
constexpr int a_moment_ms = 100;

std::unexpected<Error> no_answer() {
    return fail(ErrorCode::check_failed, "The pump did not answer within two minutes of its time.",
                "Look at what it shows: basalt run --headless --hours 1");
}

}  // namespace

Result<bool> RadioClient::wait_until_reachable() {
    for (int second = 0; second < patience_s; ++second) {
        if (simulation_.mode() == hal::Mode::normal && simulation_.device().process_of(Part::gateway)) return true;
        if (auto lived = simulation_.run_until(simulation_.now() + 1); !lived) return std::unexpected{lived.error()};
    }
    return false;
}

Result<std::vector<std::string>> RadioClient::ask(link::Operation operation, ByteView argument) {
    link::Request request;
    request.id = ++last_id_;
    request.operation = operation;
    if (!request.argument.assign(argument))
        return fail(ErrorCode::usage, "The question is too long for the radio.", "Ask for less at once.");
    if (!simulation_.device().radio().send(link::LinkFrames::encode(request).view())) return no_answer();
    std::vector<std::string> bodies;
    for (int second = 0; second < patience_s; ++second) {
        simulation_.wake();
        if (auto lived = simulation_.run_until(simulation_.now() + 1); !lived) return std::unexpected{lived.error()};
        // The gateway counts replies too, but it may be the attacker's. Somebody who sends without end has no more of a
        // second than this, so that the two minutes pass.
        for (int frames = 0; frames < link::max_replies; ++frames) {
            const std::array ends{simulation_.device().radio().get()};
            if (hal::wait_readable(ends, a_moment_ms) == 0) break;
            const auto last = one_reply(request.id, bodies);
            if (!last) return std::unexpected{last.error()};
            if (*last) return bodies;
            if (bodies.size() >= static_cast<std::size_t>(link::max_replies))
                return fail(ErrorCode::unreadable, "The pump gave more replies to one question than it may.",
                            "Switch it off and on, then ask again.");
        }
    }
    return no_answer();
}

// True when it was the last reply.
Result<bool> RadioClient::one_reply(std::uint32_t id, std::vector<std::string>& bodies) {
    std::array<std::uint8_t, max_frame_size> buffer;
    const auto packet = simulation_.device().radio().receive(buffer, hal::Wait::no);
    if (packet.arrival == hal::Arrival::ended) return no_answer();
    if (packet.arrival != hal::Arrival::frame) return false;
    const auto frame = link::LinkFrames::decode(ByteView{buffer}.first(packet.size));
    const auto* reply = frame ? std::get_if<link::Reply>(&*frame) : nullptr;
    if (reply == nullptr || reply->id != id) return false;  // somebody else's, or noise
    const auto body = reply->body.view();
    std::string text{body.begin(), body.end()};
    if (reply->status != link::Status::ok)
        return fail(ErrorCode::refused, text.empty() ? "The pump refused and did not say why." : shown(text),
                    "Ask again later, or ask for less.");
    bodies.push_back(std::move(text));
    return reply->last;
}

}  // namespace basalt::bench
