#include "device/link/device_end.h"

namespace basalt::link {

std::optional<Drop> DeviceEnd::objection(const Hello& hello, const Identifier& device,
                                         std::uint32_t switched_off) noexcept {
    const auto frame = HandshakeFrames::decode(hello.body.view());
    const auto* asked = frame ? std::get_if<HelloBody>(&*frame) : nullptr;
    if (asked == nullptr) return Drop::not_a_message;
    if (asked->version != session_version) return Drop::wrong_version;
    const Addresses wanted{asked->addresses.source, device};
    if (!is_addressed(wanted, asked->addresses, switched_off)) return Drop::not_this_device;
    return std::nullopt;
}

std::expected<DeviceEnd::Begun, Drop> DeviceEnd::begin(const Hello& hello, const Identifier& device, Signer& signer,
                                                       Chance& chance, Tick now, std::uint32_t switched_off) noexcept {
    if (const auto fault = objection(hello, device, switched_off)) return std::unexpected{*fault};
    const auto frame = HandshakeFrames::decode(hello.body.view());
    const auto* asked = std::get_if<HelloBody>(&*frame);

    Secret own;
    if (!chance.fill(own.bytes())) return std::unexpected{Drop::no_key};
    const auto share = share_of(own);
    const auto shared = agree(own, asked->share);
    if (!share || !shared) return std::unexpected{Drop::no_key};

    AnswerBody body{.share = *share, .now = now, .key = signer.key(), .certificate = signer.certificate(), .proof = {}};
    const Digest transcript = transcript_of(hello.session, *asked, body);
    const auto proof = signer.sign(proof_digest(transcript));
    if (!proof) return std::unexpected{Drop::cannot_sign};
    body.proof = *proof;

    const Identifier client = asked->addresses.source;
    auto channel = Channel::make({.self = device, .peer = client, .session = hello.session, .outgoing = Way::out},
                                 *shared, transcript, now, switched_off);
    if (!channel) return std::unexpected{Drop::no_key};
    Answer answer{.session = hello.session, .body = {}};
    answer.body.assign(HandshakeFrames::encode(body).view());
    return Begun{DeviceEnd{std::move(*channel), hello.session, client, transcript}, answer};
}

Answer DeviceEnd::refuse(std::uint32_t session, Drop why) noexcept {
    // What the client cannot be told has no place on the wire: it hears that the pump was not willing.
    const HelloRefused refused{.why = is_known(why) ? why : Drop::not_willing};
    Answer answer{.session = session, .body = {}};
    answer.body.assign(HandshakeFrames::encode(refused).view());
    return answer;
}

template <class M>
std::optional<SealedOut> DeviceEnd::sealed(M message, bool last, Tick now) noexcept {
    SealedOut frame{.session = session_, .last = last, .body = {}};
    if (channel_.seal(message, now, frame.body)) return frame;
    over_ = Ending::used_up;
    return std::nullopt;
}

DeviceEnd::Taken DeviceEnd::take(const SealedIn& frame, Tick now) noexcept {
    if (over_) return {.command = {}, .answer = {}, .dropped = Drop::session_over};
    auto message = channel_.open(frame.body, now);
    if (!message) {
        const Drop why = message.error();
        Taken taken{.command = {}, .answer = {}, .dropped = why};
        if (row_of(why).ends) taken.answer = end(why == Drop::too_late ? Ending::no_time : Ending::fault, now);
        return taken;
    }
    if (const auto* command = std::get_if<Command>(&*message))
        return {.command = Asked{command->header.sequence, command->body}, .answer = {}, .dropped = {}};
    if (std::holds_alternative<Alive>(*message))
        return {.command = {}, .answer = sealed(Alive{}, true, now), .dropped = {}};
    if (const auto* bye = std::get_if<Bye>(&*message))
        return {.command = {}, .answer = end(bye->ending, now), .dropped = {}};
    return {.command = {}, .answer = {}, .dropped = Drop::out_of_place};
}

std::optional<SealedOut> DeviceEnd::reply(std::uint64_t sequence, Outcome outcome, ByteView body, bool last,
                                          Tick now) noexcept {
    CommandReply message{.header = {}, .answers = sequence, .outcome = outcome, .last = last, .body = {}};
    if (over_ || !message.body.assign(body)) return std::nullopt;
    return sealed(message, last, now);
}

std::optional<SealedOut> DeviceEnd::end(Ending why, Tick now) noexcept {
    if (over_) return std::nullopt;
    auto frame = sealed(Bye{.header = {}, .ending = why}, true, now);
    over_ = why;
    return frame;
}

std::optional<Ending> DeviceEnd::over(Tick now) const noexcept {
    if (!over_ && channel_.silent(now)) return Ending::no_time;
    return over_;
}

}  // namespace basalt::link
