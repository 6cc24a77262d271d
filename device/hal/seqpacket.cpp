#include "device/hal/seqpacket.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <unistd.h>

namespace basalt::hal {
namespace {
// Room for more than we take: what exceeds most_descriptors must be received to be closed.
constexpr std::size_t received_at_most = 8;
union ControlBuffer {
    cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * received_at_most)];
};

void take_descriptors(msghdr& message, std::array<Descriptor, most_descriptors>& into) noexcept {
    std::size_t taken = 0;
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof fd);
            Descriptor owned{fd};  // closed at once when there is no room for it
            if (taken < into.size()) into[taken++] = static_cast<Descriptor&&>(owned);
        }
    }
}
}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        if (fd_ >= 0) ::close(fd_);
        fd_ = other.release();
    }
    return *this;
}
Descriptor::~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
}
int Descriptor::release() noexcept {
    const int fd = fd_;
    fd_ = -1;
    return fd;
}

bool Seqpacket::send_with(ByteView frame, std::span<const int> descriptors) noexcept {
    if (!open() || frame.empty() || frame.size() > max_frame_size || descriptors.size() > most_descriptors)
        return false;
    iovec bytes{const_cast<std::uint8_t*>(frame.data()), frame.size()};  // sendmsg reads it only
    ControlBuffer control{};
    msghdr message{};
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    if (!descriptors.empty()) {
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
        cmsghdr* part = CMSG_FIRSTHDR(&message);
        part->cmsg_level = SOL_SOCKET;
        part->cmsg_type = SCM_RIGHTS;
        part->cmsg_len = CMSG_LEN(descriptors.size_bytes());
        std::memcpy(CMSG_DATA(part), descriptors.data(), descriptors.size_bytes());
    }
    ssize_t sent = -1;
    do sent = ::sendmsg(end_.get(), &message, MSG_NOSIGNAL | (full_ == Wait::no ? MSG_DONTWAIT : 0));
    while (sent < 0 && errno == EINTR);
    return sent == static_cast<ssize_t>(frame.size());
}

Received Seqpacket::receive(std::span<std::uint8_t> buffer, Wait wait) noexcept {
    return receive_some(buffer, wait, false);
}
Received Seqpacket::receive_with(std::span<std::uint8_t> buffer, Wait wait) noexcept {
    return receive_some(buffer, wait, true);
}

Received Seqpacket::receive_some(std::span<std::uint8_t> buffer, Wait wait, bool with_descriptors) noexcept {
    Received received;
    if (!open()) return received;
    iovec bytes{buffer.data(), buffer.size()};
    ControlBuffer control{};
    msghdr message{};
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    // Without a control buffer the kernel itself drops descriptors that come along.
    if (with_descriptors) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
    }
    ssize_t size = -1;
    do size = ::recvmsg(end_.get(), &message, MSG_CMSG_CLOEXEC | (wait == Wait::no ? MSG_DONTWAIT : 0));
    while (size < 0 && errno == EINTR);
    if (size < 0) {
        received.arrival = errno == EAGAIN || errno == EWOULDBLOCK ? Arrival::nothing : Arrival::ended;
        return received;
    }
    if (with_descriptors) take_descriptors(message, received.descriptors);
    if (size == 0)
        return received;  // the end: an empty packet is never sent, so a neighbour that sends one ends itself
    received.arrival = (message.msg_flags & MSG_TRUNC) != 0 ? Arrival::too_long : Arrival::frame;
    received.size = received.arrival == Arrival::frame ? static_cast<std::size_t>(size) : 0;
    return received;
}

std::expected<SeqpacketPair, int> make_seqpacket_pair() noexcept {
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return std::unexpected{errno};
    return SeqpacketPair{Descriptor{ends[0]}, Descriptor{ends[1]}};
}

std::uint32_t wait_readable(std::span<const int> ends, int timeout_ms) noexcept {
    std::array<pollfd, 8> polled{};
    if (ends.size() > polled.size()) return 0;
    for (std::size_t i = 0; i < ends.size(); ++i) polled[i] = {ends[i], POLLIN, 0};
    int ready = -1;
    do ready = ::poll(polled.data(), ends.size(), timeout_ms);
    while (ready < 0 && errno == EINTR);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; ready > 0 && i < ends.size(); ++i)
        if (polled[i].revents != 0) bits |= 1U << i;
    return bits;
}

}  // namespace basalt::hal
