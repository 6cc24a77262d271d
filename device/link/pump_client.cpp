#include "device/link/pump_client.h"

#include "device/link/drop.h"
#include "device/link/frame_channel.h"

#include <utility>

namespace basalt::link {
namespace {

std::unexpected<Error> told(const Drop& drop) {
    return fail(ErrorCode::refused, std::string{row_of(drop).english}, "Connect again.");
}

}  // namespace

Result<PumpClient> PumpClient::open(std::uint16_t port, const ClientPapers& papers, Clocks clocks, Chance& chance,
                                    std::uint32_t switched_off) {
    auto tls = TlsClient::connect(port, papers, clocks.unix_s);
    if (!tls) return std::unexpected{tls.error()};
    auto end = std::make_unique<ClientEnd>(ClientEnd::Who{
        .self = papers.client, .device = papers.device, .identity = papers.identity, .switched_off = switched_off});
    PumpClient client{std::move(*tls), std::move(end), std::move(clocks)};
    if (auto begun = client.begin(chance); !begun) return std::unexpected{begun.error()};
    return client;
}

Result<void> PumpClient::begin(Chance& chance) {
    const std::uint64_t asked_s = clocks_.now_s();
    const auto hello = end_->hello(chance, asked_s);
    if (!hello) return fail(ErrorCode::io, "This computer gave no random number.", "Try again.");
    if (auto sent = tls_.send(LinkFrames::encode(*hello).view()); !sent) return sent;
    while (clocks_.now_s() <= asked_s + handshake_s) {
        const auto frame = tls_.receive(500);
        if (!frame) return std::unexpected{frame.error()};
        if (frame->empty()) continue;
        const auto decoded = LinkFrames::decode(*frame);
        const auto* answer = decoded ? std::get_if<Answer>(&*decoded) : nullptr;
        if (answer == nullptr) continue;  // of another session, or noise: the gateway may say what it likes
        if (const auto dropped = end_->on_answer(*answer, clocks_.now_s())) return told(*dropped);
        return {};
    }
    return fail(ErrorCode::io, "The pump did not answer in time.", "Try again in a few seconds.");
}

Result<PumpClient::Reply> PumpClient::command(ByteView body, const OnPart& on_part) {
    if (body.size() > max_command_size)
        return fail(ErrorCode::usage, "The command is longer than any that the pump takes.", "Send a shorter one.");
    const auto sent = end_->command(body, clocks_.now_s());
    if (!sent) return fail(ErrorCode::refused, "There is no session with the pump any more.", "Connect again.");
    Reply reply{.sequence = sent->sequence, .state = CommandState::waiting, .bodies = {}};
    if (const auto handed = tls_.send(LinkFrames::encode(sent->frame).view()); !handed) {
        end_->not_sent(sent->sequence);
        return std::unexpected{handed.error()};
    }
    while (end_->state(reply.sequence) == CommandState::waiting)
        if (!hear(500, &reply, on_part)) break;  // the connection is over; what became of the command, its state says
    reply.state = end_->state(reply.sequence);
    return reply;
}

Result<void> PumpClient::on_time() { return hear(0, nullptr); }

/// Takes all that has come, and what time asks for.
Result<void> PumpClient::hear(int timeout_ms, Reply* waiting, const OnPart& on_part) {
    for (auto frame = tls_.receive(timeout_ms);; frame = tls_.receive(0)) {
        if (!frame) {
            end_->lost();
            return std::unexpected{frame.error()};
        }
        if (frame->empty()) break;
        const auto decoded = LinkFrames::decode(*frame);
        const auto* sealed = decoded ? std::get_if<SealedOut>(&*decoded) : nullptr;
        if (sealed == nullptr) continue;
        const auto taken = end_->take(*sealed, clocks_.now_s());
        if (taken.reply && waiting != nullptr && taken.reply->answers == waiting->sequence) {
            const ByteView body = taken.reply->body.view();
            waiting->bodies.emplace_back(body.begin(), body.end());
            if (on_part) on_part(waiting->bodies.back());
        }
    }
    if (const auto alive = end_->on_time(clocks_.now_s()))
        if (auto sent = tls_.send(LinkFrames::encode(*alive).view()); !sent) {
            end_->lost();
            return sent;
        }
    if (end_->over()) return fail(ErrorCode::refused, "The session with the pump is over.", "Connect again.");
    return {};
}

void PumpClient::close() noexcept {
    if (const auto bye = end_->close(clocks_.now_s())) (void)tls_.send(LinkFrames::encode(*bye).view());
}

}  // namespace basalt::link
