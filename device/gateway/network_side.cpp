#include "device/gateway/network_side.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <string>

namespace basalt::gateway {
namespace {

/// Read from one connection before the others are heard: a flood on one does not keep them waiting.
constexpr std::size_t bytes_a_turn = 16 * 1024;
/// Accepted in one turn, for the same reason.
constexpr int accepted_a_turn = 16;

Der der_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

NetworkSide::NetworkSide(hal::Descriptor listener, hal::Port& firmware, Say say)
    : listener_(std::move(listener)), firmware_(firmware), say_(std::move(say)) {}

// ---- this boot's certificate ----

void NetworkSide::ask(Tick now) {
    if (!key_) {
        auto key = TlsKey::make();
        if (!key) {
            if (!asked_at_) say_(key.error().what + " " + key.error().next_step);
            asked_at_ = now;
            return;
        }
        key_.emplace(std::move(*key));
    }
    asked_at_ = now;
    (void)firmware_.send(link::LinkFrames::encode(link::Certify{key_->point()}).view());  // asked again when it is lost
}

void NetworkSide::on_certified(const link::Certified& certified, Tick now) {
    if (!key_) return;
    if (certified.refusal.size != 0) {
        // What the firmware says is a sentence; what it is made of is checked like anybody's.
        std::string words{certified.refusal.view().begin(), certified.refusal.view().end()};
        std::ranges::replace_if(words, [](char c) { return c < 0x20 || c > 0x7e; }, '?');
        return say_("No certificate, so nobody is let in from the network: " + words);
    }
    const std::array chain{der_of(certified.leaf.view()), der_of(certified.identity.view())};
    const std::array authorities{der_of(certified.client_authority.view())};
    auto server = TlsServer::make(*key_, chain, authorities);
    if (!server) return say_(server.error().what + " " + server.error().next_step);
    server_.emplace(std::move(*server));
    key_.reset();
    asked_at_.reset();
    certified_at_ = now;
    date_ = certified.now_unix_s;
}

// ---- sockets ----

void NetworkSide::wants(std::span<pollfd, poll_count> out) const noexcept {
    out[0] = {server_ ? listener_.get() : -1, POLLIN, 0};
    for (std::size_t i = 0; i < peers_.size(); ++i) {
        const auto& peer = peers_[i];
        const bool writes = peer && !peer->tls.outgoing().empty();
        out[1 + i] = {peer ? peer->socket.get() : -1, static_cast<short>(writes ? POLLIN | POLLOUT : POLLIN), 0};
    }
}

void NetworkSide::serve(std::span<const pollfd, poll_count> found, Tick now) {
    for (std::size_t i = 0; i < peers_.size(); ++i)
        if (peers_[i] && peers_[i]->socket.get() == found[1 + i].fd && found[1 + i].revents != 0) hear(*peers_[i], now);
    for (auto& peer : peers_)
        if (peer) flush(*peer, now);
    bury(now);
    if (found[0].revents != 0) accept_all(now);
}

void NetworkSide::accept_all(Tick now) {
    for (int i = 0; i < accepted_a_turn; ++i) {
        hal::Descriptor socket{::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
        if (!socket) return;  // nobody is there any more, or has gone again
        auto* const free = place(now);
        if (free == nullptr) {
            count(TlsRefusal::crowded_out);
            continue;
        }
        const auto number = static_cast<Connection>(free - peers_.data());
        const auto date = date_ + static_cast<std::int64_t>(now.seconds - certified_at_.seconds);
        free->emplace(*this, number, std::move(socket), date, now);
    }
}

std::optional<NetworkSide::Peer>* NetworkSide::place(Tick now) {
    const auto free = std::ranges::find_if(peers_, [](const auto& peer) { return !peer; });
    if (free != peers_.end()) return &*free;
    std::optional<Peer>* oldest = nullptr;
    for (auto& peer : peers_)
        if (!peer->tls.open() && (oldest == nullptr || peer->began < (*oldest)->began)) oldest = &peer;
    if (oldest == nullptr) return nullptr;
    flush(**oldest, now);
    count(TlsRefusal::crowded_out);
    gateway_->gone((*oldest)->inside.number);
    oldest->reset();
    return oldest;
}

void NetworkSide::hear(Peer& peer, Tick now) {
    std::array<std::uint8_t, 4'096> bytes;
    for (std::size_t heard = 0; heard < bytes_a_turn && !peer.tls.over();) {
        const ssize_t count = ::recv(peer.socket.get(), bytes.data(), bytes.size(), 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        if (count <= 0) return peer.tls.ended();
        peer.tls.receive(ByteView{bytes}.first(static_cast<std::size_t>(count)), now);
        heard += static_cast<std::size_t>(count);
    }
}

void NetworkSide::flush(Peer& peer, Tick now) noexcept {
    for (ByteView out = peer.tls.outgoing(); !out.empty(); out = peer.tls.outgoing()) {
        const ssize_t count = ::send(peer.socket.get(), out.data(), out.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        if (count <= 0) return peer.tls.ended();
        peer.tls.sent(static_cast<std::size_t>(count), now);
    }
}

void NetworkSide::bury(Tick now) {
    for (auto& peer : peers_) {
        if (!peer || !peer->tls.over()) continue;
        flush(*peer, now);  // the alert that says why, once
        // What the peer still sends is taken no more; without this the kernel would answer it by tearing the alert up.
        ::shutdown(peer->socket.get(), SHUT_WR);
        std::array<std::uint8_t, 4'096> unread;
        for (int i = 0; i < 8 && ::recv(peer->socket.get(), unread.data(), unread.size(), 0) > 0; ++i) {
        }
        count(*peer->tls.over());
        gateway_->gone(peer->inside.number);
        peer.reset();
    }
    tell_refused(now);
}

bool NetworkSide::send(Connection to, ByteView frame) noexcept {
    if (to >= peers_.size() || !peers_[to]) return false;
    return peers_[to]->tls.send(frame);  // flushed when poll() says that the socket takes it
}

bool NetworkSide::Inside::send(ByteView frame) noexcept {
    side.gateway_->on_network(number, frame);
    return true;
}

// ---- time, and what is told ----

void NetworkSide::on_second(Tick now) {
    const bool due = !server_ || now >= certified_at_ + renew_after;
    if (due && (!asked_at_ || now >= *asked_at_ + ask_again_after)) ask(now);
    for (auto& peer : peers_)
        if (peer) peer->tls.on_tick(now);
    bury(now);
}

void NetworkSide::count(TlsRefusal why) noexcept {
    if (why == TlsRefusal::closed) return;
    auto& refused = refused_[std::to_underlying(why)];
    if (refused.count < UINT32_MAX) ++refused.count;
}

void NetworkSide::tell_refused(Tick now) {
    for (std::size_t i = 0; i < refused_.size(); ++i) {
        Refused& refused = refused_[i];
        if (refused.count == 0 || (refused.told_at && now < *refused.told_at + tell_every)) continue;
        const link::NetworkRefusal frame{static_cast<std::uint8_t>(i), refused.count};
        if (!firmware_.send(link::LinkFrames::encode(frame).view())) return;  // it takes nothing now: the number waits
        say_(std::to_string(refused.count) + " x " + std::string{link::row_of(static_cast<TlsRefusal>(i)).english});
        refused.count = 0;
        refused.told_at = now;
    }
}

}  // namespace basalt::gateway
