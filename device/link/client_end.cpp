#include "device/link/client_end.h"

#include <algorithm>

namespace basalt::link {
namespace {

CommandState state_of(Outcome outcome) noexcept {
    switch (outcome) {
        case Outcome::done:
            return CommandState::done;
        case Outcome::refused:
            return CommandState::refused;
        case Outcome::not_done:
            return CommandState::not_done;
        case Outcome::unknown:
            break;
    }
    return CommandState::unknown;
}

}  // namespace

std::optional<Hello> ClientEnd::hello(Chance& chance, std::uint64_t now_s) noexcept {
    std::array<std::uint8_t, sizeof(session_)> number{};
    if (!chance.fill(own_.bytes()) || !chance.fill(number)) return std::nullopt;
    const auto share = share_of(own_);
    if (!share) return std::nullopt;
    codec::Reader{number}(session_);
    asked_s_ = now_s;
    hello_ = {.addresses = {who_.self, who_.device}, .share = *share};
    Hello frame{.session = session_, .body = {}};
    frame.body.assign(HandshakeFrames::encode(hello_).view());
    return frame;
}

std::optional<Drop> ClientEnd::on_answer(const Answer& answer, std::uint64_t now_s) noexcept {
    if (answer.session != session_ || channel_ || over_) return Drop::no_session;
    const auto frame = HandshakeFrames::decode(answer.body.view());
    if (!frame) return Drop::not_a_message;
    if (const auto* refused = std::get_if<HelloRefused>(&*frame)) return refused->why;
    const auto* body = std::get_if<AnswerBody>(&*frame);
    if (body == nullptr) return Drop::not_a_message;
    return believe(*body, now_s);
}

std::optional<Drop> ClientEnd::believe(const AnswerBody& body, std::uint64_t now_s) noexcept {
    if (body.version != session_version) return Drop::wrong_version;
    if (!in_time(now_s, asked_s_ + handshake_s, who_.switched_off)) return Drop::answer_late;
    const Digest transcript = transcript_of(session_, hello_, body);
    if (!is_identified(proves(body, transcript, who_.device, who_.identity), who_.switched_off))
        return Drop::false_pump;
    const auto shared = agree(own_, body.share);
    own_.wipe();
    if (!shared) return Drop::no_key;
    channel_ = Channel::make({.self = who_.self, .peer = who_.device, .session = session_, .outgoing = Way::in},
                             *shared, transcript, body.now, who_.switched_off);
    if (!channel_) return Drop::no_key;
    clock_.set(body.now, asked_s_, now_s);
    binding_ = transcript;
    spoke_s_ = now_s;
    return std::nullopt;
}

template <class M>
std::optional<ClientEnd::Sent> ClientEnd::sealed(M message, bool alive, std::uint64_t now_s) noexcept {
    if (!stands() || closing_ || waiting() >= most_waiting) return std::nullopt;
    if (channel_->silent(device_now(now_s))) {  // nobody would believe it, so it does not leave
        end(Ending::no_time);
        return std::nullopt;
    }
    Sent sent{.frame = {.session = session_, .body = {}}, .sequence = 0};
    if (!channel_->seal(message, device_now(now_s), sent.frame.body)) {
        end(Ending::used_up);
        return std::nullopt;
    }
    sent.sequence = channel_->last_sent();
    spoke_s_ = now_s;
    // At most most_waiting of them wait, so the oldest one has ended.
    if (sent_.size() == most_remembered)
        sent_.erase(std::ranges::find_if(sent_, [](const Waiting& w) { return w.state != CommandState::waiting; }));
    sent_.push_back({.sequence = sent.sequence, .sent_s = now_s, .alive = alive});
    return sent;
}

std::optional<ClientEnd::Sent> ClientEnd::command(ByteView body, std::uint64_t now_s) noexcept {
    Command message;
    if (!message.body.assign(body)) return std::nullopt;
    return sealed(message, false, now_s);
}

void ClientEnd::not_sent(std::uint64_t sequence) noexcept {
    if (Waiting* const one = waiting_for(sequence)) one->state = CommandState::not_done;
    end(Ending::fault);
}

ClientEnd::Taken ClientEnd::take(const SealedOut& frame, std::uint64_t now_s) noexcept {
    if (!channel_ || frame.session != session_) return {.reply = {}, .dropped = Drop::no_session};
    if (over_) return {.reply = {}, .dropped = Drop::session_over};
    auto message = channel_->open(frame.body, clock_.at(now_s));
    if (!message) {
        const Drop why = message.error();
        if (row_of(why).ends) end(why == Drop::too_late ? Ending::no_time : Ending::fault);
        return {.reply = {}, .dropped = why};
    }
    if (const auto* bye = std::get_if<Bye>(&*message)) {
        on_bye(*bye);
        return {};
    }
    if (std::holds_alternative<Alive>(*message)) {
        if (!answer_alive(now_s)) return {.reply = {}, .dropped = Drop::out_of_place};
        return {};
    }
    const auto* reply = std::get_if<CommandReply>(&*message);
    Waiting* const asked = reply != nullptr ? waiting_for(reply->answers) : nullptr;
    if (asked == nullptr || asked->alive) return {.reply = {}, .dropped = Drop::out_of_place};
    clock_.answered(channel_->last_heard().tick, asked->sent_s, now_s);
    if (reply->last) asked->state = state_of(reply->outcome);
    return {.reply = Heard{reply->answers, reply->outcome, reply->last, reply->body}, .dropped = {}};
}

std::optional<SealedIn> ClientEnd::on_time(std::uint64_t now_s) noexcept {
    if (!channel_ && !in_time(now_s, asked_s_ + handshake_s, who_.switched_off)) end(Ending::no_time);
    if (!stands()) return std::nullopt;
    const bool late = std::ranges::any_of(sent_, [&](const Waiting& w) {
        return w.state == CommandState::waiting && !in_time(now_s, w.sent_s + answer_s, who_.switched_off);
    });
    if (late || channel_->silent(device_now(now_s))) {
        end(Ending::no_time);
        return std::nullopt;
    }
    if (now_s < spoke_s_ + alive_s) return std::nullopt;
    const auto alive = sealed(Alive{}, true, now_s);
    if (!alive) return std::nullopt;
    return alive->frame;
}

std::optional<SealedIn> ClientEnd::close(std::uint64_t now_s) noexcept {
    if (!stands() || closing_) return std::nullopt;
    SealedIn frame{.session = session_, .body = {}};
    if (!channel_->seal(Bye{}, device_now(now_s), frame.body)) {
        end(Ending::used_up);
        return std::nullopt;
    }
    closing_ = true;
    return frame;
}

void ClientEnd::on_bye(const Bye& bye) noexcept {
    for (Waiting& one : sent_)
        if (one.state == CommandState::waiting && one.sequence > bye.header.received)
            one.state = CommandState::not_done;
    end(bye.ending);
}

void ClientEnd::end(Ending why) noexcept {
    if (!over_) over_ = why;
    own_.wipe();
    for (Waiting& one : sent_)
        if (one.state == CommandState::waiting) one.state = CommandState::unknown;
}

CommandState ClientEnd::state(std::uint64_t sequence) const noexcept {
    const auto found = std::ranges::find(sent_, sequence, &Waiting::sequence);
    return found == sent_.end() ? CommandState::unknown : found->state;
}

std::size_t ClientEnd::waiting() const noexcept {
    return static_cast<std::size_t>(std::ranges::count(sent_, CommandState::waiting, &Waiting::state));
}

ClientEnd::Waiting* ClientEnd::waiting_for(std::uint64_t sequence) noexcept {
    const auto found = std::ranges::find_if(
        sent_, [&](const Waiting& w) { return w.sequence == sequence && w.state == CommandState::waiting; });
    return found == sent_.end() ? nullptr : &*found;
}

bool ClientEnd::answer_alive(std::uint64_t now_s) noexcept {
    const auto asked = std::ranges::find(sent_, true, &Waiting::alive);
    if (asked == sent_.end()) return false;
    clock_.answered(channel_->last_heard().tick, asked->sent_s, now_s);
    sent_.erase(asked);
    return true;
}

}  // namespace basalt::link
