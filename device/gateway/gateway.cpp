#include "device/gateway/gateway.h"

#include <algorithm>

namespace basalt::gateway {
namespace {
constexpr std::string_view busy_words =
    "The pump has as many requests as it can answer now. Ask again in a few seconds.";

ByteView bytes_of(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
}  // namespace

void Gateway::on_radio(ByteView frame) noexcept {
    const auto decoded = link::LinkFrames::decode(frame);
    if (!decoded) {
        ++counts_.malformed;
        return;
    }
    const auto* request = std::get_if<link::Request>(&*decoded);
    if (request == nullptr) {
        ++counts_.wrong_way;
        return;
    }
    // A number that waits already is not answered "busy": that answer would pass for the first request's.
    const auto free = std::ranges::find(waiting_, false, &Waiting::used);
    const bool doubled = waiting_for(request->id) != nullptr;
    if (doubled || free == waiting_.end()) {
        ++counts_.too_many;
        if (!doubled) say_busy(request->id);
        return;
    }
    if (pass(firmware_, frame))
        *free = {.used = true, .id = request->id, .replies_left = link::max_replies};
    else
        say_busy(request->id);
}

void Gateway::on_firmware(ByteView frame) noexcept {
    const auto decoded = link::LinkFrames::decode(frame);
    if (!decoded) {
        ++counts_.malformed;
        return;
    }
    const auto* reply = std::get_if<link::Reply>(&*decoded);
    if (reply == nullptr) {
        ++counts_.wrong_way;
        return;
    }
    Waiting* const asked = waiting_for(reply->id);
    if (asked == nullptr) {
        ++counts_.not_asked;
        return;
    }
    if (--asked->replies_left == 0 || reply->last) *asked = {};
    pass(radio_, frame);
}

Gateway::Waiting* Gateway::waiting_for(std::uint32_t id) noexcept {
    const auto found = std::ranges::find_if(waiting_, [id](const Waiting& w) { return w.used && w.id == id; });
    return found == waiting_.end() ? nullptr : &*found;
}

void Gateway::say_busy(std::uint32_t id) noexcept {
    link::Reply reply{.id = id, .status = link::Status::busy, .last = true, .body = {}};
    reply.body.assign(bytes_of(busy_words));
    const auto frame = link::LinkFrames::encode(reply);
    pass(radio_, frame.view());
}

bool Gateway::pass(hal::Port& to, ByteView frame) noexcept {
    const bool taken = to.send(frame);
    ++(taken ? counts_.forwarded : counts_.not_taken);
    return taken;
}

}  // namespace basalt::gateway
