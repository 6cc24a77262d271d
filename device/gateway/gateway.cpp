#include "device/gateway/gateway.h"

#include <algorithm>
#include <tuple>
#include <variant>

namespace basalt::gateway {

void Gateway::on_network(Connection from, ByteView frame) noexcept {
    if (const auto decoded = link::LinkFrames::decode(frame))
        std::visit([&](const auto& what) { pass_in(from, what, frame); }, *decoded);
    else
        ++counts_.malformed;
}

void Gateway::on_firmware(ByteView frame) noexcept {
    if (const auto decoded = link::LinkFrames::decode(frame))
        std::visit([&](const auto& what) { pass_out(what, frame); }, *decoded);
    else
        ++counts_.malformed;
}

void Gateway::pass_in(Connection from, const link::Hello& hello, ByteView frame) noexcept {
    Session* session = session_of(hello.session);
    if (session != nullptr && session->connection != from) {
        ++counts_.foreign;
        return;
    }
    // Under a number in use: the firmware decides, and an answer that still waits keeps its place.
    if (session != nullptr && session->waiting >= max_sealed_waiting) {
        ++counts_.too_many;
        return;
    }
    if (session == nullptr && knocks(from)) {
        ++counts_.too_many;
        return;
    }
    if (!pass_to_firmware(frame)) return;  // the client asks again
    if (session == nullptr) {
        session = &place_for_a_session(from);
        *session = {.used = true, .connection = from, .number = hello.session};
    }
    ++session->waiting;
    ++session->replies_left;
    session->last_in = ++heard_;
}

void Gateway::pass_in(Connection from, const link::SealedIn& sealed, ByteView frame) noexcept {
    Session* const session = session_of(sealed.session);
    if (session == nullptr) {
        ++counts_.not_asked;
        return;
    }
    if (session->connection != from) {
        ++counts_.foreign;
        return;
    }
    if (session->waiting >= max_sealed_waiting) {
        ++counts_.too_many;
        return;
    }
    if (!pass_to_firmware(frame)) return;
    ++session->waiting;
    session->replies_left += link::max_replies;
    session->last_in = ++heard_;
}

void Gateway::pass_out(const link::Answer& answer, ByteView frame) noexcept {
    if (Session* const session = session_of(answer.session)) session->answered = true;
    pass_out(answer.session, true, frame);
}

void Gateway::pass_out(const link::SealedOut& sealed, ByteView frame) noexcept {
    if (Session* const session = session_of(sealed.session)) session->spoke = true;
    pass_out(sealed.session, sealed.last, frame);
}

void Gateway::pass_out(std::uint32_t number, bool last, ByteView frame) noexcept {
    Session* const session = session_of(number);
    if (session == nullptr || session->replies_left == 0) {
        ++counts_.not_asked;
        return;
    }
    --session->replies_left;
    if (last && session->waiting > 0) --session->waiting;
    // Nothing waits: nothing more may come before the next message goes in.
    if (session->waiting == 0) session->replies_left = 0;
    pass_to_network(session->connection, frame);
}

void Gateway::gone(Connection connection) noexcept {
    for (Session& session : sessions_)
        if (session.used && session.connection == connection) session = {};
}

Gateway::Session* Gateway::session_of(std::uint32_t number) noexcept {
    const auto found =
        std::ranges::find_if(sessions_, [number](const Session& s) { return s.used && s.number == number; });
    return found == sessions_.end() ? nullptr : &*found;
}

bool Gateway::knocks(Connection from) const noexcept {
    return std::ranges::any_of(
        sessions_, [from](const Session& s) { return s.used && s.connection == from && !s.answered && s.waiting > 0; });
}

Gateway::Session& Gateway::place_for_a_session(Connection from) noexcept {
    const auto own = [from](const Session& s) { return s.used && s.connection == from; };
    const bool has_all_its_own = std::ranges::count_if(sessions_, own) >= max_sessions_of_a_connection;
    return *std::ranges::min_element(sessions_, {}, [&](const Session& s) {
        return std::tuple{has_all_its_own && !own(s), s.used, s.spoke, s.last_in};
    });
}

bool Gateway::pass_to_firmware(ByteView frame) noexcept {
    const bool taken = firmware_.send(frame);
    ++(taken ? counts_.forwarded : counts_.not_taken);
    return taken;
}

void Gateway::pass_to_network(Connection to, ByteView frame) noexcept {
    ++(network_.send(to, frame) ? counts_.forwarded : counts_.not_taken);
}

}  // namespace basalt::gateway
