#include "device/boot/children.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <signal.h>
#include <utility>

namespace basalt::boot {
namespace {

struct Pair {
    Descriptor one, other;
};

Pair channel() noexcept {
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) return {};
    return {Descriptor{ends[0]}, Descriptor{ends[1]}};
}

/// One byte and the descriptor. It does not wait: a firmware that takes nothing loses its network, and no tick.
bool hand_over(int to, int descriptor) noexcept {
    std::uint8_t byte = 1;
    iovec part{&byte, 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    return ::sendmsg(to, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == 1;
}

void stop(pid_t& process) noexcept {
    if (process < 0) return;
    ::kill(process, SIGKILL);
    while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
    }
    process = -1;
}

void bury(pid_t& process) noexcept {
    if (process >= 0 && ::waitpid(process, nullptr, WNOHANG) == process) process = -1;
}

}  // namespace

Children::~Children() {
    stop(gateway_);
    stop(firmware_);
}

bool Children::start(Choice choice, bool network_isolated) noexcept {
    const Descriptor dose = std::move(needs_.dose);  // closed at the end of this function, whatever comes of it
    if (!choice.firmware_image) return false;
    gateway_refused_ = !choice.gateway_image;
    if (choice.gateway_image) gateway_image_ = std::move(choice.gateway_image->image);

    Pair frames = channel();
    Pair hand_overs = channel();
    if (!frames.one || !hand_overs.one) return false;
    const std::array arguments{needs_.flash, needs_.tcti};
    const std::array given{dose.get(), frames.one.get(), hand_overs.other.get()};
    const auto firmware =
        launch(choice.firmware_image->image, {.name = "basalt-firmware", .arguments = arguments, .given = given});
    if (!firmware) return false;
    firmware_ = *firmware;
    hand_over_ = std::move(hand_overs.one);

    if (!gateway_refused_ && !network_isolated) start_gateway(frames.other);
    return true;
}

bool Children::start_gateway(const Descriptor& frames) noexcept {
    const std::array given{frames.get(), needs_.radio.get()};
    const auto gateway = launch(*gateway_image_, {.name = "basalt-gateway", .given = given});
    if (gateway) gateway_ = *gateway;
    return gateway.has_value();
}

Children::Watch Children::watch(bool network_isolated) noexcept {
    bury(firmware_);
    bury(gateway_);
    if (firmware_ < 0 || network_isolated) stop(gateway_);
    if (gateway_refused_) return {hal::GatewayState::refused, false};
    if (network_isolated) return {hal::GatewayState::isolated, false};
    if (firmware_ < 0) return {hal::GatewayState::down, false};
    if (gateway_ >= 0) return {hal::GatewayState::up, false};

    const Pair frames = channel();
    if (!frames.one || !start_gateway(frames.other)) return {hal::GatewayState::down, false};
    if (!hand_over(hand_over_.get(), frames.one.get())) {
        stop(gateway_);
        return {hal::GatewayState::down, false};
    }
    return {hal::GatewayState::up, true};
}

}  // namespace basalt::boot
