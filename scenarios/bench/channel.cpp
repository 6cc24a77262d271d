#include "scenarios/bench/channel.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace basalt::bench {

Result<std::pair<Descriptor, Descriptor>> channel_pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return fail(ErrorCode::io, "No channel between two programs could be opened: too many files are open.",
                    "Close other programs, or raise the limit (ulimit -n).");
    return std::pair{Descriptor{ends[0]}, Descriptor{ends[1]}};
}

bool Channel::send(ByteView frame, std::span<const int> descriptors) noexcept {
    constexpr std::size_t most = 4;
    if (!end_ || frame.empty() || descriptors.size() > most) return false;
    iovec bytes{const_cast<std::uint8_t*>(frame.data()), frame.size()};  // sendmsg's type; it only reads
    alignas(cmsghdr) std::array<char, CMSG_SPACE(most * sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    if (!descriptors.empty()) {
        message.msg_control = control.data();
        message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
        std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
    }
    ssize_t sent = 0;
    do {
        sent = ::sendmsg(end_.number(), &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == static_cast<ssize_t>(frame.size());
}

Channel::Event Channel::receive(Received& into) noexcept {
    for (;;) {
        const ssize_t got = ::recv(end_.number(), into.data.data(), into.data.size(), MSG_DONTWAIT | MSG_TRUNC);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Event::nothing;
        if (got <= 0) return Event::ended;  // an empty packet means the end too: no frame is empty
        if (static_cast<std::size_t>(got) > into.data.size()) continue;
        into.size = static_cast<std::size_t>(got);
        return Event::frame;
    }
}

bool Channel::wait(int at_most_ms) const noexcept {
    pollfd event{end_.number(), POLLIN, 0};
    int got = 0;
    do {
        got = ::poll(&event, 1, at_most_ms);
    } while (got < 0 && errno == EINTR);
    return got > 0;
}

}  // namespace basalt::bench
