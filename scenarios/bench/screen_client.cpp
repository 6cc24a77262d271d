#include "scenarios/bench/screen_client.h"

#include "scenarios/bench/shown_words.h"

#include <variant>

namespace basalt::bench {
namespace {

constexpr int patience_s = 120;

std::unexpected<Error> no_answer() {
    return fail(ErrorCode::check_failed, "The pump did not answer within two minutes of its time.",
                "Look at what it shows: basalt run --headless --hours 1");
}

}  // namespace

Result<bool> ScreenClient::wait_until_reachable() {
    for (int second = 0; second < patience_s; ++second) {
        if (simulation_.mode() == hal::Mode::normal && simulation_.device().process_of(Part::firmware)) return true;
        if (auto lived = simulation_.run_until(simulation_.now() + 1); !lived) return std::unexpected{lived.error()};
    }
    return false;
}

Result<std::vector<std::string>> ScreenClient::ask(hal::ScreenQuestion question, std::uint64_t from) {
    const hal::ScreenRequest request{.id = ++last_id_, .question = question, .from = from};
    const auto frame = hal::ScreenFrames::encode(request);
    std::vector<std::string> bodies;
    bool asked = false;
    for (int second = 0; second < patience_s; ++second) {
        if (!asked) {
            bodies.clear();
            asked = simulation_.device().screen().send(frame.view());
        }
        simulation_.wake();
        if (auto lived = simulation_.run_until(simulation_.now() + 1); !lived) return std::unexpected{lived.error()};
        // What the firmware answered in this tick is there: it says so before it ends its slot. A firmware that sends
        // without end has no more of a second than this, so that the two minutes pass.
        for (int frames = 0; frames < hal::max_screen_replies; ++frames) {
            const std::array ends{simulation_.device().screen().get()};
            if (hal::wait_readable(ends, 0) == 0) break;
            const auto last = one_reply(request.id, bodies);
            if (!last) return std::unexpected{last.error()};
            if (*last == Heard::nobody) {
                asked = false;  // the firmware was started anew, or will be: there is another channel then
                break;
            }
            if (*last == Heard::last) return bodies;
            if (bodies.size() >= static_cast<std::size_t>(hal::max_screen_replies))
                return fail(ErrorCode::unreadable, "The pump gave more replies to one question than it may.",
                            "Switch it off and on, then ask again.");
        }
    }
    return no_answer();
}

Result<ScreenClient::Heard> ScreenClient::one_reply(std::uint32_t id, std::vector<std::string>& bodies) {
    std::array<std::uint8_t, max_frame_size> buffer;
    const auto packet = simulation_.device().screen().receive(buffer, hal::Wait::no);
    if (packet.arrival == hal::Arrival::ended) return Heard::nobody;
    if (packet.arrival != hal::Arrival::frame) return Heard::noise;
    const auto frame = hal::ScreenFrames::decode(ByteView{buffer}.first(packet.size));
    const auto* reply = frame ? std::get_if<hal::ScreenReply>(&*frame) : nullptr;
    if (reply == nullptr || reply->id != id) return Heard::noise;
    const auto body = reply->body.view();
    std::string text{body.begin(), body.end()};
    if (reply->status != hal::ScreenStatus::ok)
        return fail(ErrorCode::refused, text.empty() ? "The pump refused and did not say why." : shown(text),
                    "Ask again later, or ask for less.");
    bodies.push_back(std::move(text));
    return reply->last ? Heard::last : Heard::more;
}

}  // namespace basalt::bench
